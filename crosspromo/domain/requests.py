"""What a person asks to be queued: one post of one kind, for any number of accounts.

`PostRequest` is closed, and each kind has the fields that make sense for it: a notice without a
reason, or a post of our own with neither words nor a template, cannot be written. Partners and
events are named by slug. `at` is aware, in UTC; None means the next free slot of each account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from crosspromo.domain.errors import InputError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import BadAddress, BadVariable, PersonUnnamed, ReasonMissing


def given_reason(reason: str, act: Act) -> str:
    """The reason that a person gives for an act, without spaces around it; InputError where it is
    blank.
    """
    words = reason.strip()
    if not words:
        raise InputError(ReasonMissing(act))
    return words


def given_name(name: str) -> str:
    """The name of an author or of somebody who acts; InputError where it is blank."""
    if not name.strip():
        raise InputError(PersonUnnamed())
    return name


def _check_names(variables: Mapping[str, str]) -> None:
    for name in variables:
        if not name.isidentifier():
            raise InputError(BadVariable(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """What every kind of post has.

    `author` is the name of the person who writes it, and who may not approve it. `title` is for
    networks that have titles. `allow_duplicate` is the reason why an account may say again what it
    said lately; None where it may not. InputError where a name or a reason is blank.
    """

    author: str
    at: datetime | None = None
    title: str | None = None
    allow_duplicate: str | None = None

    def __post_init__(self) -> None:
        given_name(self.author)
        if self.allow_duplicate is not None:
            given_reason(self.allow_duplicate, Act.ALLOW_DUPLICATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotlight(_Request):
    """A post about a partner. `template` names another template than the kind's own; `paid`: the
    partner paid for it; `thread`: a text too long for one post may become several.
    """

    partner: str
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    images: tuple[Image, ...] = ()
    link: str | None = None
    thread: bool = False
    paid: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        _check_names(self.variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPost(_Request):
    """A post about an event, ours or a partner's; the other fields as for a spotlight."""

    event: str
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    link: str | None = None
    thread: bool = False
    paid: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        _check_names(self.variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshare(_Request):
    """A partner's post at the address `url`, shared on; `quote` is what to say with it."""

    partner: str
    url: str
    quote: str | None = None
    paid: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        if not self.url.startswith(("https://", "http://")):
            raise InputError(BadAddress(self.url))


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a post as a person wrote it."""

    text: str


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """The text that the template of this name makes, such as `own/thanks`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost(_Request):
    """A post about ourselves; the other fields as for a spotlight."""

    says: Words | FromTemplate
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    images: tuple[Image, ...] = ()
    link: str | None = None
    thread: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        _check_names(self.variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(_Request):
    """A public-safety or holiday notice, which counts for neither side; `reason` says why."""

    text: str
    reason: str
    link: str | None = None
    thread: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        given_reason(self.reason, Act.NOTICE)


PostRequest = Spotlight | EventPost | Reshare | OwnPost | Notice
