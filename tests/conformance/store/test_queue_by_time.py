"""What is past due and what goes next, of every kind of delivery that there can be, on every kind
of account; and what an older database gets to find it by.
"""

from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest
from old_databases import deliver, of_version
from stories import delivery, queued

from crosspromo.domain.deliveries import HoldNote, Latest
from crosspromo.domain.pauses import Pause
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.states import State
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.queue.reasons import reason_text
from crosspromo.store.schema import accounts, deliveries, pauses
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

NOW = START + timedelta(days=1)
PATIENCE = timedelta(minutes=10)
LONG_AGO, LATELY, AHEAD = (NOW + timedelta(minutes=each) for each in (-60, -5, 60))

FAULT = reason_text(faults.NotSent("the network cannot be reached"))
HOLD = reason_text(holds.RateLimited())


class Account(NamedTuple):
    """Name of an account, and what is known of it."""

    name: str
    rests_until: datetime | None
    paused: bool
    here: bool


class Row(NamedTuple):
    """Columns of a delivery that say whether it is past due, or goes next."""

    account: Account
    state: State
    hold: str | None
    tried: bool
    due_at: datetime
    wake_at: datetime | None
    when_allowed: bool = False


ACCOUNTS = [
    Account(f"account-{number:02}", *each)
    for number, each in enumerate(product((None, LATELY, AHEAD), (False, True), (True, False)))
]
ROWS = [
    Row(account, *each)
    for account in ACCOUNTS
    for each in product(
        (State.QUEUED,),
        (None, "ratio", "rate-limit"),
        (False, True),
        (LONG_AGO, LATELY, AHEAD),
        (LONG_AGO, LATELY, AHEAD),
        (False, True),
    )
] + [
    Row(account, State.DRAFT, None, tried, due_at, None)
    for account, tried, due_at in product(ACCOUNTS, (False, True), (LONG_AGO, LATELY, AHEAD))
]


ALL = range(1, len(ROWS) + 1)
"""Numbers of the deliveries."""


def is_past_due(row: Row) -> bool:
    """By the rule in words: only a fault or the network delays it, for more than ten minutes."""
    if row.state is not State.QUEUED or row.due_at != LONG_AGO:
        return False
    if row.account.paused or not row.account.here:
        return False
    delayed = row.tried or AHEAD in {row.wake_at, row.account.rests_until}
    return row.hold == "rate-limit" or (row.hold is None and delayed)


@pytest.fixture
def filled(store: Store) -> Store:
    """The store with all these deliveries, numbered from 1 on as they stand in ROWS."""
    post = delivery(store, queued(store, account="another", due_at=AHEAD + PATIENCE)).post
    with transaction(store.engine, writes=True) as connection:
        connection.execute(deliveries.delete())
        connection.execute(
            accounts.insert(),
            [{"name": each.name, "rests_until": each.rests_until} for each in ACCOUNTS],
        )
        connection.execute(
            pauses.insert(),
            [
                {"account": each.name, "who": "ana", "at": START, "reason": "a storm"}
                for each in ACCOUNTS
                if each.paused
            ],
        )
        connection.execute(
            deliveries.insert(),
            [
                {
                    "id": number,
                    "post_id": post,
                    "account": row.account.name,
                    "network": "memory",
                    "state": row.state,
                    "credit": "others",
                    "text": "",
                    "text_hash": "",
                    "images": [],
                    "parts": [],
                    "dropped": [],
                    "due_at": row.due_at,
                    "pinned": False,
                    "wake_at": row.wake_at,
                    "when_allowed": row.when_allowed,
                    "hold_code": row.hold,
                    "hold_values": row.hold and HOLD,
                    "fault_code": "not-sent" if row.tried else None,
                    "fault_values": FAULT if row.tried else None,
                }
                for number, row in zip(ALL, ROWS, strict=True)
            ],
        )
    return store


def past_due(store: Store, most: int) -> Latest:
    with store.read() as unit:
        return (
            unit.attention(most)
            .all(
                [each.name for each in ACCOUNTS if each.here],
                NOW,
                due_before=NOW - PATIENCE,
                woken_before=NOW,
                answers_until=NOW,
            )
            .past_due
        )


WANTED = [number for number in ALL if is_past_due(ROWS[number - 1])]


def test_it_is_what_only_a_fault_or_its_network_delays(filled: Store) -> None:
    assert len(WANTED) > 20
    found = past_due(filled, len(ROWS))
    assert [each.id for each in found.deliveries] == WANTED
    assert found.earlier == 0


@pytest.mark.parametrize("most", [1, 7, len(WANTED) - 1, len(WANTED)])
def test_of_many_the_latest_are_named_and_the_earlier_ones_counted(
    filled: Store, most: int
) -> None:
    found = past_due(filled, most)
    assert [each.id for each in found.deliveries] == WANTED[-most:]
    assert found.earlier == len(WANTED) - most


def test_nothing_is_while_everything_is_paused(filled: Store) -> None:
    with filled.write() as unit:
        unit.pauses.begin(Pause(None, "ana", START, "a storm"))
    assert past_due(filled, 9) == Latest([], 0)


def is_next(row: Row, until: datetime | None) -> bool:
    """By the rule in words: it is due from now on; or held past its time, with an end of a list."""
    if row.state is not State.QUEUED or (until is not None and row.due_at >= until):
        return False
    is_held = row.hold is not None and until is not None and not row.when_allowed
    return row.due_at >= NOW or is_held


@pytest.mark.parametrize("most", [1, 5, 40, len(ROWS)])
@pytest.mark.parametrize("until", [None, AHEAD, AHEAD + PATIENCE])
def test_what_goes_next_is_of_all_accounts_the_first(
    filled: Store, most: int, until: datetime | None
) -> None:
    wanted = [number for number in ALL if is_next(ROWS[number - 1], until)]
    wanted.sort(key=lambda number: (ROWS[number - 1].due_at, number))
    with filled.read() as unit:
        found = unit.deliveries.next_queued(NOW, most, until)
    assert [each.id for each in found] == wanted[:most]
    assert wanted


def test_what_goes_next_is_found_behind_what_its_account_holds(store: Store) -> None:
    """Accounts with more than is asked for, and each with other times."""
    held = HoldNote(holds.RateLimited(), NOW + timedelta(days=1))
    numbers = []
    for minute in range(30):
        for account in ("a", "b", "c"):
            due_at = NOW + timedelta(minutes=minute * (1 + "abc".index(account)))
            numbers.append((due_at, queued(store, account=account, due_at=due_at)))
            if minute < 9:
                with store.write() as unit:
                    unit.transitions.hold(unit.deliveries.get(numbers[-1][1]), held, NOW)
    with store.read() as unit:
        for most in range(1, 60):
            found = unit.deliveries.next_queued(NOW, most)
            assert [each.id for each in found] == [number for _, number in sorted(numbers)[:most]]


def test_a_database_of_0031_gets_the_index_that_it_is_found_by(
    store: Store, tmp_path: Path
) -> None:
    old = of_version(store, "0031", tmp_path)
    with transaction(old.engine, writes=True) as connection:
        late = {"due_at": LONG_AGO, "wake_at": AHEAD}
        deliver(connection, 1, "queued", **late, fault_code="not-sent", fault_values=FAULT)
        deliver(connection, 2, "queued", **late)
        deliver(connection, 3, "queued", due_at=AHEAD, wake_at=AHEAD)

    upgrading.upgrade(old.engine)

    with old.read() as unit:
        found = unit.attention(9).all(
            ["x-main"], NOW, due_before=NOW - PATIENCE, woken_before=NOW, answers_until=NOW
        )
        assert [each.id for each in found.past_due.deliveries] == [1, 2]
        assert [each.id for each in unit.deliveries.postponed(NOW, 9).deliveries] == [1]
    old.close()
