"""On random texts we count and link as the networks' own libraries do.

Where we differ on purpose is written down in docs/explanation/text.md and tested in
tests/unit/text/; the random texts contain some of those cases, hence shares below one.
"""

from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from reference_text.reference import Reference
from reference_text.texts import random_text

from crosspromo.text.rules import BLUESKY, TextRules, X

SEED = 20261117
TEXTS = 4000


@pytest.fixture(scope="module")
def answers() -> Iterator[list[tuple[str, dict[str, Any]]]]:
    random = Random(SEED)
    texts = [random_text(random) for _ in range(TEXTS)]
    with Reference() as reference:
        yield [(text, reference.read(text)) for text in texts]


Answers = list[tuple[str, dict[str, Any]]]


def test_x_counts_the_same_on_999_of_1000_texts(answers: Answers) -> None:
    different = [text for text, theirs in answers if X.length(text) != theirs["x"]["length"]]
    assert len(different) <= TEXTS * 0.001, different[:5]


def test_x_links_the_same_on_999_of_1000_texts(answers: Answers) -> None:
    different = [text for text, theirs in answers if x_spans(text) != their_x_spans(theirs)]
    assert len(different) <= TEXTS * 0.001, different[:5]


def test_bluesky_counts_the_same_graphemes_and_bytes_on_every_text(answers: Answers) -> None:
    different = [
        text
        for text, theirs in answers
        if (BLUESKY.length(text), len(text.encode()))
        != (theirs["bluesky"]["length"], theirs["bluesky"]["bytes"])
    ]
    assert different == []


def test_bluesky_facets_are_the_same_on_995_of_1000_texts(answers: Answers) -> None:
    different = [text for text, theirs in answers if facets(text) != their_facets(theirs)]
    assert len(different) <= TEXTS * 0.005, different[:5]


def test_the_random_texts_hold_what_is_hard(answers: Answers) -> None:
    kinds = {entity["type"] for _, theirs in answers for entity in theirs["x"]["entities"]}
    assert kinds == {"link", "mention", "hashtag"}
    for hard in ("\u200d", "\u0301", "ש", "日本", "(http", "example.com", "\U0001f1e9"):
        assert sum(hard in text for text, _ in answers) > TEXTS * 0.01, hard


def x_spans(text: str) -> list[tuple[str, int, int]]:
    return [(entity.type, entity.start, entity.end) for entity in X.entities(text)]


def their_x_spans(theirs: dict[str, Any]) -> list[tuple[str, int, int]]:
    return [(e["type"], e["start"], e["end"]) for e in theirs["x"]["entities"]]


Facet = tuple[int, int, str, str]


def facets(text: str, rules: TextRules = BLUESKY) -> list[Facet]:
    return [(e.byte_start, e.byte_end, e.type, e.target) for e in rules.entities(text)]


def their_facets(theirs: dict[str, Any]) -> list[Facet]:
    """Their facets as an app shows them: where two overlap, the first one counts."""
    shown: list[Facet] = []
    for e in sorted(theirs["bluesky"]["facets"], key=lambda facet: int(facet["byte_start"])):
        if not shown or e["byte_start"] >= shown[-1][1]:
            shown.append((e["byte_start"], e["byte_end"], e["type"], e["target"]))
    return shown
