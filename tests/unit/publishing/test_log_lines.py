"""The log has one line for each change of a delivery's state, and two for an outage."""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event
from stories import ACCOUNT, NO_FLOOR, queued, rules

from crosspromo.domain.errors import DatabaseError
from crosspromo.domain.outcomes import NotSent, Rejected, Unknown
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target
from crosspromo.publishing.cycle import Cycle
from crosspromo.publishing.dispatch import LEASE_ENDED, Dispatcher
from crosspromo.publishing.reconcile import Reconciler
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

DOWN = NotSent("no route to it")
HOUR = timedelta(hours=1)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(autouse=True)
def everything(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    with caplog.at_level(logging.INFO, "crosspromo"):
        yield


def cycle(
    store: Store, clock: FakeClock, *outcomes: object, target: Target | None = None
) -> tuple[Cycle, MemoryConnector]:
    """A cycle on one account whose sends end so, one after the other, then well."""
    connector = MemoryConnector(accidents=[lambda _accept, o=each: o for each in outcomes])  # type: ignore[misc]  # (each is an outcome)
    accounts = {ACCOUNT: rules(ACCOUNT, target=target)}
    dispatcher = Dispatcher(
        store, lambda _name: connector, accounts, NO_FLOOR, clock, "worker", lambda: 0.0
    )
    reconciler = Reconciler(store, lambda _name: connector, accounts, clock, lambda _worker: False)
    return Cycle(dispatcher, reconciler, clock), connector


def said(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    found = [each.getMessage() for each in caplog.records if each.levelno == level]
    caplog.clear()
    return found


def test_what_is_published_is_one_line_with_its_address(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    cycle(store, clock)[0].run()
    [line] = said(caplog)
    assert line.startswith(f"delivery 1 on {ACCOUNT}: published")


@pytest.mark.parametrize(
    ("outcome", "line"),
    [
        (
            DOWN,
            "postponed (not-sent): no route to it; next look at 2026-04-01T12:00:30Z",
        ),
        (Rejected("it is too long", "too-long"), "failed (too-long): it is too long"),
        (
            Unknown("the server did not answer"),
            "unknown: the server did not answer; next look at 2026-04-01T12:00:20Z",
        ),
    ],
)
def test_what_goes_wrong_is_one_line_with_code_words_and_the_next_look(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture, outcome: object, line: str
) -> None:
    queued(store, "one")
    cycle(store, clock, outcome)[0].run()
    assert said(caplog) == [f"delivery 1 on {ACCOUNT}: {line}"]


def test_a_hold_is_said_once_however_often_it_is_judged_again(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one", credit=Credit.SELF)
    work, _ = cycle(store, clock, target=Target.parse("1:1"))
    for _ in range(3):
        work.run()
        with store.write() as unit:
            unit.holds.wake_held_by_ratio_everywhere()
    assert said(caplog) == [f"delivery 1 on {ACCOUNT}: held (ratio)"]


def test_a_look_up_says_what_it_found(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    work, _ = cycle(store, clock, Unknown("the server did not answer"))
    work.run()
    said(caplog)
    for _ in range(2):
        clock.set(clock.now() + HOUR)
        work.run()
    lines = said(caplog)
    assert lines[0].startswith(
        f"delivery 1 on {ACCOUNT}: still unknown: it was not found on the network yet; next look"
    )
    assert lines[1] == (
        f"delivery 1 on {ACCOUNT}: queued: it is not on the network, and is sent again"
    )
    assert lines[2].startswith(f"delivery 1 on {ACCOUNT}: published")


def test_an_outage_is_a_warning_when_it_begins_and_one_when_it_ends(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    for text in ("one", "two", "three"):
        queued(store, text)
    work, _ = cycle(store, clock, *[DOWN] * 9)
    warnings: list[list[str]] = []
    for _ in range(6):
        caplog.clear()
        work.run()
        warnings.append(said(caplog, logging.WARNING))
        clock.set(clock.now() + HOUR)
    flat = [line for lines in warnings for line in lines]
    assert len(flat) == 2
    assert flat[0] == (f"{ACCOUNT}: an outage begins, nothing can be sent there: no route to it")
    assert flat[1].startswith(f"{ACCOUNT}: the outage since 2026-04-01T12:00:00Z is over, after ")
    assert warnings[0] == flat[:1]


def test_a_machine_that_slept_is_no_outage_of_the_network(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    cycle(store, clock, NotSent(LEASE_ENDED))[0].run()
    assert said(caplog, logging.WARNING) == []


def test_a_network_that_asks_for_patience_is_no_outage(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    cycle(store, clock, NotSent("too many requests", retry_at=START + HOUR))[0].run()
    assert said(caplog, logging.WARNING) == []


def test_an_account_that_is_refused_is_a_warning(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    cycle(store, clock, NotSent("the password was changed", account_fault=True))[0].run()
    assert said(caplog, logging.WARNING) == [
        f"{ACCOUNT} needs attention, nothing is sent there: the password was changed"
    ]


def test_nothing_is_said_of_what_was_not_committed(
    store: Store, clock: FakeClock, caplog: pytest.LogCaptureFixture
) -> None:
    queued(store, "one")
    work, connector = cycle(store, clock, Rejected("no"))
    sending = work.dispatcher.advance([], [ACCOUNT], {})
    if not sending.to_send:
        preparation = work.dispatcher.make_ready(sending.to_prepare[0])
        sending = work.dispatcher.advance([], [ACCOUNT], {ACCOUNT: preparation})
    result = work.dispatcher.send(sending.to_send[0])
    said(caplog)
    assert connector.sends == 1

    with failing_commit(store.engine), pytest.raises(DatabaseError):
        work.dispatcher.advance([result], [], {})
    assert said(caplog) == []


class failing_commit:  # noqa: N801 (a context manager, named as it reads)
    """While it lasts, no transaction of this engine can be committed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> None:
        event.listen(self._engine, "commit", _disk_full)

    def __exit__(self, *_: object) -> None:
        event.remove(self._engine, "commit", _disk_full)


def _disk_full(_connection: object) -> None:
    raise DatabaseError("the disk is full")
