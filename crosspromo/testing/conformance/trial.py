"""Base of all conformance tests: subject, connectors, and rules for every call.

Every call must end in time, must not raise, and must not reveal a secret.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar
from urllib.parse import quote

from crosspromo.connectors.base import (
    AccountError,
    Capabilities,
    Connector,
    Content,
    Deletes,
    Finds,
    LookUp,
    Measured,
    Measures,
    NotRead,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
)
from crosspromo.domain.clock import SystemClock
from crosspromo.testing.conformance.subject import CannotError, Subject

T = TypeVar("T")


class Account:
    """Connector wrapped for the suite: each call is bounded, caught, and searched for secrets."""

    def __init__(self, connector: Connector, limit: timedelta, secrets: set[str]) -> None:
        self._connector = connector
        self._limit = limit
        self._secrets = secrets

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return self._call("ready", lambda: self._connector.ready(content))

    def prepare(self, content: Content, now: datetime) -> Prepared:
        return self._call("prepare", lambda: self._connector.prepare(content, now))

    def send(self, prepared: Prepared) -> Outcome:
        return self._call("send", lambda: self._connector.send(prepared))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        return self._call("look_up", lambda: self._connector.look_up(prepared, attempted_at))

    @property
    def finds(self) -> bool:
        """Whether the connector finds posts by their content."""
        return isinstance(self._connector, Finds)

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        connector = self._connector
        assert isinstance(connector, Finds), "it cannot look for posts: write `find`"
        return self._call("find", lambda: connector.find(content, since, known))

    def delete(self, receipt: Receipt) -> Removal:
        connector = self._connector
        assert isinstance(connector, Deletes), "the capabilities say `deletes`: write `delete`"
        return self._call("delete", lambda: connector.delete(receipt))

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        connector = self._connector
        assert isinstance(connector, Measures), "`measured_at_once` is set: write `measure`"
        return self._call("measure", lambda: connector.measure(remote_ids))

    def followers(self) -> int | NotRead | None:
        connector = self._connector
        assert isinstance(connector, Measures), "`measured_at_once` is set: write `followers`"
        return self._call("followers", connector.followers)

    def verify(self) -> str | AccountError:
        """Name of the account, or the AccountError that was raised."""

        def named_or_refused() -> str | AccountError:
            try:
                return self._connector.verify()
            except AccountError as refused:
                return refused

        return self._call("verify", named_or_refused)

    def close(self) -> None:
        self._connector.close()

    def _call(self, name: str, call: Callable[[], T]) -> T:
        said = _within(self._limit, name, call)
        told = [secret for secret in self._secrets if secret in f"{said!r} {said}"]
        assert not told, f"`{name}` tells a secret of the account in what it answers"
        return said


def _within(limit: timedelta, name: str, call: Callable[[], T]) -> T:
    """Result of `call`, run in a thread: an endless call must not stop the suite."""
    said: list[T] = []
    raised: list[Exception] = []

    def listen() -> None:
        try:
            said.append(call())
        except Exception as error:  # noqa: BLE001 (whatever it is: that is what is tested)
            raised.append(error)

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    thread.join(limit.total_seconds())
    assert not thread.is_alive(), (
        f"`{name}` has not ended after {limit.total_seconds():g} s: "
        "give every request a time-out, and never wait for a rate limit"
    )
    if raised:
        words = f"`{name}` raised {raised[0]!r}: answer with an outcome, Unknown where in doubt"
        raise AssertionError(words) from raised[0]
    return said[0]


class Trial:
    """Base class of all parts of the suite. pytest and `judge` call `setup_method` and
    `teardown_method`.

    Nothing here needs pytest: a test is a method that asserts, or raises CannotError to be skipped.
    """

    def make_subject(self, folder: Path) -> Subject:
        """Yours to write: create the connector and its network, new for each test."""
        raise NotImplementedError("write make_subject(self, folder): it returns your Subject")

    def setup_method(self) -> None:
        self._folder = TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True)
        self._accounts: list[Account] = []
        self._subject: Subject | None = None

    def teardown_method(self) -> None:
        for account in self._accounts:
            account.close()
        if self._subject is not None:
            self._subject.close()
        self._folder.cleanup()

    @property
    def subject(self) -> Subject:
        if self._subject is None:
            self._subject = self.make_subject(Path(self._folder.name))
        return self._subject

    @property
    def capabilities(self) -> Capabilities:
        return self.subject.network.capabilities

    def connect(
        self, *, credentials: Mapping[str, str] | None = None, hurried: bool = False
    ) -> Account:
        """New connector, as after a restart of the process. `hurried`: with a short time-out."""
        subject = self.subject
        used = subject.credentials if credentials is None else credentials
        timeout = subject.short_timeout if hurried else subject.timeout
        secrets = {used[name] for name in subject.secret_names}
        secrets |= {quote(secret, safe="") for secret in secrets}
        connector = subject.network.connect(subject.setup(used, timeout))
        account = Account(connector, timeout + subject.slack, secrets)
        self._accounts.append(account)
        return account

    def ready(self, content: Content, *, hurried: bool = False) -> Account:
        """New connector, ready to send `content`."""
        if self.capabilities.by_hand:
            raise CannotError("a person does the posting")
        account = self.connect(hurried=hurried)
        obstacle = account.ready(content)
        assert obstacle is None, f"nothing is wrong, and `ready` answers {obstacle!r}"
        return account

    def prepare(self, account: Account, content: Content) -> Prepared:
        """Result of `prepare` after a round trip through the database: its payload as JSON."""
        prepared = account.prepare(content, now())
        written = json.dumps(dict(prepared.payload))
        return Prepared(prepared.token, json.loads(written))

    def on_network(self) -> list[str]:
        return [post.text for post in self.subject.posts()]


def now() -> datetime:
    """Current time, aware. Networks use their own clocks, so time cannot stand still."""
    return SystemClock().now()


def text(number: int = 1) -> str:
    """Short text that a careless connector would change; each number has its own text."""
    return f"Notice {number}: café & <tea>, “all welcome” 🌻\nRiver Hall, 100 % free"
