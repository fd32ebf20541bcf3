"""Diaries of partners as a page would keep them, and what is due by them."""

from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.errors import Refused
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partner_entries import EntryKind, Side
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import Why
from crosspromo.domain.posts import Credit
from crosspromo.services.partner_details import PartnerRecords
from crosspromo.services.partner_diary import LONGEST, PartnerDiary
from crosspromo.services.partners import PartnerChanges, PartnerService
from crosspromo.services.partners_due import DuePartners
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

CHICAGO = ZoneInfo("America/Chicago")
TODAY = START.astimezone(CHICAGO).date()
DAY = timedelta(days=1)
KEEPERS = "keepers"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def partners(store: Store, clock: FakeClock) -> PartnerService:
    service = PartnerService(store, clock)
    service.add(Partner(KEEPERS, "River Keepers"))
    return service


@pytest.fixture
def diary(store: Store, clock: FakeClock, partners: PartnerService) -> PartnerDiary:
    assert partners.list()
    return PartnerDiary(store, clock, CHICAGO, "ana")


@pytest.fixture
def due(store: Store, clock: FakeClock) -> DuePartners:
    return DuePartners(store, clock, CHICAGO)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def test_a_note_is_of_today_unless_it_names_a_day(diary: PartnerDiary) -> None:
    today = diary.note(KEEPERS, " New director:\u202e Kim. ")
    assert (today.day, today.words, today.recorded_by) == (TODAY, "New director: Kim.", "ana")
    earlier = diary.note(KEEPERS, "Met them.", TODAY - DAY, EntryKind.CONTACT)
    assert list(diary.of(KEEPERS)) == [today, earlier]


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda diary: diary.note(KEEPERS, " \u200b"), "words-missing"),
        (lambda diary: diary.note(KEEPERS, "x" * (LONGEST + 1)), "words-too-long"),
        (lambda diary: diary.note("nobody", "Hi"), "no-such-partner"),
        (
            lambda diary: diary.note(KEEPERS, "Hi", TODAY + DAY, EntryKind.CONTACT),
            "contact-ahead",
        ),
        (lambda diary: diary.blackout(KEEPERS, TODAY, TODAY - DAY), "days-reversed"),
        (lambda diary: diary.done(7), "no-such-entry"),
    ],
)
def test_what_is_no_entry_is_refused(
    diary: PartnerDiary, act: Callable[[PartnerDiary], object], code: str
) -> None:
    assert code_of(lambda: act(diary)) == code
    assert diary.of(KEEPERS) == []


def test_a_follow_up_is_closed_once_and_a_promise_says_how(diary: PartnerDiary) -> None:
    asked = diary.follow_up(KEEPERS, "Ask for photos.", TODAY)
    promised = diary.promise(KEEPERS, "Share our gala.", TODAY, Side.THEM)
    assert code_of(lambda: diary.done(promised.number)) == "other-kind"
    assert diary.done(asked.number).closed_by == "ana"
    assert code_of(lambda: diary.done(asked.number)) == "closed-already"
    assert diary.settle(promised.number, kept=False).kept is False
    assert code_of(lambda: diary.settle(promised.number, kept=True)) == "closed-already"


def test_a_removed_entry_leaves_its_kind_and_day_in_the_audit_log_and_no_words(
    diary: PartnerDiary, store: Store
) -> None:
    number = diary.note(KEEPERS, "Private.").number
    diary.remove(number)
    assert diary.of(KEEPERS) == []
    with store.read() as unit:
        (entry,) = unit.audit.entries()
    assert (entry.act, entry.subject, entry.reason) == ("remove entry", KEEPERS, f"note of {TODAY}")


def test_what_is_due_comes_the_longest_overdue_first(
    diary: PartnerDiary, due: DuePartners, partners: PartnerService, clock: FakeClock
) -> None:
    partners.edit(KEEPERS, PartnerChanges(closeness="close"))
    diary.follow_up(KEEPERS, "Ask for photos.", TODAY + 2 * DAY)
    ours = diary.promise(KEEPERS, "Share their gala.", TODAY + DAY, Side.US)
    assert due.due() == []
    clock.advance(31 * DAY)
    found = due.due()
    assert [(each.why, each.over) for each in found] == [
        (Why.PROMISE, 30),
        (Why.FOLLOW_UP, 29),
        (Why.CADENCE, 1),
    ]
    diary.settle(ours.number, kept=True)
    assert len(due.due(KEEPERS)) == 2


def test_a_share_moves_the_cadence_on_also_one_made_without_us(
    due: DuePartners, partners: PartnerService, clock: FakeClock, store: Store
) -> None:
    partners.edit(KEEPERS, PartnerChanges(closeness="close"))
    clock.advance(100 * DAY)
    assert [each.over for each in due.due()] == [70]
    shared_at = clock.now() - DAY
    with store.write() as unit:
        unit.accounts.register(["x-main"])
        shared = OutsidePost("x-main", shared_at, Credit.OTHERS, partner=KEEPERS, text="Meet them")
        unit.outside_posts.record([shared], clock.now())
    assert due.due() == []
    cadence = due.cadences()[KEEPERS]
    assert (cadence.last_shared_at, cadence.days) == (shared_at, 30)
    clock.advance(200 * DAY)  # the share is no longer among the latest ones
    assert due.cadences()[KEEPERS].last_shared_at == shared_at


def test_the_days_of_a_change_of_cadence_count_from_then(
    due: DuePartners, partners: PartnerService, clock: FakeClock
) -> None:
    partners.edit(KEEPERS, PartnerChanges(closeness="casual"))
    clock.advance(300 * DAY)
    partners.edit(KEEPERS, PartnerChanges(cadence_days=7))
    assert due.cadences()[KEEPERS].due == clock.now().astimezone(CHICAGO).date() + 7 * DAY


def test_all_that_is_known_of_a_partner_is_on_one_page(
    diary: PartnerDiary, partners: PartnerService, store: Store, clock: FakeClock
) -> None:
    partners.edit(KEEPERS, PartnerChanges(list="focus", closeness="broad"))
    diary.note(KEEPERS, "Called.", TODAY, EntryKind.CONTACT)
    details = PartnerRecords(store, clock, CHICAGO).get(KEEPERS)
    assert details.contacts.noted == TODAY
    assert details.cadence is not None
    assert details.cadence.due == TODAY + 90 * DAY
    assert [each.words for each in details.entries] == ["Called."]
    assert {each.field for each in details.terms} == {"list", "closeness"}
    assert details.due == []
