"""The gate's promise, worked out once more and naively: at the moment an intent is recorded.

From the rows as they lie and from what is really on the networks; nothing here is shared with the
code that decides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from simulation.networks import Network
from simulation.rows import OUT, Row

from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.states import State
from crosspromo.publishing.rules import AccountRules, OrganisationRules

A_MONTH = timedelta(days=30)
BELIEVED_AHEAD = timedelta(days=1)
"""Sends dated later, by a clock that was set back since, bind no later ones (decision 0028)."""
OUTAGES = (None, "paused", "account", "approval")


class Promise:
    """What was promised to people, account by account and for the organisation."""

    def __init__(
        self,
        accounts: Mapping[str, AccountRules],
        organisation: OrganisationRules,
        networks: Mapping[str, Network],
    ) -> None:
        self._accounts = accounts
        self._organisation = organisation
        self._networks = networks

    def broken_by(
        self,
        intents: Iterable[tuple[Row, Row]],
        rows: Mapping[int, Row],
        set_aside: Mapping[str, str],
        now: datetime,
    ) -> Iterator[str]:
        """What these intents break, each given as it was before and as it is; `rows` are all."""
        asked = [(before, after) for before, after in intents if before.state is State.QUEUED]
        for before, after in intents:
            if after.account in set_aside or "all" in set_aside:
                yield f"{name(after)} is sent although its account is set aside"
            if self._alone(after, rows) > 1:
                yield f"{after.account} sends two at a time"
            if before.state is State.QUEUED:
                yield from self._alone_broken(before, after, rows, now)
        for account, rules in self._accounts.items():
            here = [after for _, after in asked if after.account == account]
            target, window = rules.policy.target, rules.policy.window
            mine = [row for row in rows.values() if row.account == account]
            if target is not None and not self.keeps(target, window, here, mine, now):
                yield f"{account} does not keep {target}: {_names(here)}"
        floor, window = self._organisation.floor, self._organisation.window
        going = [after for _, after in asked]
        if floor is not None and not self.keeps(floor, window, going, list(rows.values()), now):
            yield f"the organisation does not keep {floor}: {_names(going)}"

    def keeps(
        self, target: Target, window: Window, going: list[Row], rows: list[Row], now: datetime
    ) -> bool:
        """Whether some order of those that go, none of them released, keeps the target."""
        ours = [row for row in going if row.credit.counts_self and row.override_by is None]
        if not ours:
            return True
        span = window.span
        assert span is not None
        released = {row.id for row in going if row.override_by is not None}
        others = self_ = 0
        for row in rows:
            at = row.counts_from
            if row.state not in OUT or row.id in released or at is None or at <= now - span:
                continue
            self_ += row.credit.counts_self
            others += row.credit.counts_others and self._is_confirmed(row) and at <= now
        joint = sum(row.credit.counts_others for row in ours)
        alone_fits = others * target.den >= target.num * (self_ - joint)
        joint_fits = (others + 1) * target.den >= target.num * self_
        return (alone_fits or joint == len(ours)) and (joint_fits or not joint)

    def would_keep(self, row: Row, rows: Mapping[int, Row], now: datetime) -> bool:
        """Whether this one, which waits, could go by the ratios alone."""
        going = replace(row, state=State.SENDING, sent_at=now)
        after = [*(each for each in rows.values() if each.id != row.id), going]
        policy, us = self._accounts[row.account].policy, self._organisation
        here = [each for each in after if each.account == row.account]
        on_account = policy.target is None or self.keeps(
            policy.target, policy.window, [going], here, now
        )
        return on_account and (
            us.floor is None or self.keeps(us.floor, us.window, [going], after, now)
        )

    def _is_confirmed(self, row: Row) -> bool:
        """Whether it is there, or was until somebody took it off who could not write that down."""
        network = self._networks[row.account]
        there = any(post.token == row.remote_id for post in network.posts)
        return row.state is State.PUBLISHED and (there or row.remote_id in network.taken_off)

    @staticmethod
    def _alone(intent: Row, rows: Mapping[int, Row]) -> int:
        return sum(
            row.state is State.SENDING and row.account == intent.account for row in rows.values()
        )

    def _alone_broken(
        self, before: Row, after: Row, rows: Mapping[int, Row], now: datetime
    ) -> Iterator[str]:
        policy = self._accounts[after.account].policy
        if before.expires_at is not None and now >= before.expires_at:
            yield f"{name(after)} has expired"
        late = now - before.due_at
        if before.pinned and before.hold_code in OUTAGES and late > policy.late_after:
            yield f"{name(after)} has missed its time by {late}"
        here = [
            row
            for row in rows.values()
            if row.account == after.account and row.id != after.id and row.sent_at is not None
        ]
        sent = [row.sent_at for row in here if row.sent_at is not None]
        yield from self._pace_broken(after, sent, now)
        if before.duplicate_reason is None:
            for row in here:
                said = row.state is not State.DELETED and row.text == after.text
                if said and row.sent_at is not None and row.sent_at > now - A_MONTH:
                    yield f"{name(after)} says what {name(row)} has said"

    def _pace_broken(self, after: Row, sent: list[datetime], now: datetime) -> Iterator[str]:
        policy, zone = self._accounts[after.account].policy, self._organisation.zone
        sent = [at for at in sent if at <= now + BELIEVED_AHEAD]
        today = midnight(now, zone)
        if policy.max_per_day is not None and _since(sent, today) >= policy.max_per_day:
            yield f"{name(after)} goes past max_per_day = {policy.max_per_day}"
        week = [at for at in sent if at > now - timedelta(days=7)]
        if policy.max_per_week is not None and len(week) >= policy.max_per_week:
            yield f"{name(after)} goes past max_per_week = {policy.max_per_week}"
        if policy.min_gap is not None and any(now - at < policy.min_gap for at in sent):
            yield f"{name(after)} does not keep min_gap = {policy.min_gap}"
        if policy.quiet is not None:
            shown = now.astimezone(zone).time()
            if _between(policy.quiet.start, shown, policy.quiet.end):
                yield f"{name(after)} breaks the quiet hours {policy.quiet} at {shown}"


def name(row: Row) -> str:
    """How a story calls a delivery."""
    return f"delivery {row.id} ({row.account}, {row.credit})"


def midnight(now: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which the day of `now` began in the zone."""
    return datetime.combine(now.astimezone(zone).date(), time(0), tzinfo=zone)


def _since(sent: Iterable[datetime], moment: datetime) -> int:
    return sum(at >= moment for at in sent)


def _between(start: time, shown: time, end: time) -> bool:
    if start < end:
        return start <= shown < end
    return shown >= start or shown < end


def _names(rows: Iterable[Row]) -> str:
    return ", ".join(name(row) for row in rows)
