"""Post requests: one post of one kind, for any number of accounts.

`PostRequest` is a closed union. Each kind has only its meaningful fields: a notice without a
reason, or a post of our own with neither words nor a template, cannot be written. Partners and
events are named by slug. `at` is aware, in UTC; None means the next free slot of each account.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from crosspromo.domain.errors import InputError
from crosspromo.domain.permissions import Need
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import BadVariable, PersonUnnamed, ReasonMissing
from crosspromo.domain.tones import Tone
from crosspromo.domain.web_address import whole_address


def given_reason(reason: str, act: Act) -> str:
    """Act's reason, stripped of spaces; InputError for a blank reason."""
    words = reason.strip()
    if not words:
        raise InputError(ReasonMissing(act))
    return words


def given_name(name: str) -> str:
    """Author's or acting person's name; InputError for a blank name."""
    if not name.strip():
        raise InputError(PersonUnnamed())
    return name


def _checked(variables: Mapping[str, str]) -> Mapping[str, str]:
    """Values for a template, with the whole address as `link`; InputError for a bad name."""
    for name in variables:
        if not name.isidentifier():
            raise InputError(BadVariable(name))
    if not variables.get("link"):
        return variables
    return MappingProxyType({**variables, "link": whole_address(variables["link"])})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Request:
    """Common fields for every kind of post.

    `author` is the name of the person who writes the post, and who may not approve it. `title` is
    for networks that have titles. `allow_duplicate` is the reason why an account may repeat a
    recent text; None: no repetition. `markdown`: the words are Markdown, for networks that read it.
    `when_allowed`: it has no time of its own, and goes in the first free slot once the gate allows
    it. `campaign` is the slug of the one that the post belongs to. `declared` are permissions that
    it needs and that cannot be read from it: somebody quoted in words, a logo or a photo on an
    image. `tone` None is the kind's. `as_draft`: it stays a draft until a person approves it,
    whatever its accounts ask for. InputError for a blank name or a blank reason, and for a link
    that is no web address; `https://` is added to an address without it.
    """

    author: str
    at: datetime | None = None
    title: str | None = None
    allow_duplicate: str | None = None
    markdown: bool = False
    when_allowed: bool = False
    campaign: str | None = None
    declared: tuple[Need, ...] = ()
    tone: Tone | None = None
    as_draft: bool = False

    def __post_init__(self) -> None:
        given_name(self.author)
        if self.allow_duplicate is not None:
            given_reason(self.allow_duplicate, Act.ALLOW_DUPLICATE)
        link, variables = getattr(self, "link", None), getattr(self, "variables", None)
        if link is not None:
            object.__setattr__(self, "link", whole_address(link))  # frozen for all others
        if variables is not None:
            object.__setattr__(self, "variables", _checked(variables))


@dataclass(frozen=True, slots=True, kw_only=True)
class Spotlight(_Request):
    """Post about a partner.

    `template` names another template than the kind's own; `paid`: the partner paid for the post;
    `thread`: a text too long for one post may become several posts. `text` is what a person wrote
    instead of the template's text; the title stays the template's.
    """

    partner: str
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    images: tuple[Image, ...] = ()
    link: str | None = None
    thread: bool = False
    paid: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPost(_Request):
    """Post about an event, ours or a partner's; the other fields as for `Spotlight`.

    `step` names the step of a ladder that it is. Without images it shows the flyer of its event,
    unless it goes `without_image`.
    """

    event: str
    step: str | None = None
    without_image: bool = False
    template: str | None = None
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    images: tuple[Image, ...] = ()
    link: str | None = None
    thread: bool = False
    paid: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshare(_Request):
    """Reshare of a partner's post at the address `url`; `quote` is our text above it.

    InputError for a text that is no web address.
    """

    partner: str
    url: str
    quote: str | None = None
    paid: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        object.__setattr__(self, "url", whole_address(self.url))  # frozen for all others


@dataclass(frozen=True, slots=True)
class Words:
    """Post text written by a person."""

    text: str


@dataclass(frozen=True, slots=True)
class FromTemplate:
    """Post text made by a named template, such as `own/thanks`."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPost(_Request):
    """Post about ourselves; the other fields as for `Spotlight`."""

    says: Words | FromTemplate
    variables: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    images: tuple[Image, ...] = ()
    link: str | None = None
    thread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice(_Request):
    """Public-safety or holiday notice, counted for neither side; `reason` justifies the notice.

    `corrects`: it corrects what the account announced of an event, and goes as soon as it may.
    """

    text: str
    reason: str
    link: str | None = None
    thread: bool = False
    corrects: bool = False

    def __post_init__(self) -> None:
        _Request.__post_init__(self)
        given_reason(self.reason, Act.NOTICE)


PostRequest = Spotlight | EventPost | Reshare | OwnPost | Notice
