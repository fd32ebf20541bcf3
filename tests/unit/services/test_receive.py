"""What partners did for us, as people enter it: kept, and of no weight at the gate."""

from collections.abc import Callable
from datetime import timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.errors import Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Tally, Window
from crosspromo.domain.received import ReceivedKind
from crosspromo.services.receive import LONGEST, Receiving
from crosspromo.settings import Account, Organisation, Settings
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

SETTINGS = Settings(
    organisation=Organisation(name="us", zone=ZoneInfo("UTC"), own_group=frozenset()),
    accounts=MappingProxyType(
        {"x-main": Account(name="x-main", network="sandbox", policy=Policy())}
    ),
)


@pytest.fixture
def receiving(store: Store) -> Receiving:
    with store.write() as unit:
        unit.accounts.register(["x-main"])
        unit.partners.save(Partner("keepers", "River Keepers"), START)
    return Receiving(store, FakeClock(), SETTINGS, "ana")


def test_what_was_received_is_kept_and_counts_for_nothing(
    receiving: Receiving, store: Store
) -> None:
    kept = receiving.add(
        "keepers",
        ReceivedKind.SHARE,
        START - timedelta(days=1),
        account="x-main",
        url="social.example/1",
        words=" They shared\u202e our gala. ",
    )
    assert (kept.url, kept.words) == ("https://social.example/1", "They shared our gala.")
    assert list(receiving.latest("keepers")) == list(receiving.latest()) == [kept]
    with store.read() as unit:
        assert unit.ledger.tally(None, Window(days=28), START) == Tally(0, 0)
        assert unit.ledger.rows_since(None, None) == []


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda it: it.add("nobody", ReceivedKind.LIKE, START), "no-such-partner"),
        (lambda it: it.latest("nobody"), "no-such-partner"),
        (lambda it: it.add("keepers", ReceivedKind.LIKE, START, account="y"), "no-such-account"),
        (lambda it: it.add("keepers", ReceivedKind.LIKE, START, url="no address"), "bad-address"),
        (
            lambda it: it.add("keepers", ReceivedKind.LIKE, START + timedelta(seconds=1)),
            "received-ahead",
        ),
        (
            lambda it: it.add("keepers", ReceivedKind.LIKE, START, words="x" * (LONGEST + 1)),
            "words-too-long",
        ),
    ],
)
def test_what_cannot_have_been_received_is_refused(
    receiving: Receiving, act: Callable[[Receiving], object], code: str
) -> None:
    with pytest.raises(Refused) as error:
        act(receiving)
    assert error.value.code == code
    assert receiving.latest() == []


def test_it_keeps_its_account_under_a_new_name(receiving: Receiving, store: Store) -> None:
    receiving.add("keepers", ReceivedKind.LIKE, START, account="x-main")
    with store.write() as unit:
        unit.renaming.move("x-main", "x-national")
    assert [each.account for each in receiving.latest()] == ["x-national"]
