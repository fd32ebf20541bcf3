"""Recorded decisions: short where a send is as usual, and told for ever in the words of its day."""

import json
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.attempts import Json
from crosspromo.domain.erasure import Traces
from crosspromo.domain.gate import CHECKS, decide
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.recorded_decisions import EDITIONS, LATEST, checks_of, record_of
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Passed, Standing

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE_TO_ONE = Target(1, 1)
CHECK_NAMES = [name for name, _ in CHECKS]

PUBLISHED = {1: "f2ed81d7eec3da42c839e29e68b3128ff629db9f4a4eeeef299f13d4a95c4fab"}
"""Hashes of the editions that workspaces may have records of."""

accounts = st.from_regex(r"[a-z][a-z0-9-]{0,20}", fullmatch=True)
usual = st.sampled_from([*EDITIONS[LATEST].values(), "It is in time."])
sentences = usual | st.text(min_size=1, max_size=30)


def ordinary(account: str, credit: Credit = Credit.OTHERS) -> tuple[Passed, ...]:
    """What the gate says of a post that nothing stands against."""
    standing = Standing(Tally(3, 1))
    facts = Facts(
        policy=Policy(target=ONE_TO_ONE, window=Window(days=28)),
        account=standing,
        organisation=standing,
        floor=ONE_TO_ONE,
    )
    decision = decide(facts, Candidate(account, credit, NOW, pinned=False, slot_at=NOW), NOW)
    assert isinstance(decision, Allow)
    return decision.trail


def test_the_record_of_a_usual_post_about_others_has_no_sentences() -> None:
    """Red: gate.py has other checks or words than the latest edition. Add an edition."""
    assert record_of(ordinary("news"), "news") == [LATEST]


def test_a_post_about_us_is_recorded_with_its_arithmetic_only() -> None:
    assert record_of(ordinary("news", Credit.SELF), "news") == [
        LATEST,
        [16, "{account} keeps 1:1, this post included: 3 x 1 >= 1 x (1 + 1)."],
        [17, "The organisation keeps 1:1, this post included: 3 x 1 >= 1 x (1 + 1)."],
    ]


@given(accounts, st.lists(sentences, min_size=len(CHECKS), max_size=len(CHECKS)))
def test_every_check_is_told_as_it_was_said(account: str, said: list[str]) -> None:
    trail = [
        (name, sentence.replace("{account}", account))
        for name, sentence in zip(CHECK_NAMES, said, strict=True)
    ]
    kept = json.loads(json.dumps(record_of(trail, account)))
    assert list(checks_of(kept, account).items()) == trail


@given(
    accounts,
    st.lists(st.tuples(st.sampled_from(CHECK_NAMES), sentences), unique_by=lambda each: each[0]),
)
def test_other_checks_than_those_of_the_edition_are_told_too(
    account: str, trail: list[Passed]
) -> None:
    told = checks_of(record_of(trail, account), account)
    assert list(told) == [name for name, _ in trail]


def test_a_record_of_before_editions_is_told_as_it_is() -> None:
    checks: dict[str, Json] = {"paused": "news is not paused.", "ratio": "news keeps 3:1."}
    assert checks_of(checks, "news") == checks


def test_a_renamed_account_is_called_by_its_present_name_throughout() -> None:
    told = checks_of(record_of(ordinary("news", Credit.SELF), "news"), "bulletin")
    assert told["paused"] == "bulletin is not paused."
    assert told["ratio"].startswith("bulletin keeps 1:1")


def test_a_name_that_begins_like_the_account_stays() -> None:
    said = [(name, "news-desk is not paused.") for name in CHECK_NAMES]
    assert set(checks_of(record_of(said, "news"), "bulletin").values()) == {said[0][1]}


def test_of_an_edition_of_another_version_nothing_is_told() -> None:
    assert checks_of([LATEST + 1, [3, "It is in time."]], "news") == {}


def test_a_person_who_is_called_like_a_check_makes_no_record_untrue() -> None:
    person = Traces("Ratio", "Person 1", slugs=frozenset({"ratio", "checks", "cap"}))
    record = record_of(ordinary("news", Credit.SELF), "news")
    told = checks_of(person.without_in(record), "news")
    assert told["ratio"].startswith("news keeps 1:1")
    assert list(told) == CHECK_NAMES


@pytest.mark.parametrize("edition", EDITIONS)
def test_an_edition_never_changes(edition: int) -> None:
    """Red: the sentences of records that workspaces have were changed. Add an edition instead."""
    text = json.dumps([list(EDITIONS[edition].items())])
    assert sha256(text.encode()).hexdigest() == PUBLISHED[edition]
