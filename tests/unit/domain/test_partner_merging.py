"""Two records of one partner as one: nothing is lost, and doubt makes no consent."""

from dataclasses import replace
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.partner_merging import merged
from crosspromo.domain.partner_rows import LISTS, PLAIN
from crosspromo.domain.partners import Partner

words = st.sampled_from(["", "one", "another", "c3", "candidate", "no"])
several = st.lists(words.filter(bool), max_size=3, unique=True).map(tuple)
mapped = st.dictionaries(
    st.sampled_from(["x", "bluesky", "sign_off", "Phone", "name of gone"]), words.filter(bool)
).map(MappingProxyType)
numbers = st.none() | st.integers(1, 90)


def partner(slug: str) -> st.SearchStrategy[Partner]:
    return st.builds(
        Partner,
        slug=st.just(slug),
        handles=mapped,
        notes=mapped,
        tag_ok=st.booleans(),
        cadence_days=numbers,
        notice_hours=numbers,
        **dict.fromkeys((each for each in PLAIN if each != "name"), words),
        **dict.fromkeys(LISTS, several),
        name=words.filter(bool),
    ).flatmap(
        lambda made: st.tuples(numbers, numbers).map(
            lambda limit: (
                made
                if None in limit
                else replace(made, most_posts=limit[0], most_posts_days=limit[1])
            )
        )
    )


@given(partner("into"), partner("gone"))
def test_every_value_of_both_is_there_afterwards(into: Partner, gone: Partner) -> None:
    both = merged(into, gone)
    known = [*both.notes.values(), *both.handles.values()]
    assert both.slug == "into"
    for one in (into, gone):
        for name in PLAIN:
            value = getattr(one, name)
            assert not value or value == getattr(both, name) or value in known, name
        for name in LISTS:
            assert set(getattr(one, name)) <= set(getattr(both, name)), name
        for value in (*one.handles.values(), *one.notes.values()):
            assert value in known
        for number, words_ in ((one.cadence_days, "days"), (one.notice_hours, "hours")):
            kept = (both.cadence_days, both.notice_hours)
            assert number is None or number in kept or f"{number} {words_}" in known


@given(partner("into"), partner("gone"))
def test_no_consent_comes_of_a_merge(into: Partner, gone: Partner) -> None:
    both = merged(into, gone)
    assert both.tag_ok == (into.tag_ok and gone.tag_ok)
    if "candidate" in {into.status, gone.status}:
        assert both.status == "candidate"
    rates = [
        each.most_posts / each.most_posts_days
        for each in (into, gone, both)
        if each.most_posts is not None and each.most_posts_days
    ]
    assert not rates or rates[-1] == min(rates)


def test_handles_of_one_who_stays_stand_and_the_others_are_notes() -> None:
    into = Partner("keepers", "River Keepers", handles={"x": "keepers"})
    gone = Partner("keeper", "River Keeper", handles={"x": "keeper", "bluesky": "k.example"})
    both = merged(into, gone)
    assert both.handles == {"x": "keepers", "bluesky": "k.example"}
    assert both.notes == {"name of keeper": "River Keeper", "x of keeper": "keeper"}
