"""People at partners, and the cells `sign_off` of spreadsheets that mean them."""

from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.partner_people import (
    SOMEBODY,
    PartnerPerson,
    PartnerRole,
    answer_of,
    asks_to_sign_off,
    named_in,
    said_anew,
)
from crosspromo.testing.clock import START


def signing(name: str, note: str = "") -> PartnerPerson:
    return PartnerPerson(1, "river", name, (PartnerRole.SIGN_OFF,), START, "ana", note=note)


@pytest.mark.parametrize("answer", ["yes", "Yes", "x", "true", "only for events", "Kim Rivera"])
def test_whatever_is_no_plain_no_asks_to_sign_off(answer: str) -> None:
    assert asks_to_sign_off(answer)
    assert named_in(answer)


@pytest.mark.parametrize("answer", ["", "no", "No", "0", " "])
def test_a_plain_no_or_nothing_does_not(answer: str) -> None:
    assert not asks_to_sign_off(answer)
    assert not named_in(answer)


@pytest.mark.parametrize("answer", ["Kim Rivera", "Ana María O'Neill-Ruiz", "Dr. Søren Ågaard"])
def test_a_cell_that_is_a_name_names_the_person(answer: str) -> None:
    assert named_in(answer) == ((answer, ""),)


def test_several_names_are_several_people() -> None:
    assert named_in("Kim Rivera; Dan Okafor") == (("Kim Rivera", ""), ("Dan Okafor", ""))


@pytest.mark.parametrize("answer", ["only for events", "ask Kim", "5 days before"])
def test_any_other_cell_is_kept_as_a_note_of_somebody(answer: str) -> None:
    assert named_in(answer) == ((SOMEBODY, answer),)


def test_who_left_is_asked_for_nothing() -> None:
    gone = PartnerPerson(1, "river", "Kim", (PartnerRole.SIGN_OFF,), START, "ana", ended_at=START)
    assert not gone.signs_off
    assert answer_of([gone]) == ""


@given(st.sampled_from(["yes", "Kim Rivera", "Kim Rivera; Dan Okafor", "only for events"]))
def test_a_cell_comes_back_as_it_was_read(answer: str) -> None:
    people = [signing(name, note) for name, note in named_in(answer)]
    assert answer_of(people) == answer


class TestSaidAnew:
    def test_a_plain_no_clears(self) -> None:
        assert said_anew({"Sign_off": "No"}, "Kim Rivera") == {"sign_off": ""}

    def test_a_plain_yes_leaves_those_who_sign_off_already(self) -> None:
        assert said_anew({"sign_off": "yes"}, "Kim Rivera") == {"sign_off": "Kim Rivera"}
        assert said_anew({"sign_off": "x"}, "") == {"sign_off": "yes"}

    def test_a_sheet_without_the_column_says_nothing(self) -> None:
        notes = MappingProxyType({"Phone": "555"})
        assert said_anew(notes, "Kim Rivera") is notes
