"""Merging of partners: nothing is lost, the former slug still works, and no consent comes of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.databases import memory_store
from signing_off import save_asking
from stories import queued

from crosspromo.domain.approval import Approvers, Signature, approval_of
from crosspromo.domain.errors import NotFoundError, Refused
from crosspromo.domain.events import Event
from crosspromo.domain.introductions import Introduction
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partner_entries import Entry, EntryKind
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.posts import Credit, Hosting, Kind
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.sign_off import Answer, SignOffLink
from crosspromo.domain.states import State
from crosspromo.services.archive_partners import PartnerArchive
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.merge_partners import PartnerMerge
from crosspromo.services.partner_choice import PartnerChoice
from crosspromo.services.partners import PartnerService
from crosspromo.store.unit import Store, Unit
from crosspromo.testing.clock import START, FakeClock

SLUGS = ("gone", "into", "third")
ACCOUNT = "x-main"
KEEPERS = "river-keepers"


@pytest.fixture
def merge(store: Store) -> PartnerMerge:
    with store.write() as unit:
        unit.partners.save_all([Partner(slug, slug.title()) for slug in (*SLUGS, "us")], [], START)
    return PartnerMerge(store, FakeClock(), "ana", frozenset({"third"}), frozenset({"us"}))


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


def post(unit: Unit, partners: tuple[str, ...]) -> int:
    return unit.posts.add(
        kind=Kind.SPOTLIGHT,
        partners=partners,
        event=None,
        template=None,
        reason=None,
        author="ana",
        now=START,
    )


about = st.lists(st.sampled_from(SLUGS), min_size=1, max_size=3, unique=True).map(tuple)


def _filled(
    store: Store,
    posts: list[tuple[str, ...]],
    events: list[tuple[str, ...]],
    others: list[str],
) -> None:
    with store.write() as unit:
        unit.accounts.register([ACCOUNT])
        unit.partners.save_all(
            [Partner(slug, slug.title(), list="focus", notes={slug: slug}) for slug in SLUGS],
            [],
            START,
        )
        for each in posts:
            post(unit, each)
        for number, hosts in enumerate(events):
            end = START + timedelta(hours=2)
            event = Event(f"e-{number}", "E", START, end, "UTC", f"uid-{number}")
            unit.events.save(replace(event, hosting=Hosting.JOINT, partners=hosts))
        outside = [
            OutsidePost(ACCOUNT, START, Credit.OTHERS, partner=slug, text=f"{number}")
            for number, slug in enumerate(others)
        ]
        unit.outside_posts.record(outside, START)
        for number, slug in enumerate(others):
            unit.partner_entries.add(
                Entry(0, slug, EntryKind.NOTE, f"{number}", date(2026, 4, 1), START, "ana")
            )
            unit.received.add(
                Received(0, slug, START, ReceivedKind.LIKE, None, "", f"{number}", START, "ana")
            )


def _of_one(slugs: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted({"into" if slug == "gone" else slug for slug in slugs}))


@settings(max_examples=examples(10), deadline=None)
@given(
    st.lists(about, max_size=4),
    st.lists(about, max_size=3),
    st.lists(st.sampled_from(SLUGS), max_size=6),
)
def test_every_post_event_ledger_row_and_entry_stays_and_names_the_one_who_stays(
    posts: list[tuple[str, ...]], events: list[tuple[str, ...]], others: list[str]
) -> None:
    store = memory_store()
    _filled(store, posts, events, others)
    with store.read() as unit:
        before = unit.ledger.rows_since(ACCOUNT, None)
    PartnerMerge(store, FakeClock(), "ana", frozenset(), frozenset()).merge("gone", "into")
    with store.read() as unit:
        hosts = [each.partners for each in sorted(unit.events.all(), key=lambda it: it.slug)]
        assert hosts == [_of_one(each) for each in events]
        assert unit.ledger.rows_since(ACCOUNT, None) == [
            replace(row, partner=_of_one((row.partner or "",))[0]) for row in before
        ]
        named = {slug: sum(slug in _of_one(each) for each in posts) for slug in ("into", "third")}
        counts = unit.partners.references(set(SLUGS))
        assert {slug: counts[slug].posts for slug in counts if counts[slug].posts} == {
            slug: count for slug, count in named.items() if count
        }
        mine = [f"{number}" for number, slug in enumerate(others) if slug in {"gone", "into"}]
        assert sorted(each.words for each in unit.partner_entries.of("into", 99)) == sorted(mine)
        assert sorted(each.words for each in unit.received.latest(99, "into")) == sorted(mine)
        assert unit.partners.get("into").notes.items() >= {("gone", "gone"), ("into", "into")}
        assert len([each for each in unit.partner_terms.of("into") if each.until is None]) == 1
        assert len(unit.partner_terms.of("into")) == 2
    store.close()


def test_the_former_slug_means_the_one_who_stays(merge: PartnerMerge, store: Store) -> None:
    merge.merge("gone", "into")
    partners = PartnerService(store, FakeClock())
    assert partners.get("gone").slug == "into"
    assert code_of(lambda: partners.add(Partner("gone", "Gone"))) == "partner-merged"
    assert PartnerChoice(store).chosen(["gone", "into"]) == ["gone"]
    with store.write() as unit:
        number = post(unit, ("gone",))
        assert unit.partners.references({"into"})["into"].posts == number
        assert [each.slug for each in unit.partner_merging.parts_of("into")] == ["gone"]
    merge.merge("into", "third")
    assert partners.get("gone").slug == "third"


@pytest.mark.parametrize(
    ("gave", "stays"),
    [
        ({"gone": [()]}, []),
        ({"into": [()]}, []),
        ({"gone": [()], "into": [()]}, [(), ()]),
        ({"gone": [()], "into": [("x",)]}, [("x",)]),
        ({"gone": [("x", "bluesky")], "into": [("x",)]}, [("x",)]),
        ({"gone": [("bluesky",)], "into": [("x",)]}, []),
    ],
)
def test_tagging_needs_the_consent_of_both(
    merge: PartnerMerge,
    store: Store,
    gave: dict[str, list[tuple[str, ...]]],
    stays: list[tuple[str, ...]],
) -> None:
    with store.write() as unit:
        for slug, permissions in gave.items():
            for networks in permissions:
                unit.permissions.add(
                    slug, Scope.TAG, networks=networks, evidence="mail", now=START, who="dan"
                )
            unit.permissions.add(slug, Scope.LOGO, evidence="mail", now=START, who="dan")
    merge.merge("gone", "into")
    with store.read() as unit:
        found = unit.permissions.of(["into"])
        assert unit.partners.get("into").tag_ok is (() in stays)
    standing = [each for each in found if each.stands]
    assert [each.networks for each in standing if each.scope is Scope.TAG] == stays
    assert len([each for each in standing if each.scope is Scope.LOGO]) == len(gave)


def test_a_post_that_tags_by_the_consent_of_one_alone_is_a_draft_after_the_merge(
    merge: PartnerMerge, store: Store
) -> None:
    number = queued(store)
    with store.write() as unit:
        unit.permissions.add("gone", Scope.TAG, evidence="mail", now=START, who="dan")
        tags = [Need(Scope.TAG, slug) for slug in ("gone", "into")]
        unit.permissions.set_needs(number, tags)
    merge.merge("gone", "into")
    with store.read() as unit:
        assert unit.deliveries.get(number).state is State.DRAFT
        assert unit.permissions.needs([number]) == {number: [Need(Scope.TAG, "into")]}


def test_a_dry_run_shows_the_same_and_writes_nothing(merge: PartnerMerge, store: Store) -> None:
    tried = merge.merge("gone", "into", dry_run=True)
    with store.read() as unit:
        assert unit.partners.get("gone").slug == "gone"
        assert unit.audit.entries() == []
    assert merge.merge("gone", "into") == tried


@pytest.mark.parametrize(
    ("gone", "into", "code"),
    [
        ("into", "into", "merge-with-itself"),
        ("nobody", "into", "no-such-partner"),
        ("into", "nobody", "no-such-partner"),
        ("third", "into", "merge-in-settings"),
        ("into", "us", "merge-into-own-group"),
    ],
)
def test_what_cannot_be_merged_is_refused_and_nothing_changes(
    merge: PartnerMerge, store: Store, gone: str, into: str, code: str
) -> None:
    assert code_of(lambda: merge.merge(gone, into)) == code
    with store.read() as unit:
        assert {each.slug for each in unit.partners.all()} == {*SLUGS, "us"}


def test_an_introduction_of_the_two_to_each_other_is_gone(
    merge: PartnerMerge, store: Store
) -> None:
    with store.write() as unit:
        numbers = [
            unit.introductions.add(Introduction(0, *two, "vans", "a van", START, "ana"))
            for two in (("gone", "into"), ("gone", "third"))
        ]
    merge.merge("gone", "into")
    with store.read() as unit:
        stays = unit.introductions.get(numbers[1])
        with pytest.raises(NotFoundError):
            unit.introductions.get(numbers[0])
    assert (stays.needing, stays.offering) == ("into", "third")


def test_nobody_is_merged_twice(merge: PartnerMerge) -> None:
    merge.merge("gone", "into")
    assert code_of(lambda: merge.merge("gone", "third")) == "partner-merged"


def test_a_link_of_the_one_who_is_gone_agrees_to_nothing_any_more(
    merge: PartnerMerge, store: Store
) -> None:
    def link(unit: Unit, answer: Answer | None, token: str) -> SignOffLink:
        number = post(unit, ("gone",))
        made = SignOffLink(0, number, "gone", "b" * 64, (), START, "ana")
        made = unit.sign_off_links.add(token, made)
        if answer is not None:
            unit.sign_off_links.answer(replace(made, answer=answer, answered_at=START))
        return made

    with store.write() as unit:
        for answer in (None, Answer.YES, Answer.NO):
            link(unit, answer, str(answer))
    merge.merge("gone", "into")
    with store.read() as unit:
        answers = (None, Answer.YES, Answer.NO)
        ended = {answer: unit.sign_off_links.find(str(answer)) for answer in answers}
    assert {answer: each.called_back_at for answer, each in ended.items() if each} == {
        None: START,
        Answer.YES: START,
        Answer.NO: None,  # a person still has to see it
    }


def test_a_sign_off_for_a_waiting_post_is_asked_for_anew(merge: PartnerMerge, store: Store) -> None:
    number = queued(store)
    with store.write() as unit:
        save_asking(unit, Partner("into", "Into"))
        save_asking(unit, Partner(KEEPERS, "River Keepers"))
        fingerprint = unit.deliveries.get(number).content.fingerprint("bluesky-main")
        for who in (f"partner:{KEEPERS}", "partner:into", "Kim"):
            unit.approvals.sign(number, Signature(who, fingerprint, START))
    assert merge.merge(KEEPERS, "into").waiting == (number,)
    with store.read() as unit:
        delivery = unit.deliveries.get(number)
        signed = unit.approvals.signatures([number])[number]
        asked = unit.approvals.sign_offs(delivery.partners)
    approval = approval_of(Approvers.NONE, "ana", asked, signed, fingerprint)
    assert (delivery.partners, set(asked)) == (("into",), {"into"})
    assert approval.partners_missing == ("into",)
    assert approval.people == ("Kim",)


def test_an_import_of_the_one_who_is_gone_is_not_undone_on_the_one_who_stays(
    merge: PartnerMerge, store: Store
) -> None:
    imports = PartnerImports(store, FakeClock(), "ana")
    imports.import_(b"slug,why\ngone,They clean.\n", "list.csv")
    merge.merge("gone", "into")
    undo = imports.undo()
    assert (undo.restored, undo.removed, undo.kept) == ([], [], [("gone", "why")])
    with store.read() as unit:
        assert unit.partners.get("into").why == "They clean."


def test_a_row_for_the_one_who_is_gone_is_left_out_of_an_import_and_told(
    merge: PartnerMerge, store: Store
) -> None:
    merge.merge("gone", "into")
    imports = PartnerImports(store, FakeClock(), "ana")
    done = imports.import_(b"slug,name\ngone,Gone\ninto,Into\n", "list.csv")
    assert [str(each) for each in done.warnings] == [
        "row 2, column slug: gone is now part of into; the row is left out"
    ]
    with store.read() as unit:
        assert {each.slug for each in unit.partners.all()} == {"into", "third", "us"}


def test_archiving_by_the_former_slug_archives_the_one_who_stays(
    merge: PartnerMerge, store: Store
) -> None:
    merge.merge("gone", "into")
    archive = PartnerArchive(store, FakeClock(), "ana", frozenset())
    assert [each.partner for each in archive.archive(["gone"])] == ["into"]
    archive.remove(["gone"])
    with store.read() as unit:
        assert [each.slug for each in unit.partners.all()] == ["third", "us"]
