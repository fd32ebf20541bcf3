"""Reading back: what networks count of our posts, and who speaks to us, on a schedule of its own.

Nothing here changes what is sent. Each answer is kept in a transaction of its own, with the place
from which the next one goes on: a reading that is cut off goes on where it was, and what is read
twice is kept once.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.figures import (
    LONGEST_AGE,
    Figures,
    Followers,
    PostFigures,
    ReadingState,
    affordable,
    next_measuring,
)
from crosspromo.domain.sources import next_reading
from crosspromo.publishing.reading_back import HeardPage, Listens, Measured, Measures, NotRead
from crosspromo.services.heard_mentions import enter
from crosspromo.settings import Account

if TYPE_CHECKING:
    from crosspromo.publishing.networks import Capabilities
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.store.unit import Store

EVERY = timedelta(minutes=15)
"""Interval between two looks at an account; a post is measured at the first look when it is due."""

LISTENS_EVERY = timedelta(hours=1)
"""Least interval between two readings of mentions."""

CLAIMED_FOR = timedelta(minutes=30)
"""Time in which no other process reads an account that one has begun to read."""

MOST_BATCHES = 20
"""Most calls for figures at one look, so that no account takes up all time."""

MOST_PAGES = 10
"""Most pages of mentions at one look; the next look goes on after them."""

PAGE = 100
"""Mentions of one page."""

FRESH = timedelta(minutes=10)
"""Age of a figure up to which a person's order does not measure it again."""


class Reader(Protocol):
    """Connector that is asked here; it may measure or listen, too."""

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class AccountReading:
    """Result of one look at an account.

    `measured` counts posts, `heard` mentions that are new; `fault` says in words why it failed.
    `unpaid`: the network charges for reading, and the account's budget for it is used up, or none.
    """

    account: str
    measured: int = 0
    heard: int = 0
    fault: str | None = None
    unpaid: bool = False


class _ReadingError(Exception):
    """A network that did not answer a reading."""

    def __init__(self, failure: NotRead) -> None:
        self.failure = failure
        super().__init__(failure.reason)


@dataclass(frozen=True)
class ReadingBack:
    """Reads back what came of our posts.

    `connector` builds a connector of an account, which is closed after each look: the one that
    sends belongs to the thread that sends. `mentions_kept` is the time for which mentions are kept.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    accounts: Mapping[str, Account]
    rules: "Callable[[], Mapping[str, AccountRules]]"
    connector: Callable[[str], Reader]
    mentions_kept: timedelta
    redact: Callable[[str], str]

    def read_due(self, is_ending: Callable[[], bool] = lambda: False) -> Sequence[AccountReading]:
        """Look at the accounts that are due; at none more once `is_ending`."""
        readable = self._readable()
        now = self.clock.now()
        self._forget_old(now)
        states = self._states(readable, now)
        due = [each for each in states if each.next_at <= now]
        found = []
        for state in sorted(due, key=lambda each: each.next_at):
            if is_ending():
                break
            reading = self._claimed(state, is_ending)
            if reading is not None:
                found.append(reading)
        return found

    def read(self, account: str) -> AccountReading:
        """Look at one account now, and measure all its posts that are still to be measured.

        Nothing is asked of a network that tells nothing, nor while another process begins to read
        the account.
        """
        if account not in self._readable():
            return AccountReading(account)
        now = self.clock.now()
        (state,) = self._states([account], now)
        with self.store.write() as unit:
            unit.figures.enrol(account, now - LONGEST_AGE)
            unit.figures.bring_forward(account, now, now - FRESH)
        hurried = replace(state, listened_at=None)
        return self._claimed(hurried, lambda: False) or AccountReading(account)

    def _readable(self) -> Sequence[str]:
        """Accounts whose network tells anything."""
        return [
            name
            for name, rules in self.rules().items()
            if rules.capabilities.measured_at_once or rules.capabilities.listens
        ]

    def _states(self, names: Sequence[str], now: datetime) -> Sequence[ReadingState]:
        """States of accounts; an account that was never read is due at once."""
        with self.store.read() as unit:
            known = unit.readings.all()
        new = [name for name in names if name not in known]
        if new:
            with self.store.write() as unit:
                unit.accounts.register(new)  # where it is told that a reading fails
                for name in new:
                    unit.readings.begin(name, now)
                known = unit.readings.all()
        return [known[name] for name in names]

    def _forget_old(self, now: datetime) -> None:
        """Delete mentions that are kept no longer."""
        before = now - self.mentions_kept
        with self.store.read() as unit:
            is_old = unit.mentions.any_before(before)
        if is_old:
            with self.store.write() as unit:
                unit.mentions.forget_before(before)

    def _claimed(self, state: ReadingState, is_ending: Callable[[], bool]) -> AccountReading | None:
        """Look at an account; None where another process does so, or the account rests."""
        now = self.clock.now()
        with self.store.write() as unit:
            known = unit.accounts.states([state.account]).get(state.account)
            rests = known is not None and (
                known.fault is not None
                or (known.rests_until is not None and known.rests_until > now)
            )
            until = now + (EVERY if rests else CLAIMED_FOR)
            if not unit.readings.claim(state, until) or rests:
                return None
        look = _Look(self, self._this_month(state, now), is_ending)
        return look.read()

    @staticmethod
    def _this_month(state: ReadingState, now: datetime) -> ReadingState:
        month = now.strftime("%Y-%m")
        return state if state.month == month else replace(state, month=month, reads=0)


class _Look:
    """One look at one account."""

    def __init__(
        self, back: ReadingBack, state: ReadingState, is_ending: Callable[[], bool]
    ) -> None:
        self._back = back
        self._is_ending = is_ending
        self._state = state
        self._rules = back.rules()[state.account]
        self._measured = self._heard = 0
        self._unpaid = False

    def read(self) -> AccountReading:
        """Read what is due, and plan the next look."""
        try:
            with closing(self._back.connector(self._name)) as connector:
                failure = self._read_all(connector)
        except (AccountError, ConfigError) as error:
            failure = NotRead(str(error))
        self._end(failure)
        fault = None if failure is None else failure.reason
        return AccountReading(self._name, self._measured, self._heard, fault, self._unpaid)

    def _read_all(self, connector: Reader) -> NotRead | None:
        """Read one thing after the other; the first failure, or None.

        One that fails keeps none of the others back, unless the network wants to be left alone.
        """
        first: NotRead | None = None
        steps: list[Callable[[], None]] = []
        if isinstance(connector, Measures) and self._capabilities.measured_at_once:
            steps += [
                partial(self._measure, connector),
                partial(self._count_followers, connector),
                partial(self._forget_deleted, connector),
            ]
        if isinstance(connector, Listens) and self._capabilities.listens:
            steps.append(partial(self._listen, connector))
        for step in steps:
            try:
                step()
            except _ReadingError as error:
                first = first or error.failure
                if error.failure.retry_at is not None:
                    break
        return first

    @property
    def _name(self) -> str:
        return self._state.account

    @property
    def _capabilities(self) -> "Capabilities":
        return self._rules.capabilities

    def _affords(self, wanted: int) -> int:
        """How many of the wanted reads the account's budget allows."""
        budget = self._back.accounts[self._name].reading_budget
        most = affordable(budget, self._capabilities.cost_per_read, self._state.reads)
        if most is not None and most < wanted:
            self._unpaid = True
        return wanted if most is None else min(most, wanted)

    def _measure(self, connector: Measures) -> None:
        """Measure the posts that are due, a batch at a time."""
        now = self._back.clock.now()
        with self._back.store.write() as unit:
            unit.figures.enrol(self._name, now - LONGEST_AGE)
        for _ in range(MOST_BATCHES):
            now = self._back.clock.now()
            with self._back.store.read() as unit:
                due = unit.figures.due(self._name, now, self._capabilities.measured_at_once)
            due = due[: self._affords(len(due))]
            if not due or self._is_ending():
                return
            self._keep(due, self._answer(connector, [each.remote_id for each in due]), now)

    def _answer(self, connector: Measures, posts: Sequence[str]) -> Measured:
        """Ask the network about these posts (ids there); each is a read."""
        answer = connector.measure(posts)
        if isinstance(answer, NotRead):
            raise _ReadingError(answer)
        self._state = replace(self._state, reads=self._state.reads + len(posts))
        return answer

    def _keep(self, due: Sequence[PostFigures], answer: Measured, now: datetime) -> None:
        """Keep the answer about posts; one that was not told of is unknown, and asked again."""
        after = [_measured(each, answer, now) for each in due]
        with self._back.store.write() as unit:
            unit.figures.keep(after)
            unit.readings.save(self._state_within())
        self._measured += len(due)

    def _count_followers(self, connector: Measures) -> None:
        """Count the followers, once on each day."""
        now = self._back.clock.now()
        day = now.astimezone(self._back.zone).date().isoformat()
        with self._back.store.read() as unit:
            known = unit.figures.followers(self._name)
        if (known is not None and known.day >= day) or self._is_ending() or not self._affords(1):
            return
        count = connector.followers()
        if isinstance(count, NotRead):
            raise _ReadingError(count)
        self._state = replace(self._state, reads=self._state.reads + 1)
        with self._back.store.write() as unit:
            if count is not None:
                unit.figures.keep_followers(Followers(self._name, day, count, now))
            unit.readings.save(self._state_within())

    def _forget_deleted(self, connector: Measures) -> None:
        """Delete mentions that are deleted on the network; the others are looked at again later."""
        now = self._back.clock.now()
        with self._back.store.read() as unit:
            due = unit.mentions.to_check(self._name, now, self._capabilities.measured_at_once)
        due = due[: self._affords(len(due))]
        if not due or self._is_ending():
            return
        answer = self._answer(connector, [each.remote_id for each in due])
        with self._back.store.write() as unit:
            unit.mentions.forget(self._name, answer.gone)
            unit.mentions.checked(self._name, due, now)
            unit.readings.save(self._state_within())

    def _listen(self, connector: Listens) -> None:
        """Read mentions, page by page, from where the last page ended."""
        last = self._state.listened_at
        if last is not None and self._back.clock.now() - last < LISTENS_EVERY:
            return
        for _ in range(MOST_PAGES):
            most = self._affords(PAGE)
            if not most or self._is_ending():
                return
            page = connector.listen(self._state.cursor, most)
            if isinstance(page, NotRead):
                raise _ReadingError(page)
            self._keep_page(page)
            if not page.more:
                return

    def _keep_page(self, page: HeardPage) -> None:
        now = self._back.clock.now()
        self._state = replace(
            self._state,
            cursor=page.cursor,
            reads=self._state.reads + page.reads,
            listened_at=self._state.listened_at if page.more else now,
        )
        oldest = now - self._back.mentions_kept
        network = self._rules.text_network
        with self._back.store.write() as unit:
            self._heard += enter(unit, self._name, network, page.mentions, oldest=oldest, now=now)
            unit.readings.save(self._state_within())

    def _state_within(self) -> ReadingState:
        """State in the middle of a look: the account stays claimed."""
        return replace(self._state, next_at=self._back.clock.now() + CLAIMED_FOR)

    def _end(self, failure: NotRead | None) -> None:
        now = self._back.clock.now()
        state = self._state
        if failure is None:
            ended = replace(
                state,
                read_at=now,
                failures=0,
                failing_since=None,
                fault=None,
                next_at=now + EVERY,
            )
        else:
            failures = state.failures + 1
            wait = None if failure.retry_at is None else failure.retry_at - now
            ended = replace(
                state,
                failures=failures,
                failing_since=state.failing_since or now,
                fault=self._back.redact(failure.reason),
                next_at=next_reading(now, EVERY, failures, wait),
            )
        with self._back.store.write() as unit:
            unit.readings.save(ended)


def _measured(post: PostFigures, answer: Measured, now: datetime) -> PostFigures:
    """Post after an answer. Of a post that was not told of, the figures are unknown."""
    if post.remote_id in answer.gone:
        return replace(post, due_at=None, gone_at=now)
    return replace(
        post,
        measured_at=now,
        due_at=next_measuring(post.published_at, now),
        figures=answer.figures.get(post.remote_id, Figures()),
    )
