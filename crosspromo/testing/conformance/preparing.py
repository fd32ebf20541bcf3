"""Conformance tests before a send: import, preparation, and content of the payload."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from crosspromo.connectors.base import Prepared
from crosspromo.testing.conformance.subject import CannotError
from crosspromo.testing.conformance.trial import Trial, now, text

_LOADED = "print(*{name.partition('.')[0] for name in sys.modules})"


class Preparing(Trial):
    """`prepare` makes the exact send without using a network, in a form that can be stored."""

    def test_naming_the_network_loads_no_library_of_its_own(self) -> None:
        entry = self.subject.entry_point
        if entry is None:
            raise CannotError("the subject names no entry point")
        module = entry.partition(":")[0]
        allowed = _loaded_by("crosspromo.connectors.base") | sys.stdlib_module_names
        heavy = _loaded_by(module) - allowed - {module.partition(".")[0]}
        assert not heavy, f"importing {module} loads {sorted(heavy)}: import them in `connect`"

    def test_preparing_uses_no_network(self) -> None:
        content = self.subject.content(text())
        account = self.ready(content)
        with _calls_noted() as calls:
            account.prepare(content, now())
        assert not calls, f"`prepare` opens connections ({calls[0]}): that belongs to `ready`"

    def test_what_is_ready_at_once_asks_no_network(self) -> None:
        if not self.capabilities.ready_at_once:
            raise CannotError("the capabilities do not say `ready_at_once`")
        account = self.connect()
        with _calls_noted() as calls:
            account.ready(self.subject.content(text()))
        assert not calls, f"`ready` opens connections ({calls[0]}), and says that it is quick"

    def test_what_is_local_sends_on_this_machine(self) -> None:
        if not self.capabilities.local:
            raise CannotError("the capabilities do not say `local`")
        content = self.subject.content(text())
        account = self.ready(content)
        prepared = self.prepare(account, content)
        with _calls_noted() as calls:
            account.send(prepared)
        assert not calls, f"`send` opens connections ({calls[0]}), and says that it is local"

    def test_what_is_prepared_survives_the_database(self) -> None:
        content = self.subject.content(text())
        prepared = self.ready(content).prepare(content, now())
        assert isinstance(prepared, Prepared), "`prepare` answers with a Prepared"
        payload = dict(prepared.payload)
        stored = json.loads(json.dumps(payload))
        assert stored == payload, "the payload is not the same after a way through JSON"

    def test_a_token_tells_sends_apart(self) -> None:
        contents = [self.subject.content(text(number)) for number in (1, 2, 3)]
        account = self.ready(contents[0])
        tokens = [account.prepare(content, now()).token for content in contents]
        assert all(tokens), "a token is empty"
        assert len(set(tokens)) == len(tokens), "two different posts have the same token"

    def test_what_is_stored_holds_no_secret(self) -> None:
        content = self.subject.content(text())
        stored = repr(self.ready(content).prepare(content, now()))
        told = [
            name for name in self.subject.secret_names if self.subject.credentials[name] in stored
        ]
        assert not told, f"the payload holds the secrets {told}: it is stored in the clear"


def _loaded_by(module: str) -> set[str]:
    """Top-level packages in memory after a fresh interpreter has imported the module."""
    program = f"import sys, {module}\n{_LOADED}"
    path = os.pathsep.join(place for place in sys.path if place)
    done = subprocess.run(  # noqa: S603 (our own interpreter, and a name from the test itself)
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 0, f"{module} cannot be imported: {done.stderr.strip()[-500:]}"
    return set(done.stdout.split())


_listening = threading.Lock()
_notes: list[list[str]] = []
_hooked: list[bool] = []


def _note(event: str, arguments: tuple[object, ...]) -> None:
    if _notes and event in {"socket.connect", "socket.getaddrinfo"}:
        _notes[-1].append(f"{event} {arguments[-1] if event == 'socket.connect' else arguments[0]}")


@contextmanager
def _calls_noted() -> Iterator[list[str]]:
    """List of connections opened and names resolved by this process within the block."""
    with _listening:
        if not _hooked:  # a hook cannot be taken out again, so there is one, and it sleeps
            sys.addaudithook(_note)
            _hooked.append(True)
        _notes.append([])
        try:
            yield _notes[-1]
        finally:
            _notes.pop()
