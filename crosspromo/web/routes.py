"""Routes: every address of the console as data, with the role that it asks for.

A module of `pages/` has its routes in a tuple ROUTES; `table` finds the modules by itself. Tests
walk the table, so that no page or act is forgotten.
"""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, Literal

from crosspromo.domain.people import Role

if TYPE_CHECKING:
    from types import ModuleType

    from crosspromo.services.sending_state import SendingState
    from crosspromo.web.visit import Visit

FORM_BYTES: Final = 256_000
"""Largest body of a form, in bytes."""

LARGEST_ID: Final = 2**31 - 1
"""Largest number in an address: no database has a larger id."""

JSON_SUFFIX: Final = ".json"


class Theme(StrEnum):
    """Colours of the pages in one browser."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Page:
    """Page to be shown: a template of `templates/` with its values, and the same as JSON.

    `title` stands in the browser's tab. `words` is the module of `words/` with the page's own
    words. `document` makes the JSON; a page of a route without JSON has none. `command` is the same
    on the command line, without the program's name. `told` are sentences about an act that was
    refused: they stand at the top of the page. `sending` is the state for the sending strip, where
    the page knows it already.
    """

    template: str
    title: str
    words: "ModuleType"
    values: Mapping[str, Any] = field(default_factory=dict)
    document: Callable[[], object] | None = None
    command: str = ""
    told: Sequence[str] = ()
    status: int = 200
    sending: "SendingState | None" = None


@dataclass(frozen=True, slots=True)
class Done:
    """Act that is done: the browser goes on to the address `to` of the console (303).

    `told` are sentences for the top of the next page. `session` is the token of a session that has
    begun, or of a visitor after its end; None: it goes on. `theme` is the theme that this browser
    shall have from now on.
    """

    to: str
    told: Sequence[str] = ()
    session: str | None = None
    theme: Theme | None = None


@dataclass(frozen=True, slots=True)
class File:
    """File to be downloaded, or an image of a page (`name` None)."""

    content: bytes
    media_type: str
    name: str | None = None


Answer = Page | Done | File
View = Callable[["Visit"], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """Address of a page (GET) or of an act (POST).

    `role` is the least role that may see or do it; None: anybody, without signing in. `section` is
    the path of the entry of the navigation under which it stands. `is_by_link`: the address holds a
    token that is the whole secret, so that there is no session, cookie, form token nor navigation.
    """

    path: str
    view: View
    role: Role | None
    method: Literal["GET", "POST"] = "GET"
    has_json: bool = False
    is_fragment: bool = False
    section: str = ""
    largest_body: int = FORM_BYTES
    is_by_link: bool = False

    @property
    def name(self) -> str:
        """Name for messages and tests: `GET /posts/{post}`."""
        return f"{self.method} {self.path}"


def page(path: str, view: View, role: Role | None = Role.READER, *, section: str = "") -> Route:
    """Route of a page that is also a JSON document, at the same path with `.json`."""
    return Route(path, view, role, has_json=True, section=section)


def form(path: str, view: View, role: Role | None, *, section: str = "") -> Route:
    """Route of a page with a form, or of a file, without JSON."""
    return Route(path, view, role, section=section)


def fragment(path: str, view: View, role: Role | None = Role.READER) -> Route:
    """Route of a part of a page, for scripts: its template stands alone, without the frame."""
    return Route(path, view, role, is_fragment=True)


def act(
    path: str,
    view: View,
    role: Role | None,
    *,
    section: str = "",
    largest_body: int = FORM_BYTES,
) -> Route:
    """Route of an act: a POST that ends with `Done`, or with the form and what is wrong in it."""
    return Route(path, view, role, "POST", section=section, largest_body=largest_body)


def asked(path: str, view: View, role: Role, *, largest_body: int = FORM_BYTES) -> Route:
    """Route of a part of a page that a script asks for with what was typed so far (POST)."""
    return Route(path, view, role, "POST", is_fragment=True, largest_body=largest_body)


def by_link(path: str, view: View, method: Literal["GET", "POST"] = "GET") -> Route:
    """Route whose address holds a secret token, for people without an account."""
    return Route(path, view, None, method, is_by_link=True)


@cache
def table() -> tuple[Route, ...]:
    """All routes, of the modules of `pages/` in order of their names."""
    from crosspromo.web import pages  # noqa: PLC0415 (pages import this module)

    names = sorted(module.name for module in pkgutil.iter_modules(pages.__path__))
    modules = [import_module(f"{pages.__name__}.{name}") for name in names]
    return tuple(route for module in modules for route in module.ROUTES)


def has_page(path: str) -> bool:
    """Whether a page has exactly this path: the navigation shows no page that is not there."""
    return any(route.path == path and route.method == "GET" for route in table())
