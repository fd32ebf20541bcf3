"""Where a person's name stands in a text, and what stands there once it is erased."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.erasure import Traces

KIM = Traces(
    "Kim Rivera",
    "person 7f3a91c2",
    frozenset({"kim@river.example", "555 0100"}),
    frozenset({"kim-rivera"}),
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Kim Rivera", "person 7f3a91c2"),
        ("kim  rivera ", "person 7f3a91c2"),
        ("Ask KIM RIVERA's office", "Ask person 7f3a91c2's office"),
        ("Kim\nRivera, by link", "person 7f3a91c2, by link"),
        ("to Kim@River.example today", "to (erased) today"),
        ("call 555 0100.", "call (erased)."),
        ("partner:kim-rivera", "partner:person-7f3a91c2"),
    ],
)
def test_whatever_names_the_person_is_replaced(before: str, after: str) -> None:
    assert KIM.without(before) == after


@pytest.mark.parametrize(
    "text",
    [
        "Kim",
        "Kim Rivera-Lopez",
        "Jean-Kim Rivera",
        "Joakim Rivera",
        "kim-rivera-2",
        "Kim Riverason",
    ],
)
def test_somebody_else_is_left(text: str) -> None:
    assert KIM.without(text) == text


def test_a_name_of_one_word_is_replaced_where_it_stands_alone() -> None:
    ana = Traces("ana", "person 1")
    assert ana.without("Ana") == "person 1"
    assert ana.without("Ana Ruiz") == "Ana Ruiz"


def test_letters_composed_otherwise_are_the_same_name() -> None:
    assert Traces("José Núñez", "person 1").without("by José Núñez") == "by person 1"


@given(
    st.recursive(
        st.sampled_from(["Kim Rivera", "x Kim Rivera", "kim@river.example", "other", ""]),
        lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("ab"), inner),
        max_leaves=10,
    )
)
def test_no_json_value_names_the_person_afterwards(value: object) -> None:
    after = json.dumps(KIM.without_in(value))
    assert "Kim Rivera" not in after
    assert "kim@" not in after
    assert KIM.without_in(KIM.without_in(value)) == KIM.without_in(value)


@given(st.text(alphabet='Kim "\\Rvea', min_size=3).filter(lambda name: " " in name.strip()))
def test_a_name_inside_a_json_text_is_replaced(name: str) -> None:
    name = " ".join(name.split())
    if " " not in name:
        return
    inside = json.dumps({"who": f"(by {name}, today)"}, ensure_ascii=False)
    after = Traces(name, "person 1").without(inside)
    assert json.loads(after) == {"who": "(by person 1, today)"}
