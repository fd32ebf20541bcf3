"""Introductions: proposed where words meet, agreed to by both, drafted without our own notes."""

from zoneinfo import ZoneInfo

import pytest

from crosspromo.domain.errors import InputError
from crosspromo.domain.introductions import in_common, proposals
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partner_people import PartnerPerson, PartnerRole
from crosspromo.domain.partners import Partner
from crosspromo.domain.reasons.partners import (
    IntroducedToThemselves,
    IntroductionDeclined,
    IntroductionNotAgreed,
    NotIntroduced,
)
from crosspromo.phrasing.introductions import of_draft
from crosspromo.services.introductions import IntroductionService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

KEEPERS = Partner(
    "keepers",
    "River Keepers",
    needs=("a van on Saturdays",),
    tier="decision-maker",
    support="-",
    why="They owe us a favour.",
)
BANK = Partner("bank", "Food Bank", offers=("two Vans",), website="https://bank.example")


@pytest.fixture
def service(store: Store) -> IntroductionService:
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        unit.partners.save(BANK, START)
    return IntroductionService(store, FakeClock(), ZoneInfo("America/New_York"), "ana")


@pytest.mark.parametrize(
    ("need", "offer", "words"),
    [
        ("a van on Saturdays", "two Vans", ("van",)),
        ("help with the garden", "help with the books", ()),
        ("Volunteers", "volunteer drivers", ("volunteer",)),
        ("", "anything", ()),
    ],
)
def test_a_need_meets_an_offer_by_a_word_that_says_something(
    need: str, offer: str, words: tuple[str, ...]
) -> None:
    assert in_common(need, offer) == words


def test_who_was_proposed_before_and_who_is_archived_is_left_out() -> None:
    gone = Partner("gone", "Gone", offers=("a van",), archived_at=START)
    (found,) = proposals([KEEPERS, BANK, gone], (), 9)
    assert (found.needing, found.offering, found.words) == ("keepers", "bank", ("van",))
    assert not proposals([KEEPERS, BANK], [frozenset({"keepers", "bank"})], 9)


def test_both_agree_and_it_counts_as_a_contact_with_both_once(
    store: Store, service: IntroductionService
) -> None:
    (found,) = service.proposals()
    made = service.propose(*found[:4])
    assert not service.proposals()
    assert not service.consent(made.number, "keepers").is_agreed
    with pytest.raises(InputError) as caught:
        service.draft(made.number)
    assert caught.value.reason == IntroductionNotAgreed(made.number)
    assert service.consent(made.number, "bank").is_agreed
    service.consent(made.number, "bank")
    with store.read() as unit:
        for slug in ("keepers", "bank"):
            assert [each.kind for each in unit.partner_entries.of(slug, 9)] == [EntryKind.CONTACT]


def test_the_draft_has_nothing_of_our_own_notes(store: Store, service: IntroductionService) -> None:
    with store.write() as unit:
        roles = (PartnerRole.KEY_CONTACT,)
        kim = PartnerPerson(0, "keepers", "Kim Rivera", roles, START, "ana", note="Shy.")
        unit.partner_people.add(kim)
    made = service.propose("keepers", "bank", "a van on Saturdays", "two vans")
    for slug in ("keepers", "bank"):
        service.consent(made.number, slug)
    draft = of_draft(service.draft(made.number), "Office")
    assert draft.subject == "River Keepers and Food Bank"
    assert "Hello Kim Rivera," in draft.text
    assert "River Keepers looks for: a van on Saturdays." in draft.text
    assert "Food Bank (https://bank.example) offers: two vans." in draft.text
    for ours in (KEEPERS.why, KEEPERS.tier, "Shy."):
        assert ours not in draft.text


def test_a_no_stands(service: IntroductionService) -> None:
    made = service.propose("keepers", "bank", "a van")
    assert service.decline(made.number, "bank").declined_for == "bank"
    with pytest.raises(InputError) as caught:
        service.consent(made.number, "keepers")
    assert caught.value.reason == IntroductionDeclined(made.number, "bank")


def test_it_is_about_two_partners_and_nobody_else(
    store: Store, service: IntroductionService
) -> None:
    made = service.propose("keepers", "bank", "a van")
    with pytest.raises(InputError) as caught:
        service.propose("keepers", "keepers", "a van")
    assert caught.value.reason == IntroducedToThemselves("keepers")
    with pytest.raises(InputError) as caught:
        service.consent(made.number, "choir")
    assert caught.value.reason == NotIntroduced(made.number, "choir")
