"""Matters: conditions that need a person, each with the moment since when it does.

A matter ends with its cause, or when a person dismisses it (deliveries that ended unsent).
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.event_asks import Ask
from crosspromo.domain.reasons.faults import FaultReason
from crosspromo.domain.sign_off_mails import NotAskedWhy
from crosspromo.domain.states import State


class EndedUnsent(NamedTuple):
    """Delivery that failed, was missed or expired; `reason` is its fault."""

    state: State
    reason: FaultReason | None


class OutcomeUnknown(NamedTuple):
    """Delivery of which only a person can tell whether it is on its network."""

    reason: FaultReason | None


class ToPostByHand(NamedTuple):
    """Delivery on an account whose posts a person makes; `reason` says where."""

    reason: FaultReason


class PastDue(NamedTuple):
    """Queued delivery past its due time that no rule holds.

    `reason` is the fault of the last try, None without a try: its account rests, or the clock was
    set back. `next_at` is the time of the next try, None if it is not known.
    """

    reason: FaultReason | None
    next_at: datetime | None


class ApprovalDue(NamedTuple):
    """Delivery past its due time that still needs approval."""


class Sort(StrEnum):
    """Sort of a matter about one delivery; of many of a sort only the latest are named."""

    ENDED_UNSENT = "ended-unsent"
    UNKNOWN = "unknown"
    PAST_DUE = "past-due"
    APPROVAL_DUE = "approval"
    EVENT_CHANGED = "event-changed"
    STANDS_WITHDRAWN = "stands-withdrawn"


class Earlier(NamedTuple):
    """Number (`total`) of the earlier deliveries of a sort, which are counted instead of named."""

    sort: Sort
    total: int


class EventHasChanged(NamedTuple):
    """Draft that a change of its event left for a person to look at; `reason` tells the change."""

    reason: FaultReason


class NoLongerAgreed(NamedTuple):
    """Delivery that needs a permission or a consent that was withdrawn.

    `reason` tells whose, of a draft; None: it went out before, and stands on its network.
    """

    reason: FaultReason | None


class PartnerWishes(NamedTuple):
    """Partner (`partner` is the slug, `name` the name) who asks for a change of a waiting post."""

    partner: str
    name: str
    words: str


class PartnerRefused(NamedTuple):
    """Partner who said no to a post, which is cancelled; `words` may be empty."""

    partner: str
    name: str
    words: str


class SignOffLacks(NamedTuple):
    """Partner who wants to sign off, and has not agreed to a draft that is due within a day.

    `asked`: there is an open link, by which the partner was asked.
    """

    partner: str
    name: str
    asked: bool = True


class PartnerNotAsked(NamedTuple):
    """Partner who could not be asked for sign-off by mail; `words` are those of an error."""

    partner: str
    name: str
    why: NotAskedWhy
    words: str = ""


class PartnersToAsk(NamedTuple):
    """Partner, or speaker there (`person`, a number; 0: the contact), whom no mail could ask to
    help with an event (`event` is the slug).

    `name` is whom to ask, `title` that of the event; `words` are those of an error.
    """

    event: str
    ask: Ask
    partner: str
    person: int
    name: str
    title: str
    why: NotAskedWhy
    words: str = ""


class AccountRefused(NamedTuple):
    """Account set aside for a fault, in `words` of the network and ours."""

    words: str


class AccountRests(NamedTuple):
    """Account whose network takes no requests before `until`, which is far away."""

    until: datetime


class AccountGone(NamedTuple):
    """Account that crosspromo.toml no longer has, with some of its `total` waiting deliveries."""

    deliveries: tuple[int, ...]
    total: int


class PausedInDoubt(NamedTuple):
    """Pause that crosspromo made by itself, with its reason: what is queued may be sent already."""

    words: str


class PausedWithoutReason(NamedTuple):
    """Pause of a person, `who`, without a reason: those who find nothing going out ask for it."""

    who: str


class NoDaemon(NamedTuple):
    """Due deliveries that no daemon has looked at; `alive`: a daemon runs, but does not move."""

    alive: bool


class DiskFull(NamedTuple):
    """Little space on the disk of a folder: `free` bytes."""

    folder: str
    free: int


class ClockOff(NamedTuple):
    """Clock of this machine that is `seconds` behind the clock of a network (negative: ahead)."""

    seconds: float


class DatedAhead(NamedTuple):
    """Posts dated in the future by our clock, `total` of them at least, the latest at `latest`.

    Our clock was ahead when they went out, or it is behind now.
    """

    total: int
    latest: datetime


class SettingsRefused(NamedTuple):
    """New settings that a daemon refuses, with the reason in words; its old ones stay in force."""

    worker: str
    words: str


class SettingsUnusable(NamedTuple):
    """Settings file with a fault, in words: no command can use it, and no daemon start with it."""

    words: str


class TemplatesFaulty(NamedTuple):
    """Templates that changed and have faults, in words, as a daemon found them."""

    words: str


class ObservanceUnreadable(NamedTuple):
    """Kept observance (a slug) that cannot be read, and why; `holds`: it may be one of mourning.

    `observance` None: the workspace's own file cannot be read.
    """

    observance: str | None
    words: str
    holds: bool


class ReadingFails(NamedTuple):
    """Account whose figures and mentions cannot be read for a day, with the reason in words."""

    words: str


class SourceFails(NamedTuple):
    """Source (`source` is the number) that cannot be read, with the reason in words."""

    source: int
    address: str
    words: str


class SourceSilent(NamedTuple):
    """Source with no new item for longer than it usually is; the last one is from `last`."""

    source: int
    address: str
    last: datetime


class SourceShrunk(NamedTuple):
    """Calendar from which `gone` of `known` coming events are gone at once; nothing was changed."""

    source: int
    address: str
    gone: int
    known: int


class EventsToReview(NamedTuple):
    """Events of calendars (`total`, a series being one) that wait for a person to say."""

    total: int


class ReportNotMailed(NamedTuple):
    """Report of a month, or a partner's page (slug), that could not be mailed, with the reason."""

    month: str
    partner: str
    address: str
    words: str


class PlannedAsDrafts(NamedTuple):
    """Drafts (`total`) that the daemon planned, for a person to look at."""

    total: int


class NotTold(NamedTuple):
    """Notifications that a channel could not deliver, with the error in words."""

    channel: str
    words: str


Detail = (
    EndedUnsent
    | OutcomeUnknown
    | ToPostByHand
    | PastDue
    | ApprovalDue
    | Earlier
    | EventHasChanged
    | NoLongerAgreed
    | PartnerWishes
    | PartnerRefused
    | SignOffLacks
    | PartnerNotAsked
    | PartnersToAsk
    | AccountRefused
    | AccountRests
    | AccountGone
    | PausedInDoubt
    | PausedWithoutReason
    | NoDaemon
    | DiskFull
    | ClockOff
    | DatedAhead
    | SettingsRefused
    | SettingsUnusable
    | TemplatesFaulty
    | ObservanceUnreadable
    | ReadingFails
    | SourceFails
    | SourceSilent
    | SourceShrunk
    | EventsToReview
    | ReportNotMailed
    | PlannedAsDrafts
    | NotTold
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        OutcomeUnknown: "unknown",
        ToPostByHand: "by-hand",
        PastDue: "past-due",
        ApprovalDue: "approval",
        Earlier: "earlier",
        EventHasChanged: "event-changed",
        NoLongerAgreed: "permission-withdrawn",
        PartnerWishes: "change-asked",
        PartnerRefused: "partner-refused",
        SignOffLacks: "sign-off-lacks",
        PartnerNotAsked: "not-asked",
        PartnersToAsk: "ask-partners",
        AccountRefused: "account",
        AccountRests: "resting",
        AccountGone: "account-gone",
        PausedInDoubt: "paused",
        PausedWithoutReason: "pause-reason",
        NoDaemon: "daemon",
        DiskFull: "disk",
        ClockOff: "clock",
        DatedAhead: "dated-ahead",
        SettingsRefused: "settings",
        SettingsUnusable: "settings",
        TemplatesFaulty: "templates",
        ObservanceUnreadable: "observance",
        ReadingFails: "reading",
        SourceFails: "source-fails",
        SourceSilent: "source-silent",
        SourceShrunk: "source-shrunk",
        EventsToReview: "to-review",
        ReportNotMailed: "report-mail",
        PlannedAsDrafts: "planned",
        NotTold: "not-told",
    }
)
"""Codes of all details but EndedUnsent, whose code is the state: failed, missed or expired."""

MACHINE = frozenset({"daemon", "paused", "disk", "clock", "dated-ahead", "settings"})
"""Codes of matters about the machine, its daemon and its database, for monitoring.

A pause is among them only where crosspromo ordered it: the database was restored, copied or
replaced.
"""


class Matter(NamedTuple):
    """Condition that needs a person. `since` is aware, in UTC; None if the moment is not known."""

    detail: Detail
    since: datetime | None = None
    account: str | None = None
    delivery: int | None = None

    @property
    def code(self) -> str:
        """Code of the matter, as in JSON."""
        if isinstance(self.detail, EndedUnsent):
            return self.detail.state.value
        return CODES[type(self.detail)]

    @property
    def key(self) -> str:
        """Name of this very matter: a delivery that fails anew has another."""
        match self.detail:
            case NotTold(channel):  # the same as long as anything is not told
                return f"{self.code}:{channel}"
            case EventsToReview():  # likewise, as long as any waits
                return self.code
            case ReportNotMailed(month, partner, address):  # likewise
                return f"{self.code}:{month}:{partner}:{address}"
            case PartnerNotAsked(partner):  # however often it was tried
                return f"{self.code}:{partner}:{self.delivery or ''}"
            case PartnersToAsk(event, ask, partner, person):  # wherever the event is now
                return f"{self.code}:{event}/{ask}/{partner}/{person or ''}"
            case DiskFull(named) | ObservanceUnreadable(named):
                place = named or ""
            case Earlier(sort):
                place = sort
            case SourceFails(source) | SourceSilent(source) | SourceShrunk(source):
                place = str(source)
            case PartnerWishes(partner) | PartnerRefused(partner) | SignOffLacks(partner):
                place = f"{self.account or ''}/{partner}"
            case _:
                place = self.account or ""
        since = "" if self.since is None else self.since.isoformat()
        return ":".join([self.code, place, str(self.delivery or ""), since])
