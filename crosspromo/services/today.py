"""Today: what needs a person, in the order in which it should be done, and what goes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.forecasts import HangsOn, Outcome
from crosspromo.domain.matters import MACHINE, Matter
from crosspromo.domain.timing import at_wall_clock
from crosspromo.reports.balances import Balances, balances
from crosspromo.services.attention import Attention
from crosspromo.services.delivery_view import DeliveryView, DeliveryViews, approvals_of
from crosspromo.services.sending_state import SendingState, SendingStates

if TYPE_CHECKING:
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.unit import Store, Unit

DAYS_AHEAD = 2
"""Days after today whose posts are shown."""

MOST_NEXT = 40
"""Most deliveries that are shown as next."""

MOST_DRAFTS = 20
"""Most drafts that are named for approval before they are due."""

MOST_READ = 2 * MOST_DRAFTS
"""Most drafts that are read, since some wait for partners alone."""

_RANKS: Mapping[str, int] = MappingProxyType(
    {
        code: rank
        for rank, code in enumerate(
            (
                *("unknown", "failed", "expired", "account", "account-gone", "past-due", "resting"),
                *("by-hand", "missed", "approval", "event-changed", "pause-reason", "templates"),
                *("report-mail", "not-told", "earlier"),
            ),
            1,
        )
    }
)
"""Rank of a matter by its code; the machine comes before all others."""


class Course(StrEnum):
    """What becomes of a queued delivery at its time, as far as is known."""

    GOES = "goes"  # by itself, perhaps a little later
    BY_HAND = "by-hand"  # a person posts it
    WAITS = "waits"  # held, or held then, or it ends unsent


def course_of(view: DeliveryView, by_hand: Mapping[str, bool]) -> Course:
    """Course of a queued delivery by its hold, its forecast and its account.

    `by_hand`: for every account of the settings, whether a person does the posting.
    """
    delivery, forecast = view.delivery, view.forecast
    if delivery.hold is not None or delivery.account not in by_hand:
        return Course.WAITS
    if forecast is not None and (forecast.outcome is not Outcome.SENT or _is_stopped(view)):
        return Course.WAITS
    return Course.BY_HAND if by_hand[delivery.account] else Course.GOES


def _is_stopped(view: DeliveryView) -> bool:
    """Whether a hold comes before the send that is foretold, or a person has to act before it."""
    forecast = view.forecast
    if forecast is None:
        return False
    doubt = forecast.uncertainty
    needs_person = doubt is not None and (
        doubt.on is HangsOn.APPROVAL
        or (doubt.on is HangsOn.ACCOUNT and doubt.account == view.delivery.account)
    )
    return needs_person or forecast.reason is not None


@dataclass(frozen=True, slots=True)
class Today:
    """What there is to do and to know today.

    `balances` is where the accounts stand, `sending` whether posts go out. `matters` are in the
    order in which they should be done. `about` are the deliveries that matters name, by id.
    `drafts` wait for approval, and are not due yet. `next` are queued deliveries until the end of
    the day after tomorrow, by due time, those first that are held past their time, and `courses`
    what becomes of each; `more`: there are further ones.
    """

    balances: Balances
    sending: SendingState
    matters: Sequence[Matter]
    about: Mapping[int, Delivery]
    drafts: Sequence[Delivery]
    next: Sequence[DeliveryView]
    courses: Sequence[Course]
    more: bool

    @property
    def count(self) -> int:
        """Number of things that need a person."""
        return len(self.matters) + len(self.drafts)


@dataclass(frozen=True)
class TodayService:
    """Reads Today; days are those in `zone`."""

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    attention: Attention
    views: DeliveryViews
    sending: SendingStates
    rules: "Sequence[AccountRules]"
    organisation: "OrganisationRules"

    def now(self) -> Today:
        """Today, as of now."""
        now = self.clock.now()
        with self.store.read() as unit:
            sending = self.sending.within(unit)
            needing = self.attention.within(unit, sending.alive, sending.pauses)
            queued = unit.deliveries.next_queued(now, MOST_NEXT + 1, self._end(now))
            following = self.views.planned(unit, queued[:MOST_NEXT], sending.pauses)
            by_hand = {each.name: each.capabilities.by_hand for each in self.rules}
            return Today(
                balances=balances(unit, self.rules, self.organisation, now),
                sending=sending,
                matters=in_order(needing.matters),
                about=needing.about,
                drafts=self._to_approve(unit, now),
                next=following,
                courses=[course_of(each, by_hand) for each in following],
                more=len(queued) > MOST_NEXT,
            )

    def count(self) -> int:
        """Number of things that need a person, without what goes next."""
        now = self.clock.now()
        with self.store.read() as unit:
            sending = self.sending.within(unit)
            needing = self.attention.within(unit, sending.alive, sending.pauses)
            return len(needing.matters) + len(self._to_approve(unit, now))

    def _end(self, now: datetime) -> datetime:
        """End of the last day that is shown."""
        last = now.astimezone(self.zone).date() + timedelta(days=DAYS_AHEAD + 1)
        return at_wall_clock(last, time(), self.zone)

    def _to_approve(self, unit: "Unit", now: datetime) -> list[Delivery]:
        """Drafts that wait for approval by people, without those that a change of an event left.

        Those that wait for partners alone are theirs to answer.
        """
        drafts = unit.deliveries.next_drafts(now, MOST_READ)
        about = [each for each in drafts if each.partners]
        approvals = approvals_of(unit, self.views.policies, about) if about else []
        theirs = {
            draft.id
            for draft, approval in zip(about, approvals, strict=True)
            if approval.partners_missing and not approval.people_missing
        }
        return [each for each in drafts if each.id not in theirs][:MOST_DRAFTS]


def in_order(matters: Sequence[Matter]) -> list[Matter]:
    """Matters in the order in which they should be done; within a kind the oldest first."""
    return sorted(matters, key=_place)


def _place(matter: Matter) -> tuple[int, float, int]:
    rank = 0 if matter.code in MACHINE else _RANKS.get(matter.code, len(_RANKS) + 1)
    since = float("inf") if matter.since is None else matter.since.timestamp()
    return rank, since, matter.delivery or 0
