"""Balances are the numbers of the ratio report, whatever stands in the ledger."""

from dataclasses import replace
from datetime import timedelta

from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.databases import memory_store
from stories import NO_FLOOR, rules

from crosspromo.domain.policy import Policy
from crosspromo.domain.ratio import Target, Window
from crosspromo.reports.balances import balances
from crosspromo.reports.ratio import ratio_report
from crosspromo.store.schema import ledger
from crosspromo.testing.clock import START

POLICIES = (
    Policy(target=Target(3, 1)),
    Policy(target=Target(1, 1), window=Window(days=7)),
    Policy(target=Target(9, 1), window=Window(posts=5)),
    Policy(target=None, quota=2),
    Policy(target=None),
)
ACCOUNTS = [replace(rules(f"a{n}"), policy=policy) for n, policy in enumerate(POLICIES)]
FLOOR = replace(NO_FLOOR, floor=Target(1, 1))

ROWS = st.lists(
    st.tuples(
        st.integers(0, len(ACCOUNTS) - 1),
        st.integers(-40 * 24, 48),
        st.sampled_from([(1, 0), (0, 1), (1, 1)]),
    ).filter(lambda row: row[1] < 0 or row[2] != (1, 1)),
    max_size=25,
)
"""Account, hours from now, and counts. No joint post is dated ahead: of such a one the report's
earliest moment counts the part about others as well.
"""


@settings(deadline=None, max_examples=examples(40))
@given(ROWS)
def test_balances_agree_with_the_report(rows: list[tuple[int, int, tuple[int, int]]]) -> None:
    store = memory_store()
    with store.write() as unit:
        unit.accounts.register([each.name for each in ACCOUNTS])
        for number, (account, hours, (others, self_)) in enumerate(rows):
            unit._connection.execute(
                ledger.insert(),
                {
                    "account": ACCOUNTS[account].name,
                    "at": START + timedelta(hours=hours, minutes=number),
                    "others": others,
                    "self": self_,
                    "origin": "outside",
                    "why": "drawn",
                    "remote_id": str(number),
                    "recorded_at": START,
                },
            )
        unit._hours.rebuild()
    with store.read() as unit:
        told = ratio_report(unit, ACCOUNTS, FLOOR, START)
        found = balances(unit, ACCOUNTS, FLOOR, START)
    store.close()
    assert [replace(each, below_since=None) for each in told.accounts] == list(found.accounts)
    assert replace(told.organisation, below_since=None) == found.organisation
