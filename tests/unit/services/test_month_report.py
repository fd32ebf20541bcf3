"""Month reports: judged by the terms of their time, and by what was known at their end."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from stories import ACCOUNT, queued, rules

from crosspromo.domain.errors import UsageError
from crosspromo.domain.months import Month
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Terms
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.states import State
from crosspromo.phrasing.reports.month import page
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.report_faces.sheets import csv_of
from crosspromo.reports.month import AccountMonth
from crosspromo.reports.page import Doing, ReportPage
from crosspromo.services.month_report import MonthReports
from crosspromo.store.ledger.rows import LedgerUpdate
from crosspromo.store.schema import database_identity, deliveries, dismissals
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

CHICAGO = ZoneInfo("America/Chicago")
NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
NOTHING = OrganisationRules(floor=None, window=Window(days=28))
ONE_TO_ONE = Target(1, 1)
MARCH, APRIL, MAY = (Month(2026, number) for number in (3, 4, 5))


def reports(store: Store, target: Target = ONE_TO_ONE, whole: Target | None = None) -> MonthReports:
    return MonthReports(
        store,
        FakeClock(NOW),
        CHICAGO,
        {ACCOUNT: rules(ACCOUNT, target=target)},
        OrganisationRules(floor=whole, window=Window(days=28)),
    )


def went_out(store: Store, credit: Credit, at: datetime, *, released: bool = False) -> None:
    """A delivery that went out then, with its ledger row."""
    number = queued(store, f"{credit} {at}", credit=credit)
    with store.write() as unit:
        unit.ledger.apply(
            [LedgerUpdate(number, ACCOUNT, credit, State.PUBLISHED, at, at, released, State.QUEUED)]
        )


def month_of(store: Store, month: Month, target: Target = ONE_TO_ONE) -> AccountMonth:
    (found,) = reports(store, target).of(month).report.accounts
    return found


class TestMonth:
    def test_a_month_is_written_with_its_year_first(self) -> None:
        assert Month.parse("2026-10") == Month(2026, 10)
        assert str(Month(2026, 3)) == "2026-03"

    @pytest.mark.parametrize(
        "text", ["", "2026", "2026-13", "2026-00", "26-10", "1999-12", "٢٠٢٦-10"]
    )
    def test_other_texts_are_no_month(self, text: str) -> None:
        with pytest.raises(UsageError):
            Month.parse(text)

    def test_months_follow_over_the_end_of_a_year(self) -> None:
        assert Month(2026, 12).following == Month(2027, 1)
        assert Month(2027, 1).before == Month(2026, 12)
        assert all(Month(2026, n).following.before == Month(2026, n) for n in range(1, 13))


def test_a_month_begins_and_ends_by_the_clocks_of_the_organisation(store: Store) -> None:
    late_on_the_last = datetime(2026, 5, 1, 4, 30, tzinfo=UTC)  # 23:30 of 30 April in Chicago
    went_out(store, Credit.OTHERS, late_on_the_last)
    assert month_of(store, APRIL).others == 1
    assert month_of(store, MAY).others == 0


def test_what_a_person_released_is_no_post_that_was_allowed(store: Store) -> None:
    at = datetime(2026, 4, 10, tzinfo=UTC)
    went_out(store, Credit.OTHERS, at)
    went_out(store, Credit.SELF, at + timedelta(hours=1))
    went_out(store, Credit.SELF, at + timedelta(hours=2), released=True)
    found = month_of(store, APRIL)
    assert (found.sent, found.allowed, found.released) == (2, 1, 1)


def test_a_promise_that_is_not_kept_at_the_end_says_since_when(store: Store) -> None:
    at = datetime(2026, 4, 20, tzinfo=UTC)
    went_out(store, Credit.SELF, at)
    found = month_of(store, APRIL)
    assert (found.ok, found.below_since) == (False, at)


def test_a_self_post_after_the_end_does_not_count(store: Store) -> None:
    went_out(store, Credit.SELF, datetime(2026, 5, 5, tzinfo=UTC))
    assert month_of(store, APRIL).ok
    assert not month_of(store, MAY).ok


def test_a_month_is_judged_by_the_terms_that_were_in_force_at_its_end(store: Store) -> None:
    at = datetime(2026, 4, 25, tzinfo=UTC)
    for number in range(2):
        went_out(store, Credit.OTHERS, at + timedelta(hours=number))
    went_out(store, Credit.SELF, at + timedelta(hours=3))
    with store.write() as unit:
        terms = Terms(Target(1, 1), None, Window(days=28))
        unit.policies.record({ACCOUNT: terms}, datetime(2026, 1, 1, tzinfo=UTC))
        stricter = Terms(Target(3, 1), None, Window(days=28))
        unit.policies.record({ACCOUNT: stricter}, datetime(2026, 5, 2, tzinfo=UTC))
    april = month_of(store, APRIL, Target(3, 1))
    assert (april.target, april.ok) == ("1:1", True)
    may = month_of(store, MAY, Target(3, 1))
    assert (may.target, may.ok) == ("3:1", False)


def test_an_account_that_is_gone_is_in_the_months_in_which_it_posted(store: Store) -> None:
    went_out(store, Credit.OTHERS, datetime(2026, 4, 20, tzinfo=UTC))
    gone = MonthReports(store, FakeClock(NOW), CHICAGO, {}, NOTHING)
    (found,) = gone.of(APRIL).report.accounts
    assert (found.account, found.network, found.others) == (ACCOUNT, "", 1)
    assert gone.of(MARCH).report.accounts == []


def test_all_accounts_together_are_judged_by_the_floor(store: Store) -> None:
    went_out(store, Credit.SELF, datetime(2026, 4, 20, tzinfo=UTC))
    whole = reports(store, whole=Target(1, 1)).of(APRIL).report.organisation
    assert whole is not None
    assert (whole.account, whole.self_, whole.ok) == ("", 1, False)
    assert reports(store).of(APRIL).report.organisation is None


def test_a_month_that_has_not_begun_has_no_report(store: Store) -> None:
    with pytest.raises(UsageError, match="2026-06 has not begun"):
        reports(store).of(Month(2026, 6))


def test_no_cell_of_the_table_runs_as_a_formula(store: Store) -> None:
    went_out(store, Credit.OTHERS, datetime(2026, 4, 20, tzinfo=UTC))
    lines = csv_of(page(reports(store).of(APRIL))).splitlines()
    assert lines[0].startswith("account,network,target,window,others,self")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in lines[1].split(","))


def recorded_since(store: Store, moment: datetime) -> None:
    with store.write() as unit:
        update = database_identity.update().values(history_since=moment)
        unit._connection.execute(update)


def asked(store: Store, slug: str, since: datetime) -> None:
    """A partner with a cadence, added then."""
    with store.write() as unit:
        unit.partners.save(Partner(slug, slug.title(), cadence_days=30), since)


def proposed(said: ReportPage) -> list[str]:
    """Partners whom a report proposes to share."""
    return [each.of for each in said.acts if each.doing is Doing.SHARE]


def test_partners_who_were_added_after_a_month_do_not_count_in_it(store: Store) -> None:
    recorded_since(store, datetime(2026, 5, 1, 12, tzinfo=UTC))
    asked(store, "early", datetime(2026, 5, 1, 12, tzinfo=UTC))
    asked(store, "late", datetime(2026, 5, 4, tzinfo=UTC))
    assert [each.slug for each in reports(store).of(APRIL).around.partners] == ["early"]
    assert len(reports(store).of(MAY).around.partners) == 2
    assert "Not known yet when it ended, and so not counted as past due: Late." in (
        page(reports(store).of(APRIL)).remarks
    )
    assert "Not known yet" not in repr(page(reports(store).of(MAY)))


def test_a_month_before_its_partners_were_entered_counts_what_is_recorded_of_it(
    store: Store,
) -> None:
    recorded_since(store, NOW - timedelta(days=1))
    asked(store, "late", NOW - timedelta(hours=1))
    at = datetime(2026, 4, 15, tzinfo=UTC)
    mention = Received(0, "late", at, ReceivedKind.MENTION, None, "", "", NOW, "Maria", None)
    with store.write() as unit:
        unit.received.add(mention)
    said = page(reports(store).of(APRIL))
    assert said.lead[0].endswith("No partner who was known then was past due.")
    told = repr(said.sections)
    assert "No partner who was known then had a cadence." in told
    assert "no cadence is set" not in told
    assert "Late: they gave 1 more." in told


def test_a_past_month_proposes_only_what_is_useful_now(store: Store) -> None:
    began = datetime(2026, 1, 1, tzinfo=UTC)
    recorded_since(store, began)
    asked(store, "river-keepers", began)
    asked(store, "forgotten", began)
    went_out(store, Credit.OTHERS, datetime(2026, 5, 10, tzinfo=UTC))  # about river-keepers
    asked(store, "river-keepers", began)
    found = reports(store).of(APRIL)
    said = page(found)
    assert "Past due at its end, and never shared: Forgotten, River-Keepers." in said.lead[0]
    assert [each.of for each in said.acts] == ["forgotten"]
    assert page(reports(store).of(None, datetime(2026, 5, 1, tzinfo=UTC))).acts == ()


def test_who_was_never_shared_is_due_so_many_days_after_the_cadence_was_set(store: Store) -> None:
    asked(store, "new", NOW - timedelta(days=20))
    asked(store, "forgotten", NOW - timedelta(days=40))
    asked(store, "old", NOW - timedelta(days=100))
    found = reports(store).of(MAY)
    today = found.scope.as_of.astimezone(CHICAGO).date()
    assert [(each.slug, each.over(today)) for each in found.around.partners] == [
        ("old", 70),
        ("forgotten", 10),
        ("new", 0),
    ]
    said = page(found)
    assert "1 of 3 partners with a cadence are in time; not Old, Forgotten." in repr(said.sections)
    assert said.acts[0].why == "They were never shared; a share is due every 30 days."
    assert proposed(said) == ["old", "forgotten"]
    assert (
        "Past due, and never shared: Old, Forgotten. Not shared yet, and not past due: New."
        in (said.lead[0])
    )


def test_what_is_due_is_told_alike_in_the_lead_the_lines_and_the_acts(store: Store) -> None:
    asked(store, "new", NOW - timedelta(days=20))
    said = page(reports(store).of(MAY))
    assert "No partner is past due. Not shared yet, and not past due: New." in said.lead[0]
    assert "1 of 1 partner with a cadence are in time." in repr(said.sections)
    assert not proposed(said)


def test_a_partner_about_whom_something_is_queued_is_proposed_for_no_share(store: Store) -> None:
    asked(store, "river-keepers", NOW - timedelta(days=90))
    assert proposed(page(reports(store).of(MAY))) == ["river-keepers"]
    queued(store)
    asked(store, "river-keepers", NOW - timedelta(days=90))
    assert not proposed(page(reports(store).of(MAY)))


def test_a_dismissed_post_was_not_sent_and_needs_nobody(store: Store) -> None:
    number = queued(store, due_at=NOW - timedelta(days=2))
    with store.write() as unit:
        unit._connection.execute(deliveries.update().values(state=State.EXPIRED, wake_at=None))
    before = page(reports(store).of(MAY))
    assert "needs a person" in repr(before.sections)
    assert Doing.LOOK in {each.doing for each in before.acts}
    with store.write() as unit:
        seen = {"at": NOW, "who": "ana", "reason": "on purpose"}
        unit._connection.execute(
            dismissals.insert().values(delivery_id=number, state=State.EXPIRED, attempt=0, **seen)
        )
    after = page(reports(store).of(MAY))
    assert "needs a person" not in repr(after.sections)
    assert "1 post not sent" in repr(after.sections)
    assert "expired, dismissed" in repr(after.sections)
    assert Doing.LOOK not in {each.doing for each in after.acts}
    with store.read() as unit:
        begins = NOW - timedelta(days=9)
        assert [unit.months.unsent(begins, NOW, most)[1:] for most in (0, 9)] == [(1, 0)] * 2


def test_a_released_post_in_doubt_was_posted_by_us_and_its_release_is_told(store: Store) -> None:
    at = datetime(2026, 5, 10, tzinfo=UTC)
    number = queued(store, "Us", credit=Credit.SELF)
    with store.write() as unit:
        released = {"override_by": "ana", "override_reason": "It cannot wait."}
        doubt = {"state": State.UNKNOWN, "sent_at": at, "attempt": 1}
        unit._connection.execute(deliveries.update().values(**doubt, **released))
        unit.ledger.apply(
            [LedgerUpdate(number, ACCOUNT, Credit.SELF, State.UNKNOWN, at, at, True, State.QUEUED)]
        )
    found = reports(store).of(MAY)
    said = page(found)
    assert "1 in doubt or deleted" in repr(said.sections)
    assert "posted elsewhere" not in repr(said.sections)
    assert "A person released 1 self post." in said.lead[0]
    assert "It cannot wait." in repr(said.sections)
    assert found.around.carried.posts == 0  # nobody knows whether it was sent


def test_self_posts_that_were_made_elsewhere_were_seen_by_no_gate(store: Store) -> None:
    (each, *_), elsewhere = reports(store).of(APRIL).report.accounts, "posted elsewhere"
    found = reports(store).of(APRIL)
    outside = replace(each, self_=2, sent=0)
    shown = replace(found, report=replace(found.report, accounts=[outside]))
    assert elsewhere in repr(page(shown).sections)
    assert elsewhere not in repr(page(found).sections)


def test_what_is_in_doubt_now_is_told_of_today_and_not_of_a_past_month(store: Store) -> None:
    found = reports(store).of(APRIL)
    found = replace(found, around=replace(found.around, unknown=2))
    said = page(found)
    assert "2 posts in doubt" not in repr(said.sections)
    told = "Whether some were in doubt then is not recorded. Today 2 posts are in doubt."
    assert told in repr(said.sections)
    assert said.acts[0].what == "Say what became of 2 posts"
    assert said.acts[0].why.startswith("Today nobody knows whether they went out")
    goes_on = reports(store).of(MAY)
    goes_on = replace(goes_on, around=replace(goes_on.around, unknown=2))
    assert "Today" not in page(goes_on).acts[0].why + repr(page(goes_on).sections)


def test_a_month_without_posts_says_whether_the_promise_was_kept(store: Store) -> None:
    assert page(reports(store).of(APRIL)).headline == ("April 2026: nothing went out; promise kept")


def test_a_month_without_cadences_counts_no_partners(store: Store) -> None:
    assert "No partner had a cadence." in repr(page(reports(store).of(APRIL)))


def test_a_month_that_had_not_begun_at_the_moment_says_so(store: Store) -> None:
    with pytest.raises(UsageError, match="2026-05 had not begun on Wed 2026-04-29"):
        reports(store).of(MAY, datetime(2026, 4, 29, 12, tzinfo=UTC))


def test_what_a_partner_gave_who_is_archived_still_counts(store: Store) -> None:
    for slug in ("aspen", "birch"):
        asked(store, slug, datetime(2026, 3, 1, tzinfo=UTC))
        at = datetime(2026, 5, 10, tzinfo=UTC)
        with store.write() as unit:
            unit.received.add(
                Received(0, slug, at, ReceivedKind.SHARE, None, "", "", at, "Maria", None)
            )
    with store.write() as unit:
        unit.partners.save(Partner("birch", "Birch", archived_at=NOW - timedelta(days=1)), NOW)
    around = reports(store).of(MAY).around
    assert [(each.received, each.is_archived) for each in around.reciprocity] == [
        (1, False),
        (1, True),
    ]
    assert (around.received, around.received_before) == (2, 0)
