"""Reports agree with a naive count, and a report of a past day is what was printed on that day."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from reported_year import BEGIN, FLOOR, RULES, SLUGS, Year

from crosspromo.documents_reports import of_page
from crosspromo.domain.errors import UsageError
from crosspromo.domain.events import Event
from crosspromo.domain.figures import Figures, Followers
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Terms
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Window
from crosspromo.domain.report_rows import Source
from crosspromo.phrasing.reports.basis import MERGED, TODAYS_EVENTS
from crosspromo.phrasing.reports.gate import page as gate_page
from crosspromo.phrasing.reports.month import page as month_page
from crosspromo.phrasing.reports.named import NAMED
from crosspromo.reports.gate import HoldFigure
from crosspromo.reports.page import Section
from crosspromo.reports.sharing import Sharing
from crosspromo.services.month_report import MonthReports
from crosspromo.services.policy_history import terms_of
from crosspromo.services.reports import WEEKS, Reports
from crosspromo.store.schema import figures, ledger, received
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

CHICAGO = ZoneInfo("America/Chicago")
DAYS = 365
EVERY = 15
"""Days between two reports that are printed and kept."""

Printed = Mapping[str, object]


def reports(store: Store, now: datetime) -> Reports:
    return Reports(store, FakeClock(now), CHICAGO, RULES, FLOOR, "Us")


def months(store: Store, now: datetime) -> MonthReports:
    return MonthReports(store, FakeClock(now), CHICAGO, RULES, FLOOR)


def printed(store: Store, now: datetime, as_of: datetime | None = None) -> Printed:
    """Tables and sentences of every report, but what says that it is of a past moment.

    What is to be done is of now alone.
    """
    found = reports(store, now)
    pages = {name: making(found, as_of) for name, making in NAMED.items()}
    month = months(store, now).of(None, as_of)
    around = replace(
        month.around,
        unknown=None,
        pressing=(),
        today=BEGIN.date(),
        sharing=Sharing((), {}, BEGIN),
        entered_later=(),
    )
    return {
        "month": (month.month, month.report, around),
        **{name: (page.headline, page.lead, page.sections) for name, page in pages.items()},
    }


def mean(counts: Sequence[int]) -> float | None:
    return round(sum(counts) / len(counts), 2) if counts else None


def begin(store: Store, seed: int) -> Year:
    year = Year(store, Random(seed))
    year.begin()
    terms: dict[str | None, Terms] = {name: terms_of(each.policy) for name, each in RULES.items()}
    terms[None] = Terms(FLOOR.floor, None, FLOOR.window)
    with store.write() as unit:
        unit.policies.record(terms, BEGIN - timedelta(days=1))
    known_since(store, BEGIN - timedelta(days=1))
    return year


def known_since(store: Store, moment: datetime) -> None:
    """Have records of the past begin at a moment, as if the database had been made then."""
    from crosspromo.store.schema import database_identity  # noqa: PLC0415 (this function alone)

    with store.write() as unit:
        update = database_identity.update().values(history_since=moment)
        unit._connection.execute(update)


def test_a_report_of_a_past_day_is_what_was_printed_on_that_day(store: Store) -> None:
    year = begin(store, 0)
    kept: dict[datetime, Printed] = {}
    for number in range(DAYS):
        now = BEGIN + timedelta(days=number)
        year.day(now)
        if number == DAYS // 2:  # terms change, and one more partner comes
            with store.write() as unit:
                birch = unit.partners.get("birch")
                unit.partners.save(replace(birch, closeness="broad", list=""), now)
                unit.partners.save(Partner("dogwood", "Dogwood", closeness="close"), now)
        if number % EVERY == 0:
            kept[now] = printed(store, now)
    end = BEGIN + timedelta(days=DAYS)
    for moment, was in kept.items():
        again = printed(store, end, moment)
        for name in was:
            assert again[name] == was[name], (moment, name)


def test_figures_agree_with_a_naive_count(store: Store) -> None:
    year = begin(store, 1)
    for number in range(DAYS):
        year.day(BEGIN + timedelta(days=number))
    end = BEGIN + timedelta(days=DAYS)
    for moment in [*(BEGIN + timedelta(days=each) for each in (3, 100, 200, 300)), end]:
        found = reports(store, end)
        as_of = None if moment == end else moment
        ratio = found.ratio(as_of).report
        for each in ratio.accounts:
            window = RULES[each.account].policy.window
            assert (each.others, each.self_) == year.tally(each.account, window, moment)
        whole = ratio.organisation
        assert (whole.others, whole.self_) == year.tally(None, FLOOR.window, moment)
        for figure in found.partners(as_of).partners:
            assert figure.posts == year.given(figure.slug, moment, 90)
        pairs = {
            each.slug: (each.given, each.by_hand, each.observed)
            for each in found.reciprocity(as_of).partners
        }
        for slug in SLUGS:
            got = [
                year.got(slug, moment, 90, source) for source in (Source.BY_HAND, Source.OBSERVED)
            ]
            assert pairs.get(slug, (0, 0, 0)) == (year.given(slug, moment, 90), *got)
        *accounts, all_accounts = found.amplification(as_of).accounts
        theirs, ours = (year.shared(moment, 7 * WEEKS, others=each) for each in (True, False))
        assert all_accounts.measured == len(theirs) + len(ours)
        assert all_accounts.partner_shares_per_post == mean(theirs)
        assert all_accounts.self_shares_per_post == mean(ours)
        of_x = next(each for each in accounts if each.account == "x-main")
        assert of_x.followers == year.followers(moment, 7 * WEEKS)


def test_of_a_time_before_the_records_a_report_says_that_it_cannot_know(store: Store) -> None:
    begin(store, 1)
    now = BEGIN + timedelta(days=10)
    known_since(store, now - timedelta(days=1))
    found = reports(store, now)
    before = NAMED["partners"](found, now - timedelta(days=5))
    assert any("cannot know" in remark for remark in before.remarks)
    after = NAMED["partners"](found, now - timedelta(hours=1))
    assert not any("cannot know" in remark for remark in after.remarks)
    assert any("recorded by that moment" in remark for remark in after.remarks)
    assert (MERGED in before.remarks, MERGED in after.remarks) == (True, True)
    assert "what is recorded now" in before.basis.age
    assert "what was recorded by then" in after.basis.age
    assert MERGED not in NAMED["partners"](found, None).remarks


def test_the_page_for_a_partner_says_of_a_past_moment_that_events_are_those_of_today(
    store: Store,
) -> None:
    from crosspromo.phrasing.reports.partner import page  # noqa: PLC0415 (likewise)

    begin(store, 1)
    found = reports(store, BEGIN + timedelta(days=1))
    assert TODAYS_EVENTS in page(found.partner("aspen", BEGIN)).remarks
    assert TODAYS_EVENTS not in page(found.partner("aspen")).remarks


def test_programs_read_days_and_null_where_people_read_words(store: Store) -> None:
    year = begin(store, 3)
    for number in range(5):
        year.day(BEGIN + timedelta(days=number))
    with store.write() as unit:
        unit.partners.save(Partner("dogwood", "Dogwood"), BEGIN)
    page = NAMED["partners"](reports(store, BEGIN + timedelta(days=5)), None)
    rows = {row["partner"]: row for row in of_page(page)["tables"]["partners"]}
    assert (rows["dogwood"]["last_shared"], rows["dogwood"]["due"]) == (None, None)
    assert all(isinstance(rows[slug]["last_shared"], date) for slug in SLUGS)
    assert "never" in repr(page.sections)


def test_archiving_a_partner_takes_nothing_of_what_was_given_away(store: Store) -> None:
    year = begin(store, 3)
    for number in range(20):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=20)
    before = NAMED["reciprocity"](reports(store, now), None)
    with store.write() as unit:
        unit.partners.save(replace(unit.partners.get("aspen"), archived_at=now), now)
    after = NAMED["reciprocity"](reports(store, now), None)
    assert before.lead[0].split(".")[0] == after.lead[0].split(".")[0]
    assert "Aspen (archived)" in repr(after.sections)
    assert "Aspen (archived)" not in repr(before.sections)
    assert "aspen" not in {each.of for each in after.acts}
    partners = NAMED["partners"](reports(store, now), None)
    assert partners.lead == [
        "2 of 2 partners were shared in 90 days; so was 1 archived partner, who is not listed."
    ]


def test_self_posts_that_are_held_are_not_told_as_sent(store: Store) -> None:
    begin(store, 1)
    gate = reports(store, BEGIN).gate()
    hour = timedelta(hours=1)
    held = replace(gate, accounts=(), holds=[HoldFigure("ratio", 1, 1, hour, hour)])
    assert gate_page(held).headline == "No self post went out; posts were held 1 time"


@pytest.mark.parametrize("name", NAMED)
def test_a_moment_to_come_is_refused(store: Store, name: str) -> None:
    begin(store, 1)
    with pytest.raises(UsageError, match="has not come yet"):
        NAMED[name](reports(store, BEGIN), BEGIN + timedelta(days=1))


def test_only_a_report_of_now_proposes_what_to_do(store: Store) -> None:
    begin(store, 1)
    now = BEGIN + timedelta(days=100)  # nobody was shared, and all are past due
    with store.write() as unit:
        for days in (20, 110):
            starts = BEGIN + timedelta(days=days)
            unit.events.save(Event("", f"Walk {days}", starts, starts, "UTC", "", partners=()))
    found = reports(store, now)
    for name in ("partners", "focus", "events"):
        assert NAMED[name](found, None).acts, name
        assert NAMED[name](found, BEGIN + timedelta(days=15)).acts == (), name


def test_of_a_time_before_the_records_what_is_recorded_now_counts(store: Store) -> None:
    year = begin(store, 1)
    for number in range(40):
        year.day(BEGIN + timedelta(days=number))
    then, end = BEGIN + timedelta(days=39), BEGIN + timedelta(days=60)
    with store.write() as unit:  # it was all entered at the end
        counted = ledger.update().where(ledger.c.taken_back_at.is_(None))
        unit._connection.execute(counted.values(recorded_at=end))
        unit._connection.execute(received.update().values(recorded_at=end))
    known_since(store, end)
    found = reports(store, end)
    for each in found.ratio(then).report.accounts:
        window = RULES[each.account].policy.window
        assert (each.others, each.self_) == year.tally(each.account, window, then)
    pairs = {each.slug: each for each in found.reciprocity(then).partners}
    assert {slug: pairs[slug].given for slug in SLUGS} == {
        slug: year.given(slug, then, 90) for slug in SLUGS
    }
    assert sum(each.received for each in pairs.values()) > 0
    assert sum(map(sum, found.focus(then).posts.values())) > 0
    assert {each.slug for each in found.partners(then).partners if each.posts} == set(SLUGS)
    assert found.gate(then).released == found.gate().released
    january, was = months(store, end).of(None, then), year.tally(None, Window(days=28), then)
    assert (january.month.number, january.report.others > 0) == (2, True)
    whole = january.report.organisation
    assert whole is not None
    assert (whole.standing.others, whole.standing.self_) == was


def test_of_a_time_before_the_records_of_which_nothing_is_recorded_no_promise_is_said_to_be_kept(
    store: Store,
) -> None:
    begin(store, 1)
    end = BEGIN + timedelta(days=60)
    known_since(store, end)
    month = month_page(months(store, end).of(None, BEGIN + timedelta(days=20)))
    ratio = NAMED["ratio"](reports(store, end), BEGIN + timedelta(days=20))
    for page in (month, ratio):
        assert page.headline.endswith("whether the promise was kept is not known")
        cells = [
            cell
            for section in page.sections
            if section.table
            for row in section.table.rows
            for cell in row
        ]
        assert not {"kept", "yes"} & set(map(str, cells))


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("year", [1, 9999])
def test_a_moment_of_a_year_without_reports_is_refused(store: Store, name: str, year: int) -> None:
    with pytest.raises(UsageError, match="write one of the years 2000 to 9998"):
        NAMED[name](reports(store, BEGIN), datetime(year, 12, 31, tzinfo=UTC))


def test_a_month_of_a_year_without_reports_is_refused(store: Store) -> None:
    with pytest.raises(UsageError, match="write one of the years"):
        months(store, BEGIN).of(None, datetime(1, 1, 1, tzinfo=CHICAGO))


def test_every_report_says_its_window_zone_target_and_the_age_of_its_data(store: Store) -> None:
    begin(store, 1)
    found = reports(store, BEGIN)
    for making in NAMED.values():
        page = making(found, None)
        assert page.basis.zone == "America/Chicago"
        assert " to " in page.basis.window
        assert page.basis.target
        assert page.basis.age


def test_what_no_network_told_is_not_known_and_never_0(store: Store) -> None:
    year = begin(store, 3)
    for number in range(20):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=20)
    with store.write() as unit:
        unit._connection.execute(figures.delete())
    *_, whole = reports(store, now).amplification().accounts
    assert whole.posts > 0
    assert (whole.partner_shares_per_post, whole.self_shares_per_post) == (None, None)


def test_shares_are_counted_per_post_and_per_100_followers_where_they_are_known(
    store: Store,
) -> None:
    year = begin(store, 3)
    for number in range(20):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=20)
    year.told.clear()
    with store.write() as unit:
        unit._connection.execute(figures.delete())
        day = (now - timedelta(days=1)).date().isoformat()
        unit.figures.keep_followers(Followers("x-main", day, 200, now))
    for row in year.counted:
        if row.account == "x-main" and row.others and row.taken_back is None:
            year.tell(row, Figures(reposts=3, quotes=1), now)
    of_x = next(each for each in reports(store, now).amplification().accounts if each.followers)
    assert (of_x.partner_shares_per_post, of_x.self_shares_per_post) == (4.0, None)
    assert (of_x.followers, of_x.per_100_followers) == (200, 2.0)


def test_a_partner_reads_what_came_of_posts_about_them_alone(store: Store) -> None:
    year = begin(store, 3)
    for number in range(20):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=20)
    found = reports(store, now).partner("aspen")
    theirs = {year.numbers[id(row)] for row in year.counted if row.partner == "aspen"}
    told = {number for number, _, _ in year.told}
    assert found.measured
    assert set(found.measured) == told & theirs & {row.delivery for row in found.given}


def test_the_page_for_a_partner_names_nobody_else(store: Store) -> None:
    year = begin(store, 4)
    for number in range(60):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=60)
    with store.write() as unit:
        secret = replace(
            unit.partners.get("aspen"), tier="gold", support="2", why="w-h-y", owner="Olga"
        )
        unit.partners.save(secret, now)
    from crosspromo.phrasing.reports.partner import page  # noqa: PLC0415 (this test alone)

    found = page(reports(store, now).partner("aspen"))
    said = repr(found)
    assert "Aspen" in said
    for word in ("irch", "edar", "gold", "w-h-y", "Olga", "focus"):
        assert word not in said, word


def test_words_of_an_imported_post_and_titles_of_events_name_nobody_else(store: Store) -> None:
    from crosspromo.phrasing.reports.partner import JOINT_EVENT, page  # noqa: PLC0415 (likewise)

    begin(store, 4)
    now = BEGIN + timedelta(days=1)
    imported = [
        OutsidePost("x-main", BEGIN, Credit.OTHERS, "aspen", words, f"https://x.example/{place}")
        for place, words in (("a", "Aspen with BIRCH"), ("b", "Aspen alone"), ("cedar", "Aspen"))
    ]
    hosted = (
        ("Cleanup with Birch", ("aspen", "birch")),
        ("Night with birch", ("aspen",)),
        ("Fair of Aspen", ("aspen",)),
    )
    with store.write() as unit:
        unit.outside_posts.record(imported, now)
        for title, partners in hosted:
            starts = now + timedelta(days=3)
            ends = starts + timedelta(hours=1)
            unit.events.save(Event("", title, starts, ends, "UTC", title, partners=partners))
    said = repr(page(reports(store, now).partner("aspen")))
    assert not re.search("birch|cedar|x-main", said, re.IGNORECASE)
    assert "Aspen alone" in said
    assert "Fair of Aspen" in said
    assert said.count(JOINT_EVENT) == 2


def test_the_place_of_a_share_is_the_network_that_its_account_stands_for(store: Store) -> None:
    year = begin(store, 4)
    for number in range(60):
        year.day(BEGIN + timedelta(days=number))
    accounts = {**RULES, "x-main": replace(RULES["x-main"], text_network="bluesky")}
    now = FakeClock(BEGIN + timedelta(days=60))
    found = Reports(store, now, CHICAGO, accounts, FLOOR, "Us").partner("aspen")
    places = {(each.account, each.network) for each in found.given}
    assert ("x-main", "bluesky") in places
    assert ("bluesky", "memory") in places


def test_an_address_that_names_somebody_else_is_not_on_the_page_for_a_partner(
    store: Store,
) -> None:
    year = begin(store, 4)
    for number in range(60):
        year.day(BEGIN + timedelta(days=number))
    now = BEGIN + timedelta(days=60)
    assert len(reports(store, now).partner("aspen").received) > 1
    with store.write() as unit:
        update = received.update().values(url="https://birch.example/about/aspen")
        unit._connection.execute(update)
    assert {each.url for each in reports(store, now).partner("aspen").received} == {""}


def sections(found: MonthReports) -> Mapping[str, Section]:
    from crosspromo.phrasing.reports.month import page  # noqa: PLC0415 (the tests of months)

    return {each.key: each for each in page(found.of()).sections}


def test_what_went_wrong_is_never_empty(store: Store) -> None:
    begin(store, 1)
    wrong = sections(months(store, BEGIN))["wrong"]
    assert "We looked at" in " ".join(wrong.sentences)


def test_a_month_has_five_lines_each_with_target_and_trend(store: Store) -> None:
    begin(store, 1)
    table = sections(months(store, BEGIN))["lines"].table
    assert table is not None
    assert len(table.rows) == 5
    assert all(cell for row in table.rows for cell in row)
