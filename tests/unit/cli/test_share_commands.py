"""Commands for shares of partners: in reports and in the list of what is due, by one rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from crosspromo.cli.partner_words import command_for
from crosspromo.cli.report_acts import command_of
from crosspromo.domain.partners_due import Due, Why
from crosspromo.phrasing.reports.sharing import AGAIN, acts_of_sharing
from crosspromo.reports.page import Doing, NextAct
from crosspromo.reports.sharing import Sharing

NOW = datetime(2026, 4, 22, 14, tzinfo=UTC)
LATELY = NOW - timedelta(days=10)
DUE = Due("aspen", "Aspen", Why.CADENCE, date(2026, 4, 20), 2, None, None)
SHARING = Sharing({"cedar"}, {"birch": LATELY}, NOW)


def test_who_is_due_is_shared_by_a_spotlight_unless_it_would_say_the_same_or_one_is_queued() -> (
    None
):
    assert command_for(DUE, NOW) == "crosspromo queue spotlight aspen --to all"
    assert command_for(replace(DUE, last_shared_at=LATELY), NOW) == "crosspromo plan"
    planned = replace(DUE, planned_at=NOW + timedelta(days=1))
    assert command_for(planned, NOW) == "crosspromo queue list --partner aspen"


def test_reports_leave_out_who_is_queued_and_ask_for_something_new_of_who_was_shared_lately() -> (
    None
):
    wanted = [(slug, slug.title(), "They are due.") for slug in ("cedar", "birch", "aspen", "elm")]
    acts = acts_of_sharing(wanted, SHARING, 2)
    assert [(each.what, command_of(each)) for each in acts] == [
        ("Share Birch with something new", "crosspromo plan"),
        ("Share Aspen", "crosspromo queue spotlight aspen --to all"),
    ]
    assert [each.why for each in acts] == [f"They are due. {AGAIN}", "They are due."]
    assert SHARING.open_to_spotlights(["cedar", "birch", "aspen"]) == ["aspen"]


def test_an_account_of_which_nobody_can_be_shared_is_planned_for() -> None:
    act = NextAct(Doing.SHARE_ON, "Share a partner on x-main", "It is short.", "x-main")
    assert command_of(act) == "crosspromo plan --account x-main"
    named = replace(act, partner="aspen")
    assert command_of(named) == "crosspromo queue spotlight aspen --to x-main"
