"""The editorial calendar leaves as a workbook, is changed, and comes back: what was changed is
changed, and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from io import BytesIO
from time import perf_counter
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from calendar_books import Book
from examples import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import AS_THEY_ARE
from openpyxl import load_workbook
from servers.databases import memory_store
from staff import person
from stories import NO_FLOOR, TEMPLATES, delivery, rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.changes import Change
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.editorial import COLUMNS
from crosspromo.domain.errors import ImportFailedError
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Image, Kind
from crosspromo.domain.reasons.not_found import NoSuchAccount, NoSuchCampaign, NoSuchDelivery
from crosspromo.domain.reasons.sheets import (
    ApprovalClaimed,
    ChangedSince,
    HeadingNotRead,
    LinkInText,
    NamedTwice,
    NoAccountInRow,
    NotChangedBySheet,
    NoTimeOfDay,
    NoWordsInRow,
    PartnerNotKnown,
    PictureNotKept,
    RowsDisagree,
    StateNotSet,
    VersionUnread,
)
from crosspromo.domain.requests import OwnPost, PostRequest, Words
from crosspromo.domain.states import State
from crosspromo.publishing.networks import Capabilities, ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.campaigns import CampaignService
from crosspromo.services.edited_content import Changes
from crosspromo.services.editorial_calendar import EditorialCalendars
from crosspromo.services.import_calendar import CalendarImport, CalendarImports
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.text.rules import BLUESKY

ZONE = ZoneInfo("America/Chicago")
SHOT = Image("media/" + "a" * 64 + ".png", "Volunteers\non the bank.")
DAY = timedelta(days=1)


def account(name: str, approval: Approvers = Approvers.NONE) -> AccountRules:
    images = ImageLimits(most=4, longest_alt=1_000)
    known = rules(name)
    return replace(
        known,
        capabilities=Capabilities(text=BLUESKY, images=images),
        policy=replace(known.policy, approval=approval),
    )


ACCOUNTS = MappingProxyType(
    {"main": account("main"), "other": account("other"), "asks": account("asks", Approvers.ONE)}
)


class Desk:
    """A person's place of work: a queue, its calendar, and the way back."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, FakeClock()
        self.policies = {name: each.policy for name, each in ACCOUNTS.items()}
        self.queue = PostQueue(
            store=store,
            clock=self.clock,
            rules=ACCOUNTS,
            organisation=NO_FLOOR,
            own_group=frozenset(),
            renderer=TEMPLATES,
            pictures=lambda **_: AS_THEY_ARE,
        )
        self.ana = person(store, self.clock, ACCOUNTS, "ana")
        self.calendars = EditorialCalendars(store, self.clock, ZONE, self.policies)
        self.imports = CalendarImports(store, self.clock, ZONE, self.policies, self.ana, self.queue)
        with store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers", why="They clean."), START)
        CampaignService(store, self.clock, "ana").add("Spring drive")

    def queued(self, request: PostRequest, *accounts: str) -> list[int]:
        """Queue a post; the ids of its deliveries."""
        found = self.queue.queue(request, accounts or ["main"])
        return [each.view.delivery.id for each in found]

    def own(self, text: str, *accounts: str, **more: Any) -> int:
        """Queue a post about ourselves; the id of its first delivery."""
        request = OwnPost(author="ana", says=Words(text), **{"at": START + DAY, **more})
        return self.queued(request, *accounts)[0]

    def look(self, number: int) -> Delivery:
        return delivery(self.store, number)

    def everything(self) -> Mapping[int, Delivery]:
        with self.store.read() as unit:
            return {each.id: each for each in unit.deliveries.some()}

    def book(self, **days: date) -> Book:
        """The calendar, opened in a spreadsheet program."""
        return Book(self.calendars.export(["Read this."], **days).content)

    def bring_back(self, book: Book, *, dry_run: bool = False) -> CalendarImport:
        return self.imports.import_(book.saved(), "calendar.xlsx", dry_run=dry_run)

    def done(self, book: Book) -> CalendarImport:
        """Bring the calendar back; no row of it is refused."""
        done = self.bring_back(book)
        assert not done.imported.errors
        return done

    def refused(self, book: Book) -> list[tuple[int, str, object]]:
        """Row, column and problem of each refusal; and nothing was written."""
        before = self.everything()
        done = self.bring_back(book)
        assert self.everything() == before
        return [(each.row, each.column, each.problem) for each in done.imported.errors]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def counts(done: CalendarImport) -> tuple[int, int, int]:
    found = done.imported.changes
    return tuple(found.get(each, 0) for each in (Change.NEW, Change.UPDATED, Change.UNCHANGED))  # type: ignore[return-value]  # three of them


class TestExport:
    def test_a_row_says_what_is_known_of_a_delivery(self, desk: Desk) -> None:
        number = desk.own(
            "Come and help: https://us.example/help",
            link="https://us.example/help",
            images=(SHOT,),
            campaign="spring-drive",
            at=datetime(2026, 5, 4, 14, 30, tzinfo=ZoneInfo("UTC")),
        )
        desk.ana.label(number, Labels(note="Ask Maria"))
        (row,) = desk.book().rows()
        assert row.pop("version")
        assert row == {
            "date": datetime(2026, 5, 4),  # noqa: DTZ001 (as a workbook has it)
            "time": time(9, 30),
            "zone": "America/Chicago",
            "account": "main",
            "kind": "own",
            "partner": None,
            "text": "Come and help: https://us.example/help",
            "media": SHOT.path,
            "alt": "Volunteers on the bank.",
            "link": "https://us.example/help",
            "campaign": "spring-drive",
            "state": "queued",
            "approver": None,
            "note": "Ask Maria",
            "id": number,
        }

    def test_the_headings_are_those_of_the_contract_and_stay_in_sight(self, desk: Desk) -> None:
        desk.own("Hello.")
        book = load_workbook(BytesIO(desk.calendars.export(["Read this.", "=1"]).content))
        sheet = book["Calendar"]
        assert [cell.value for cell in sheet[1]] == list(COLUMNS)
        assert sheet.freeze_panes == "A2"
        assert [cell.value for cell in book["Read me"]["A"]] == ["Read this.", "=1"]

    @pytest.mark.parametrize("sign", ["=", "+", "-", "@", "'=", "\t="])
    def test_no_text_is_a_formula(self, desk: Desk, sign: str) -> None:
        number = desk.own(f"{sign}1+1 is two.")
        cell = desk.book().cell(2, "text")
        assert cell.data_type == "s"
        assert counts(desk.done(desk.book())) == (0, 0, 1)
        assert desk.look(number).content.text.endswith("=1+1 is two." if "=" in sign else "two.")

    def test_a_post_that_goes_when_allowed_has_no_day(self, desk: Desk) -> None:
        desk.own("Some day.", at=None, when_allowed=True)
        (row,) = desk.book().rows()
        assert (row["date"], row["time"]) == (None, "allowed")

    def test_what_was_sent_long_ago_and_what_was_cancelled_is_not_in_it(self, desk: Desk) -> None:
        old, late, cancelled, open_ = (desk.own(f"Post {n}.") for n in range(4))
        desk.ana.cancel(cancelled)
        publish(desk, old, START - 29 * DAY)
        publish(desk, late, START - 27 * DAY)
        assert set(desk.book().ids) == {late, open_}

    def test_days_choose_what_is_due_or_was_sent_on_them(self, desk: Desk) -> None:
        due = [desk.own(f"Day {n}.", at=START + n * DAY) for n in range(1, 5)]
        sent = desk.own("Sent.")
        publish(desk, sent, START - 40 * DAY)
        first = (START + DAY).astimezone(ZONE).date()
        assert desk.book(first=first, last=first + DAY).ids == due[:2]
        assert desk.book(last=first).ids == [due[0]]
        assert desk.book(first=date(2026, 1, 1), last=date(2026, 4, 1)).ids == [sent]


def publish(desk: Desk, number: int, at: datetime) -> None:
    """Have a delivery sent at a time."""
    from sqlalchemy import update  # noqa: PLC0415 (the store's own tests know its tables)

    from crosspromo.store.schema import deliveries  # noqa: PLC0415

    with desk.store.engine.begin() as connection:
        connection.execute(
            update(deliveries)
            .where(deliveries.c.id == number)
            .values(
                state=State.PUBLISHED,
                published_at=at,
                sent_at=at,
                wake_at=None,
                remote_id="1",
                attempt=1,
            )
        )


class TestEdits:
    def test_as_a_person_edits_it_exactly_that_changes(self, desk: Desk) -> None:
        kept, edited, moved, gone = (
            desk.own(f"Post number {n} {'about many things' * n}.", at=START + n * DAY)
            for n in range(1, 5)
        )
        before = desk.everything()
        book = desk.book()
        book.write(edited, "text", "Other words.\r\nIn two lines.  ")
        book.write(moved, "date", date(2026, 5, 7))
        book.write(moved, "time", time(18, 5))
        book.delete(gone)
        added = book.add(account="other", partner="River Keepers", text="They clean our river.")
        book.sort(lambda row: str(row["text"]))
        done = desk.done(book)

        after = desk.everything()
        assert counts(done) == (1, 2, 1)
        assert after[kept] == before[kept]
        assert after[gone] == before[gone]
        assert after[edited].content.text == "Other words.\nIn two lines."
        changed = replace(before[edited], content=after[edited].content, composed=None)
        assert replace(after[edited], composed=None) == changed
        assert after[moved].due_at == datetime(2026, 5, 7, 18, 5, tzinfo=ZONE)
        assert after[moved].pinned
        assert after[moved].content == before[moved].content
        (new,) = after.keys() - before.keys()
        assert (after[new].kind, after[new].credit) == (Kind.SPOTLIGHT, Credit.OTHERS)
        assert after[new].content.text == "They clean our river."
        assert added

    def test_a_dry_run_tells_it_cell_by_cell_and_writes_nothing(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book, before = desk.book(), desk.everything()
        book.write(number, "text", "As it shall be.")
        book.write(number, "campaign", "spring-drive")
        tried = desk.bring_back(book, dry_run=True)
        assert desk.everything() == before
        (change,) = tried.changes
        assert (change.row, change.delivery, change.is_new) == (2, number, False)
        assert list(change.cells) == [
            ("text", "As it was.", "As it shall be."),
            ("campaign", "", "spring-drive"),
        ]

    def test_a_sheet_brought_back_twice_changes_nothing_the_second_time(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book = desk.book()
        book.write(number, "text", "As it shall be.")
        desk.done(book)
        assert counts(desk.done(book)) == (0, 0, 1)

    def test_what_was_changed_here_since_is_refused_with_both_values(self, desk: Desk) -> None:
        number, other = desk.own("As it was."), desk.own("Another post.")
        book = desk.book()
        desk.ana.edit(number, Changes(text="Said otherwise here."))
        book.write(number, "text", "Said otherwise there.")
        book.write(other, "text", "Changed, too.")
        reason = ChangedSince(number, "Said otherwise here.", "Said otherwise there.")
        assert desk.refused(book) == [(book.row_of(number), "text", reason)]

    def test_it_is_refused_also_where_another_cell_was_changed_since(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book = desk.book()
        desk.ana.move(number, START + 3 * DAY)
        book.write(number, "text", "Said otherwise there.")
        assert [column for _, column, _ in desk.refused(book)] == ["date"]

    def test_a_row_that_nobody_touched_may_have_changed_since(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book = desk.book()
        desk.ana.edit(number, Changes(text="Said otherwise here."))
        assert counts(desk.done(book)) == (0, 0, 1)
        assert desk.look(number).content.text == "Said otherwise here."

    def test_texts_of_two_rows_may_change_places(self, desk: Desk) -> None:
        one, other = desk.own("We plant trees."), desk.own("Come to the river on Sunday.")
        book = desk.book()
        book.write(one, "text", "Come to the river on Sunday.")
        book.write(other, "text", "We plant trees.")
        desk.done(book)
        assert desk.look(one).content.text == "Come to the river on Sunday."

    def test_another_zone_moves_the_post(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        before = desk.look(number).due_at
        book = desk.book()
        book.write(number, "zone", "America/New_York")
        desk.done(book)
        assert desk.look(number).due_at == before - timedelta(hours=1)
        book = desk.book()
        book.write(number, "zone", "Nowhere/At all")
        ((_, column, _),) = desk.refused(book)
        assert column == "zone"

    def test_a_post_may_be_given_the_first_allowed_time(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book = desk.book()
        book.write(number, "date", None)
        book.write(number, "time", "allowed")
        desk.done(book)
        assert desk.look(number).waits_to_be_allowed

    def test_the_same_time_in_other_words_is_no_move(self, desk: Desk) -> None:
        (number,) = desk.queued(OwnPost(author="ana", says=Words("As it was.")))
        assert not desk.look(number).pinned
        book = desk.book()
        book.write(number, "zone", None)
        assert counts(desk.done(book)) == (0, 0, 1)
        assert not desk.look(number).pinned

    def test_a_day_without_a_time_is_refused(self, desk: Desk) -> None:
        number = desk.own("As it was.")
        book = desk.book()
        book.write(number, "time", None)
        assert desk.refused(book) == [(2, "time", NoTimeOfDay())]

    def test_the_link_follows_and_is_taken_out_of_the_text(self, desk: Desk) -> None:
        number = desk.own("Look: https://us.example/a", link="https://us.example/a")
        book = desk.book()
        book.write(number, "link", "us.example/b")
        desk.done(book)
        content = desk.look(number).content
        assert (content.text, content.link) == (
            "Look: https://us.example/b",
            "https://us.example/b",
        )
        book = desk.book()
        book.write(number, "link", None)
        assert desk.refused(book) == [(2, "link", LinkInText())]
        book.write(number, "text", "Look.")
        desk.done(book)
        assert desk.look(number).content.link is None

    def test_one_alt_text_changes_and_the_others_keep_their_lines(self, desk: Desk) -> None:
        second = Image("media/" + "b" * 64 + ".png", "A boat.")
        number = desk.own("Look.", images=(SHOT, second))
        book = desk.book()
        book.write(number, "alt", "Volunteers on the bank.\nA red boat.")
        desk.done(book)
        alts = [each.alt for each in desk.look(number).content.images]
        assert alts == [SHOT.alt, "A red boat."]
        book = desk.book()
        book.write(number, "alt", "Only one.")
        ((_, column, _),) = desk.refused(book)
        assert column == "alt"

    def test_campaign_and_note_are_of_the_whole_post(self, desk: Desk) -> None:
        one, other = desk.queued(
            OwnPost(author="ana", says=Words("Hello."), at=START + DAY), "main", "other"
        )
        book = desk.book()
        book.write(one, "note", "Ask Maria")
        done = desk.done(book)
        assert {each.delivery for each in done.changes} == {one, other}
        assert desk.look(other).note == "Ask Maria"
        book = desk.book()
        book.write(one, "campaign", "spring-drive")
        book.write(other, "campaign", "another")
        ((row, column, reason),) = desk.refused(book)
        assert (row, column, reason) == (
            book.row_of(other),
            "campaign",
            RowsDisagree(book.row_of(one)),
        )

    def test_an_unknown_campaign_is_refused(self, desk: Desk) -> None:
        number = desk.own("Hello.")
        book = desk.book()
        book.write(number, "campaign", "sping-drive")
        reason = NoSuchCampaign("sping-drive", ("spring-drive",))
        assert desk.refused(book) == [(2, "campaign", reason)]

    @pytest.mark.parametrize(
        ("column", "stays"),
        [("account", "main"), ("kind", "own"), ("partner", ""), ("media", "")],
    )
    def test_what_a_sheet_cannot_change_is_refused(
        self, desk: Desk, column: str, stays: str
    ) -> None:
        number = desk.own("Hello.")
        book = desk.book()
        book.write(number, column, "something else")
        assert desk.refused(book) == [(2, column, NotChangedBySheet(stays))]

    def test_a_published_row_is_only_to_be_seen(self, desk: Desk) -> None:
        number = desk.own("Hello.")
        publish(desk, number, START - DAY)
        book = desk.book()
        assert counts(desk.done(book)) == (0, 0, 1)
        book.write(number, "text", "Never said.")
        ((_, column, _),) = desk.refused(book)
        assert column == "text"

    def test_every_refused_row_is_named(self, desk: Desk) -> None:
        one, other = desk.own("One post."), desk.own("Another thing.")
        book = desk.book()
        copied = book.add(**{**book.rows()[0], "text": "Twice."})
        book.write(other, "version", "damaged")
        lost = book.add(id=99, text="Lost.", account="main", version="1")
        assert desk.refused(book) == [
            (book.row_of(other), "version", VersionUnread(other)),
            (copied, "id", NamedTwice(one, 2)),
            (lost, "id", NoSuchDelivery(99)),
        ]

    def test_a_column_that_is_not_in_the_sheet_stays(self, desk: Desk) -> None:
        number = desk.own("Hello.", campaign="spring-drive")
        book = desk.book()
        book.write(number, "text", "Hello again.")
        for column in ("campaign", "alt", "state"):
            place = [cell.value for cell in book.sheet[1]].index(column) + 1
            book.sheet.delete_cols(place)
        desk.done(book)
        found = desk.look(number)
        assert (found.content.text, found.campaign) == ("Hello again.", "spring-drive")


class TestApprovals:
    def test_a_sheet_approves_nothing_and_asks_the_person(self, desk: Desk) -> None:
        number = desk.own("Hello.", "asks")
        book = desk.book()
        book.write(number, "state", "approved: yes")
        book.write(number, "approver", "Dana")
        done = desk.done(book)
        assert desk.look(number).state is State.DRAFT
        assert [each.remark for each in done.remarks] == [ApprovalClaimed(number, "Dana", True)]
        with desk.store.read() as unit:
            (asked,) = unit.audit.about([f"delivery {number}"])
        assert (asked.act, asked.reason) == ("ask to approve", "the sheet names Dana")

    @pytest.mark.parametrize("state", ["published", "cancelled", "queued", "whatever"])
    def test_no_other_state_is_set(self, desk: Desk, state: str) -> None:
        number = desk.own("Hello.", "asks")
        book = desk.book()
        book.write(number, "state", state)
        done = desk.done(book)
        assert desk.look(number).state is State.DRAFT
        assert [each.remark for each in done.remarks] == [StateNotSet(number, state)]

    def test_an_approved_text_that_is_changed_has_to_be_approved_again(self, desk: Desk) -> None:
        number = desk.own("Hello.", "asks")
        replace(desk.ana, actor="dan").approve(number)
        assert desk.look(number).state is State.QUEUED
        book = desk.book()
        assert book.rows()[0]["approver"] == "dan"
        book.write(number, "text", "Hello again.")
        (change,) = desk.done(book).changes
        assert desk.look(number).state is State.DRAFT
        assert ("state", "queued", "draft") in change.cells
        assert ("approver", "dan", "") in change.cells


class TestNewRows:
    def test_with_a_known_partner_it_is_about_them_else_about_us(self, desk: Desk) -> None:
        book = desk.book()
        book.add(account="main", partner="river keepers", kind="own")
        book.add(account="main", partner="Rivr Keepers", text="They clean.", kind="spotlight")
        book.add(account="main", text="We plant trees.", note="Ask Maria", campaign="spring-drive")
        done = desk.done(book)
        found = [desk.look(each.delivery) for each in done.changes]
        assert [each.credit for each in found] == [Credit.OTHERS, Credit.SELF, Credit.SELF]
        assert found[0].partners == ("river-keepers",)
        assert "River Keepers" in found[0].content.text  # the template's
        assert (found[2].note, found[2].campaign) == ("Ask Maria", "spring-drive")
        assert [each.remark for each in done.remarks] == [PartnerNotKnown("Rivr Keepers")]

    def test_it_goes_to_the_accounts_and_at_the_time_that_it_names(self, desk: Desk) -> None:
        book = desk.book()
        book.add(account="main, other", text="Hi.", date="2026-05-09", time="9:15 am", link="a.org")
        done = desk.done(book)
        found = [desk.look(each.delivery) for each in done.changes]
        assert [each.account for each in found] == ["main", "other"]
        at = datetime(2026, 5, 9, 9, 15, tzinfo=ZONE)
        assert {(each.due_at, each.content.link) for each in found} == {(at, "https://a.org")}

    def test_a_text_about_a_partner_gets_its_link(self, desk: Desk) -> None:
        book = desk.book()
        book.add(
            account="main", partner="river-keepers", text="See them.", link="https://rk.example"
        )
        (change,) = desk.done(book).changes
        assert desk.look(change.delivery).content.text == "See them.\n\nhttps://rk.example"

    def test_what_is_missing_is_said_by_row(self, desk: Desk) -> None:
        book = desk.book()
        book.add(text="Nowhere.")
        book.add(account="main", note="No words.")
        book.add(account="mane", text="Hello there.")
        book.add(account="main", text="Hello you.", date=date(2026, 5, 9))
        book.add(account="main", text="A picture.", media="/etc/passwd", alt="Secrets.")
        book.add(account="main", text="A campaign.", campaign="none such")
        assert desk.refused(book) == [
            (2, "account", NoAccountInRow()),
            (3, "text", NoWordsInRow()),
            (4, "row", NoSuchAccount("mane", ("main", "other", "asks"))),
            (5, "time", NoTimeOfDay()),
            (6, "media", PictureNotKept("/etc/passwd")),
            (7, "text", NoSuchCampaign("none such", ("spring-drive",))),
        ]

    def test_nothing_is_queued_where_another_row_is_refused(self, desk: Desk) -> None:
        number = desk.own("Hello.")
        book = desk.book()
        book.add(account="main", text="A good row.")
        book.write(number, "account", "other")
        assert len(desk.refused(book)) == 1

    def test_headings_of_other_calendars_are_known(self, desk: Desk) -> None:
        book = desk.book()
        book.sheet.delete_rows(1)
        book.sheet.append(["Publish Date", "Publish time", "Platform", "Caption", "Hashtag set"])
        book.sheet.append([date(2026, 5, 9), time(10), "main", "Hello from afar.", "#x"])
        done = desk.done(book)
        (change,) = done.changes
        assert desk.look(change.delivery).content.text == "Hello from afar."
        assert [each.remark for each in done.remarks] == [HeadingNotRead("Hashtag set")]


TEXTS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs", "Co", "Cn")),
    min_size=1,
    max_size=60,
).filter(lambda text: any(each.isalnum() for each in text))
"""Texts that can be posted, with whatever signs and ends of lines."""


def fresh_desk(texts: list[str]) -> tuple[Desk, list[int]]:
    desk = Desk(memory_store())
    found = []
    for place, text in enumerate(texts):
        words = f"{place * 7919} {text}"
        found.append(
            desk.own(words, at=START + DAY + timedelta(seconds=place * 61), allow_duplicate="test")
        )
    return desk, found


def as_programs_do(value: Any, whim: int) -> Any:
    """The value as a spreadsheet program may bring it back without anybody's doing."""
    match value:
        case datetime():
            days = value - datetime(1899, 12, 30)  # noqa: DTZ001 (day 0 of such programs)
            return [value, value.date(), days.days, f"{value:%Y-%m-%d}", float(days.days)][whim % 5]
        case time():
            part = (value.hour * 60 + value.minute) / 1440
            return [value, part, f"{value:%H:%M:%S}", f"{value.hour}:{value.minute:02}"][whim % 4]
        case int():
            return [value, float(value), str(value)][whim % 3]
        case str():
            return [value, f"{value} ", value.replace("\n", "\r\n"), f"{value}\n"][whim % 4]
        case _:
            return [None, "", " "][whim % 3]


few = settings(
    max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


@few
@given(st.lists(TEXTS, min_size=1, max_size=4), st.lists(st.integers(0, 59), min_size=64))
def test_a_calendar_that_nobody_changed_changes_nothing(texts: list[str], whims: list[int]) -> None:
    desk, _ = fresh_desk(texts)
    before = desk.everything()
    book = desk.book()
    whim: Iterator[int] = iter(whims)
    for row in range(2, 2 + len(texts)):
        for column in COLUMNS:
            cell = book.cell(row, column)
            cell.value = as_programs_do(cell.value, next(whim))
            if isinstance(cell.value, str):
                cell.data_type = "s"
    done = desk.bring_back(book)
    assert (done.imported.errors, done.changes) == ((), [])
    assert desk.everything() == before
    desk.store.close()


EDITS: Mapping[str, object] = MappingProxyType(
    {
        "date": date(2026, 7, 1),
        "time": time(3, 33),
        "text": "Quite other words, and none of them like before",
        "campaign": "spring-drive",
        "note": "A note.",
    }
)


@few
@given(st.sets(st.tuples(st.integers(0, 3), st.sampled_from(sorted(EDITS)))))
def test_any_cells_that_are_changed_are_changed_and_no_others(cells: set[tuple[int, str]]) -> None:
    desk, ids = fresh_desk(["River", "Forest", "Meadow", "Mountain"])
    wanted = {row["id"]: row for row in desk.book().rows()}
    book = desk.book()
    for place, column in cells:
        value = EDITS[column]
        value = f"{value} {'abcd'[place] * 40}" if column == "text" else value
        book.write(ids[place], column, value)
        wanted[ids[place]][column] = value
    desk.done(book)
    found = {row["id"]: row for row in desk.book().rows()}
    for number, row in wanted.items():
        row.pop("version")
        found[number].pop("version")
        as_day = {"date": datetime(2026, 7, 1)}  # noqa: DTZ001 (as a workbook has it)
        assert found[number] == (row | as_day if row["date"] == EDITS["date"] else row)
    desk.store.close()


def test_what_is_no_calendar_is_refused_as_a_whole(desk: Desk) -> None:
    with pytest.raises(ImportFailedError):
        desk.imports.import_(b"date,text\n", "calendar.csv")


def test_a_sheet_of_five_hundred_rows_takes_seconds(desk: Desk) -> None:
    for number in range(500):
        desk.own(f"{number} {chr(97 + number % 26) * 30} {number * 31}", allow_duplicate="test")
    began = perf_counter()
    book = desk.book()
    book.write(book.ids[0], "note", "One change.")  # type: ignore[arg-type]  # ids are numbers
    assert counts(desk.done(book)) == (0, 1, 499)
    assert perf_counter() - began < 20
