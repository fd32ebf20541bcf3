"""A console that is really served, and browsers of people who are signed in to it."""

import re
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
from servers.databases import new_store

from crosspromo.daemon import run_once
from crosspromo.domain.people import Person, Role
from crosspromo.domain.requests import OwnPost, Words
from crosspromo.services.passwords import hashed
from crosspromo.services.sign_in import SESSION_LASTS
from crosspromo.services.tokens import new_token, token_hash
from crosspromo.services.tries import Tries
from crosspromo.settings import parse
from crosspromo.store.database.upgrading import upgrade
from crosspromo.store.sessions import Session
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.web.server import ConsoleServer
from crosspromo.workspace import Workspace

SETTINGS = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[database]
url = "sqlite:///store.db"

[accounts.x-main]
network = "sandbox"
imitates = "x"

[accounts.bluesky-main]
network = "sandbox"
imitates = "bluesky"
"""

PASSWORD = "three calm herons wade"
NAMES: Mapping[Role, str] = {
    Role.READER: "Rita Reader",
    Role.AUTHOR: "Amira Author",
    Role.APPROVER: "Dan Okafor",
    Role.ADMIN: "Maria Alvarez",
}
FORM_TOKEN = re.compile(r'name="form-token" value="([0-9a-f]{64})"')


@cache
def trusted() -> ssl.SSLContext:
    """What a client asks for even where nothing is encrypted; made once, since it takes a while."""
    return ssl.create_default_context()


@cache
def password_hash() -> str:
    """Hash of PASSWORD, made once: each takes a sixth of a second of the processor."""
    return hashed(PASSWORD)


class Browser:
    """A browser: it keeps cookies, and sends forms with the token of the page they are on."""

    def __init__(self, address: str, headers: Mapping[str, str] | None = None) -> None:
        self.client = httpx.Client(base_url=address, timeout=60, headers=headers, verify=trusted())

    def open(self, path: str, **options: Any) -> httpx.Response:
        """Go to an address, and on to where it leads."""
        return self.client.get(path, follow_redirects=True, **options)

    def get(self, path: str, **options: Any) -> httpx.Response:
        """Go to an address, and look at its own answer."""
        return self.client.get(path, **options)

    def form_token(self, page: str = "/") -> str:
        """The token that the forms of a page carry."""
        found = FORM_TOKEN.search(self.open(page).text)
        assert found is not None, f"{page} has no form"
        return found[1]

    def send(
        self,
        path: str,
        fields: Mapping[str, str | Sequence[str]] | None = None,
        *,
        page: str = "/",
        **options: Any,
    ) -> httpx.Response:
        """Send a form that is on `page`; its own answer comes back."""
        data = {"form-token": self.form_token(page), **(fields or {})}
        return self.client.post(path, data=data, **options)

    def sign_in(self, name: str, password: str = PASSWORD, code: str = "") -> httpx.Response:
        """Fill in the form that signs people in."""
        fields = {"name": name, "password": password, "code": code}
        return self.send("/sign-in", fields, page="/sign-in")


@dataclass
class Office:
    """A workspace with people, and its console on a port of this machine.

    Use it as a context manager.
    """

    folder: Path
    settings: str = SETTINGS
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        (self.folder / "crosspromo.toml").write_text(self.settings, encoding="utf-8")
        settings = parse(self.settings, "crosspromo.toml")
        self.workspace = Workspace(self.folder, settings, clock=self.clock)
        if "store.db" in self.settings:
            new_store(self.folder).close()
        else:
            upgrade(self.workspace.bare_store.engine)
        self._browsers: list[Browser] = []

    def __enter__(self) -> Self:
        self._server = ConsoleServer(self.workspace, "127.0.0.1", 0)
        self._server.__enter__()
        return self

    def __exit__(
        self,
        type_: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        for browser in self._browsers:
            browser.client.close()
        self._server.__exit__(type_, error, traceback)
        self.workspace.close()

    @property
    def address(self) -> str:
        """Where the console is."""
        return self._server.address

    @property
    def console_workspace(self) -> Workspace:
        """The workspace as the console follows it."""
        return self._server.workspace

    @property
    def store(self) -> Store:
        """The database behind it."""
        return self.workspace.store

    def browser(self, **headers: str) -> Browser:
        """A browser of nobody yet."""
        made = Browser(self.address, headers)
        self._browsers.append(made)
        return made

    def invite(self, role: Role, name: str | None = None) -> str:
        """Invite somebody; the path of the link."""
        people = self.workspace.services.people("tester")
        return f"/invited/{people.add(name or NAMES[role], role).token}"

    def person(self, role: Role, name: str | None = None) -> Person:
        """Somebody who has the password of all."""
        link = self.workspace.services.people("tester").add(name or NAMES[role], role)
        with self.store.write() as unit:
            assert unit.one_time_links.use(token_hash(link.token))
            unit.people.set_password(link.person.id, password_hash())
            person = unit.people.by_id(link.person.id)
        assert person is not None
        return person

    def signed_in(self, role: Role, name: str | None = None) -> Browser:
        """The browser of somebody who has just signed in."""
        browser = self.browser()
        browser.client.cookies.set("crosspromo", self.session(role, name))
        return browser

    def session(self, role: Role, name: str | None = None) -> str:
        """The cookie of somebody who has just signed in."""
        person, token, now = self.person(role, name), new_token(), self.clock.now()
        ends = now + SESSION_LASTS
        with self.store.write() as unit:
            unit.sessions.begin(Session(token_hash(token), person.id, now, ends, "", "tests"))
        return token

    def queue(self, text: str = "Hello", to: Sequence[str] = ("x-main",), **request: Any) -> int:
        """Queue a post of ours; the id of its first delivery."""
        wanted = OwnPost(**{"author": "Amira Author", "says": Words(text), **request})
        return self.workspace.services.queue_post.queue(wanted, to)[0].view.delivery.id

    def second_step(self, person: Person, secret: str, code: str) -> None:
        """Have a code asked of the person."""
        self.workspace.services.sign_in(Tries()).set_second_step(person, secret, code)

    def publish(self) -> None:
        """Do what a daemon does: send what is due, hold what the rules hold."""
        run_once(self.workspace)

    def hold(self) -> None:
        """Have what is queued judged at its time."""
        self.clock.advance(timedelta(minutes=1))
        self.publish()
