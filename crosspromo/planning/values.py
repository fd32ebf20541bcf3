"""What is planned, and the plan. Times are aware, in UTC; local days are those of the zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from zoneinfo import ZoneInfo

from crosspromo.domain.blackouts import Blackout
from crosspromo.domain.mourning import Mourning
from crosspromo.domain.partner_limits import PartnerLimits, Shared
from crosspromo.domain.policy import DEFAULT_WINDOW, ORGANISATION_FLOOR, Policy
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.domain.tones import Tone
from crosspromo.planning.occasions import Occasion


@dataclass(frozen=True, slots=True)
class Span:
    """Stretch of time from `start`, included, to `end`, excluded."""

    start: datetime
    end: datetime

    def __contains__(self, moment: object) -> bool:
        return isinstance(moment, datetime) and self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Fixed:
    """Post that stands: it was sent, or it is queued for `at` and is not moved by the plan.

    `others` and `self_` are what it counts in the ledger. `paces`: it counts for gaps and caps, as
    a delivery does and an outside post or an opening balance does not. `queued`: it is still to be
    sent. `wished`: it is a queued self post that a person gave a time. `item`, `group` and `event`
    are those of `Candidate`; `cost` is in US dollars.
    """

    at: datetime
    others: int = 0
    self_: int = 0
    paces: bool = True
    queued: bool = False
    wished: bool = False
    partners: tuple[str, ...] = ()
    event: str | None = None
    item: str | None = None
    group: str | None = None
    cost: float = 0.0
    delivery: int | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """Account to plan.

    `fixed` are the rows of its ledger within its window and that of the floor, what it sent in the
    last 30 days, and what is queued on it. `silences` are days without posts, `mourning` the kept
    days without self posts and without what celebrates or asks. `spent` is the cost of the local
    month of `now` so far, in US dollars. `sharing` names the accounts on which nearly the same text
    is barred.
    """

    name: str
    network: str
    policy: Policy
    fixed: tuple[Fixed, ...] = ()
    silences: tuple[Blackout, ...] = ()
    mourning: Mourning = field(default_factory=Mourning)
    spent: float = 0.0
    sharing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class PartnerTerms:
    """What is wanted and agreed with a partner.

    `due` is the local day by which the cadence of `cadence` days wants the next share; None: no
    cadence. Shares until `counted_until` are counted in it. `limits` are those agreed, and
    `shared` the posts about the partner that count for them, sent or queued.
    """

    partner: str
    name: str
    focus: bool = False
    cadence: int | None = None
    due: date | None = None
    counted_until: datetime | None = None
    limits: PartnerLimits | None = None
    shared: tuple[Shared, ...] = ()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Item that may stand once in the plan, on one of the accounts of `credits`.

    `key` is its lasting identity, unique among the candidates. `item` is what it says: an item that
    is to be told on several accounts is a candidate for each of them, with one `item`, which no
    account has twice. `group` joins texts that are nearly the same: no account has two of a group
    within 30 days, nor have accounts that share a duplicate rule.

    `credits` maps the accounts on which permissions and law let it stand to what it counts there:
    of the steps of one event, the first to come counts and later ones are padding.
    `delivery` is the id of a self post that waits, `costs` are in US dollars by account. It may go
    from `earliest` on, before `latest`. `wished` is when a person or a ladder wants it to go.
    `asks_for_words`: it is pencilled, and a person has still to write it. `tone` is the one that a
    person chose.
    """

    key: str
    kind: Kind
    credits: Mapping[str, Credit]
    occasion: Occasion
    partners: tuple[str, ...] = ()
    event: str | None = None
    delivery: int | None = None
    item: str = ""
    group: str | None = None
    earliest: datetime | None = None
    latest: datetime | None = None
    wished: Span | None = None
    asks_for_words: bool = False
    tone: Tone | None = None
    costs: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Task:
    """Everything that a plan is made of.

    `span` are the weeks to plan; nothing is placed at or before `now`. `floor` is None where the
    organisation keeps none; `floor_window` is its window. The order of `accounts` and `candidates`
    says nothing: the plan is the same for any.
    """

    accounts: tuple[Account, ...]
    candidates: tuple[Candidate, ...]
    span: Span
    now: datetime
    partners: tuple[PartnerTerms, ...] = ()
    floor: Target | None = ORGANISATION_FLOOR
    floor_window: Window = DEFAULT_WINDOW
    zone: ZoneInfo = UTC_ZONE


@dataclass(frozen=True, slots=True)
class Line:
    """Candidate in a slot of an account.

    `reasons` begin with its occasion; a cadence that it fulfils besides follows.
    """

    account: str
    at: datetime
    candidate: Candidate
    credit: Credit
    reasons: tuple[Occasion, ...]


class Why(StrEnum):
    """Reason for which a candidate has no line; the first that holds, in this order."""

    NOT_DUE = "not-due"  # only a cadence speaks for it, and its partner is not due, or is shared
    NO_ACCOUNT = "no-account"  # no account is planned on which it may stand
    SAID = "said"  # each of its accounts has it, or nearly the same text
    NO_SLOT = "no-slot"  # between its earliest and its latest no slot is free
    SILENCE = "silence"  # all free slots there lie on days without posts about it
    LIMIT = "limit"  # its partners want fewer posts, or longer notice
    BUDGET = "budget"  # the budgets do not allow its cost
    RATIO = "ratio"  # the ratio of its accounts does not allow it
    FLOOR = "floor"  # the organisation's floor does not allow it
    ROOM = "room"  # it would go, but something that is wished more stands there


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Candidate without a line, and why; `accounts` are those of the task on which it may stand."""

    candidate: Candidate
    why: Why
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Missing:
    """Partner posts that an account lacks for the self posts that it was to send."""

    account: str
    partner_posts: int
    target: Target


@dataclass(frozen=True, slots=True)
class WeekOf:
    """Counts of an account's window at the end of a local week, as they would become.

    `week` is the Monday of the week. `headroom` None: the account has no ratio.
    """

    account: str
    week: date
    others: int
    self_: int
    headroom: int | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Proposed posts, by time and account, and what came of the rest.

    `points` are those of the table of wishes. `steps` is the number of steps that the search took;
    `stopped`: it was ended by the clock, so that another run may differ.
    """

    lines: tuple[Line, ...]
    unplaced: tuple[Unplaced, ...] = ()
    missing: tuple[Missing, ...] = ()
    weeks: tuple[WeekOf, ...] = ()
    points: int = 0
    steps: int = 0
    stopped: bool = False
