"""Who has to approve and whose approval counts; the sentences are tested with the phrasing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.approval import (
    OURSELVES,
    Approval,
    Approvers,
    Signature,
    approval_of,
    asked_for,
    partner_slug,
)
from crosspromo.testing.clock import START

NOW_IT_SAYS = "fingerprint of what it says now"
BEFORE_IT_SAID = "fingerprint of what it said before"


def approval(
    approvers: Approvers, *names: str, about: tuple[str, ...] = (), fingerprint: str = NOW_IT_SAYS
) -> Approval:
    """The approval of a post that the editor wrote and these people signed."""
    signatures = [Signature(name, fingerprint, START) for name in names]
    return approval_of(approvers, "The Editor", about, signatures, NOW_IT_SAYS)


def test_where_nobody_is_asked_it_is_complete() -> None:
    unasked = approval(Approvers.NONE)
    assert unasked.complete
    assert unasked.approved is None
    assert not unasked.asked


def test_silence_is_not_consent() -> None:
    silent = approval(Approvers.ONE)
    assert silent.approved is False
    assert silent == Approval(needed=1, author="The Editor")
    assert silent.people_missing == 1


def test_one_other_person_is_enough_where_one_is_asked() -> None:
    signed = approval(Approvers.ONE, "the chair")
    assert signed.approved is True
    assert signed == Approval(needed=1, author="The Editor", people=("the chair",))
    assert signed.people_missing == 0


@pytest.mark.parametrize("name", ["The Editor", "the editor", "THE  EDITOR", " the editor "])
@pytest.mark.parametrize("approvers", [Approvers.ONE, Approvers.TWO])
def test_the_author_is_no_approver_however_spelled(approvers: Approvers, name: str) -> None:
    assert approval(approvers, name).people == ()


@pytest.mark.parametrize("again", ["the chair", "The Chair", "the  CHAIR"])
def test_one_person_is_not_two(again: str) -> None:
    signed = approval(Approvers.TWO, "the chair", again)
    assert not signed.complete
    assert signed == Approval(needed=2, author="The Editor", people=("the chair",))
    assert signed.people_missing == 1


def test_with_two_all_three_are_different_people() -> None:
    signed = approval(Approvers.TWO, "the chair", "the treasurer")
    assert signed.complete
    assert signed.people == ("the chair", "the treasurer")
    nobody = approval(Approvers.TWO)
    assert nobody == Approval(needed=2, author="The Editor")
    assert nobody.people_missing == 2


def test_a_third_person_leaves_nobody_missing() -> None:
    signed = approval(Approvers.ONE, "the chair", "the treasurer")
    assert signed.people_missing == 0


def test_what_was_signed_before_an_edit_is_void() -> None:
    assert not approval(Approvers.ONE, "the chair", fingerprint=BEFORE_IT_SAID).complete


class TestPartners:
    def test_a_partner_who_asked_signs_besides(self) -> None:
        signed = approval(Approvers.ONE, "the chair", about=("river-keepers",))
        assert not signed.complete
        assert signed.people == ("the chair",)
        assert signed.people_missing == 0
        assert signed.partners_missing == ("river-keepers",)

    def test_everybody_missing_is_named(self) -> None:
        asked = approval(Approvers.ONE, about=("food-bank", "river-keepers"))
        assert asked.people_missing == 1
        assert asked.partners_missing == ("food-bank", "river-keepers")

    def test_a_partner_is_asked_although_the_account_asks_nobody(self) -> None:
        assert approval(Approvers.NONE, about=("river-keepers",)).approved is False
        signed = approval(Approvers.NONE, "Partner:River-Keepers", about=("river-keepers",))
        assert signed.approved is True
        assert (signed.people, signed.partners) == ((), ("river-keepers",))
        assert signed.partners_missing == ()

    def test_a_partner_does_not_stand_for_one_of_our_people(self) -> None:
        signed = approval(Approvers.ONE, "partner:river-keepers", about=("river-keepers",))
        assert not signed.complete

    def test_a_partner_whom_it_is_not_about_signs_nothing(self) -> None:
        assert approval(Approvers.ONE, "partner:food-bank").people == ()

    def test_a_partner_is_told_from_a_person(self) -> None:
        assert partner_slug("partner: river-keepers") == "river-keepers"
        assert partner_slug("the partner officer") is None


@given(
    approvers=st.sampled_from(Approvers),
    names=st.lists(st.sampled_from(["the editor", "The Editor", "a", "A", "b", "c"])),
)
def test_it_is_complete_only_with_enough_different_others(
    approvers: Approvers, names: list[str]
) -> None:
    others = {name.lower() for name in names} - {"the editor"}
    assert approval(approvers, *names).complete == (len(others) >= approvers.needed)


def test_what_no_person_wrote_a_person_must_approve_whatever_the_account_asks() -> None:
    assert asked_for(Approvers.NONE, OURSELVES) is Approvers.ONE
    assert asked_for(Approvers.NONE, "CrossPromo ") is Approvers.ONE
    assert asked_for(Approvers.TWO, OURSELVES) is Approvers.TWO
    assert asked_for(Approvers.NONE, "staff") is Approvers.NONE
