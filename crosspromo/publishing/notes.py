"""Notes on a delivery that a person queued, moved or approved: what will hold it, and bursts."""

from collections.abc import Iterator
from datetime import datetime

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.pacing import AT_ONCE, MOST_COUNTED, burst
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.notes import Burst, Note
from crosspromo.domain.spacing import Spacing
from crosspromo.domain.states import State
from crosspromo.publishing.ports import NotingUnit
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.publishing.silences import silences_of

NO_RULES = (None,) * 4
"""Gap, caps and quiet hours of an account that has none of them."""


def notes_on(
    unit: NotingUnit,
    delivery: Delivery,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> tuple[Note, ...]:
    """Notes on a draft or queued delivery, as written in this transaction.

    A slot was chosen so that nothing speaks against it: only a delivery with a time of its own, or
    on an account without slots, has notes about its time.
    """
    return (
        *_about_time(unit, delivery, account, organisation, now),
        *_about_burst(unit, delivery, account.policy, now),
    )


def burst_near(
    unit: NotingUnit, account: str, policy: Policy, moment: datetime, now: datetime
) -> Burst | None:
    """Burst on the account around the moment, or now if the moment has passed.

    What has been due for `late_after` goes one at a time, and is in no burst.
    """
    moment = max(moment, now)
    since = moment - AT_ONCE
    if since <= now:
        since = min(since, now - policy.late_after)
    times = unit.deliveries.due_times(account, since, moment + AT_ONCE, MOST_COUNTED)
    return burst(times, policy.min_gap, (policy.max_per_day, policy.max_per_week), now)


def next_burst(unit: NotingUnit, account: str, policy: Policy, now: datetime) -> Burst | None:
    """Largest burst among the account's next MOST_COUNTED queued deliveries."""
    times = unit.deliveries.due_times(account, now - policy.late_after, None, MOST_COUNTED)
    return burst(times, policy.min_gap, (policy.max_per_day, policy.max_per_week), now)


def _about_time(
    unit: NotingUnit,
    delivery: Delivery,
    account: AccountRules,
    organisation: OrganisationRules,
    now: datetime,
) -> Iterator[Note]:
    policy = account.policy
    if policy.slots and not delivery.pinned:
        return
    rules = (policy.min_gap, policy.max_per_day, policy.max_per_week, policy.quiet)
    silences = silences_of(
        unit,
        delivery.partners,
        credit=delivery.credit,
        tone=delivery.effective_tone,
        blackouts=organisation.blackouts,
        zone=organisation.zone,
        now=now,
    )
    if rules == NO_RULES and not silences:
        return
    times = unit.deliveries.timetable(account.name, besides=delivery.id)
    spacing = Spacing(policy, organisation.zone, silences, times)
    yield from spacing.notes(max(delivery.due_at, now))


def _about_burst(
    unit: NotingUnit, delivery: Delivery, policy: Policy, now: datetime
) -> Iterator[Note]:
    if delivery.state is not State.QUEUED or delivery.when_allowed:
        return  # those that go when they are allowed go one at a time
    found = burst_near(unit, delivery.account, policy, delivery.due_at, now)
    if found is not None:
        yield found
