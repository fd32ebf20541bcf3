"""Posts that wait and say what a partner was before: they are named, and stay as they are."""

import pytest
from stories import delivery, queued

from crosspromo.domain.deliveries import Fault
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.faults import EventCancelled
from crosspromo.domain.states import State
from crosspromo.services.archive_partners import PartnerArchive
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.outdated_posts import OutdatedPost
from crosspromo.services.partners import PartnerChanges, PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

SAYS = "Meet River  Keepers (@rkeepers): They clean our river.\n\nhttps://river.example/"


@pytest.fixture
def partners(store: Store) -> PartnerService:
    partners = PartnerService(store, FakeClock())
    partners.add(
        Partner(
            "river-keepers",
            "River Keepers",
            why="They clean our river.",
            website="https://river.example",
            handles={"x": "rkeepers"},
            tag_ok=True,
        )
    )
    return partners


def waiting(store: Store, text: str) -> int:
    """A queued post about the partner, who stays as known."""
    with store.read() as unit:
        partner = unit.partners.get("river-keepers")
    post = queued(store, text)
    with store.write() as unit:
        unit.partners.save(partner, START)
    return post


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        (PartnerChanges(name="River Trust"), "name"),
        (PartnerChanges(why="They plant trees."), "why"),
        (PartnerChanges(website="https://new.example"), "website"),
        (PartnerChanges(handles={"x": "rtrust"}), "handles.x"),
        (PartnerChanges(tag_ok=False), "tag_ok"),
    ],
)
def test_an_edit_names_the_posts_that_say_what_was_before(
    store: Store, partners: PartnerService, changes: PartnerChanges, field: str
) -> None:
    waits = waiting(store, SAYS)
    waiting(store, "Have you met our neighbours?")
    done = partners.edit("river-keepers", changes)
    assert done.outdated == (OutdatedPost(waits, "river-keepers", (field,)),)
    assert delivery(store, waits).content.text == SAYS
    assert partners.edit("river-keepers", changes).outdated == ()  # nothing changes any more


def test_a_change_that_no_post_tells_is_quiet(store: Store, partners: PartnerService) -> None:
    waiting(store, SAYS)
    assert partners.edit("river-keepers", PartnerChanges(topics=("Water",))).outdated == ()
    assert partners.edit("river-keepers", PartnerChanges(tag_ok=True)).outdated == ()
    assert (
        partners.edit("river-keepers", PartnerChanges(handles={"bluesky": "r.eu"})).outdated == ()
    )


def test_an_import_and_its_undoing_name_them_too(store: Store, partners: PartnerService) -> None:
    before = waiting(store, SAYS)
    imports = PartnerImports(store, FakeClock(), "ana")
    sheet = b"name,website\nRiver Keepers,new.example\nOther,other.example\n"
    expected = [OutdatedPost(before, "river-keepers", ("website",))]
    assert imports.import_(sheet, "list.csv", dry_run=True).outdated == expected
    assert imports.import_(sheet, "list.csv").outdated == expected
    after = waiting(store, "Look: https://new.example")
    assert imports.undo().outdated == [OutdatedPost(after, "river-keepers", ("website",))]


def test_a_part_of_a_longer_word_is_no_old_name(store: Store) -> None:
    partners = PartnerService(store, FakeClock())
    partners.add(Partner("river-keepers", "River"))
    waiting(store, "The Rivers are rising.")
    assert partners.edit("river-keepers", PartnerChanges(name="Lake")).outdated == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Meet River.", "name"),
        ("Meet River's friends, (River)!", "name"),
        ("See https://river.example/river and meet River.", "name"),
        ("See https://river.example/river", ""),
        ("See www.river.com/about-river.", ""),
        ("Write to info@river.org", ""),
        ("Thanks to @River and @meet.river.eu", ""),
        ("The Mississippi-River basin, the River-Keepers", ""),
        ("They clean. @rkeepers", "handles.x"),
        ("Thanks, @rkeepers-led crew.", "handles.x"),
        ("Follow @rkeepers.bsky.social and @rkeepers@social.example", ""),
        ("See https://social.example/@rkeepers", ""),
        ("See https://rivers.example/donate.", "website"),
        ("See www.rivers.example.", "website"),
        ("See https://blog.rivers.example and https://rivers.example.org", ""),
        ("See https://our-rivers.example, mail@rivers.example", ""),
        ("See https://other.example/rivers.example", ""),
    ],
)
def test_only_whole_words_outside_addresses_say_an_old_value(
    store: Store, text: str, field: str
) -> None:
    partners = PartnerService(store, FakeClock())
    website, handles = "https://rivers.example", {"x": "rkeepers"}
    partners.add(Partner("river-keepers", "River", website=website, handles=handles))
    waiting(store, text)
    changes = PartnerChanges(name="Lake", website="https://lake.example", handles={"x": "lake"})
    outdated = partners.edit("river-keepers", changes).outdated
    assert [name for each in outdated for name in each.fields] == ([field] if field else [])


def test_a_name_that_is_an_address_itself_is_found(store: Store) -> None:
    partners = PartnerService(store, FakeClock())
    partners.add(Partner("river-keepers", "Change.org"))
    waiting(store, "Meet Change.org today.")
    assert partners.edit("river-keepers", PartnerChanges(name="Changes")).outdated != ()


def test_an_archived_partner_names_what_may_be_cancelled_only(
    store: Store, partners: PartnerService
) -> None:
    waits, gone = waiting(store, "One"), waiting(store, "Two")
    with store.write() as unit:
        off = Fault(EventCancelled("walk"))
        unit.transitions.refuse(unit.deliveries.get(gone), State.CANCELLED, off, START)
    (done,) = PartnerArchive(store, FakeClock(), "ana", frozenset()).archive(["river-keepers"])
    assert done.waiting == (waits,)
