"""Flaws of a text for people who hear it read out, each with its repair.

A screen reader reads a hashtag in one case as one word, names every emoji of a run, and spells or
skips styled letters. Links and mentions are left alone: they have to stay what they are.
"""

import re
from collections.abc import Collection, Iterator
from typing import Final, Literal, NamedTuple

from crosspromo.text import emoji
from crosspromo.text.rules import TextRules
from crosspromo.text.split_words import words_of
from crosspromo.text.styled_letters import styled_runs

MOST_EMOJI_TOGETHER: Final = 2
"""Most emoji in a row that are not called a run: guides of universities ask for few, at the end."""

SHORTEST_TAG: Final = 6
SHORTEST_TAG_IN_CAPITALS: Final = 10
"""Least letters of a hashtag that is divided into words; a shorter one in capitals abbreviates."""

_KEYCAPS: Final = "0123456789#*"
"""First characters of emoji that are signs: three of them are a number."""

FlawKind = Literal["hashtag", "emoji", "styled"]


class Flaw(NamedTuple):
    """Flaw in `text[start:end]`, and the words that repair it."""

    kind: FlawKind
    start: int
    end: int
    better: str


def flaws(text: str, rules: TextRules, known: Collection[str] = ()) -> list[Flaw]:
    """Flaws of the text, in its order within each kind.

    `known` are names that hashtags may consist of: slugs of the partners and events of the post.
    """
    if text.isascii() and "#" not in text:
        return []
    entities = rules.entities(text)
    kept = [(each.start, each.end) for each in entities if each.type != "hashtag"]
    words = _known_words(text, known)
    found = [
        *(Flaw("styled", *run) for run in styled_runs(text)),
        *_runs_of_emoji(text),
        *(
            Flaw("hashtag", each.end - len(each.target), each.end, better)
            for each in entities
            if each.type == "hashtag" and (better := _capitalised(each.target, words))
        ),
    ]
    apart = [
        flaw
        for flaw in found
        if not any(flaw.start < end and start < flaw.end for start, end in kept)
    ]
    addressed = _addressed(text, rules)
    return [flaw for flaw in apart if _addressed(_with(text, flaw), rules) == addressed]


def repaired(text: str, rules: TextRules, known: Collection[str] = ()) -> str:
    """The text without its flaws: one kind after the other, since a repair may show another."""
    for kind in ("styled", "emoji", "hashtag"):
        addressed = _addressed(text, rules)
        for flaw in reversed([flaw for flaw in flaws(text, rules, known) if flaw.kind == kind]):
            better = _with(text, flaw)
            text = better if _addressed(better, rules) == addressed else text
    return text


def _with(text: str, flaw: Flaw) -> str:
    return text[: flaw.start] + flaw.better + text[flaw.end :]


def _addressed(text: str, rules: TextRules) -> list[str]:
    """Links and mentions of the text, which a letter beside them can make or break."""
    return [each.text for each in rules.entities(text) if each.type != "hashtag"]


def _runs_of_emoji(text: str) -> Iterator[Flaw]:
    run: list[tuple[int, int]] = []
    pictures = [each for each in emoji.positions(text) if text[each[0]] not in _KEYCAPS]
    for start, end in [*pictures, (len(text) + 1, 0)]:
        if run and (start > len(text) or text[run[-1][1] : start].strip(" \t\ufe0f")):
            if len(run) > MOST_EMOJI_TOGETHER:
                different = dict.fromkeys(text[first:last] for first, last in run)
                better = "".join(list(different)[:MOST_EMOJI_TOGETHER])
                yield Flaw("emoji", run[0][0], run[-1][1], better)
            run = []
        run.append((start, end))


def _capitalised(tag: str, known: Collection[str]) -> str | None:
    """The tag with a capital for each of its words; None where it has one word, or capitals."""
    letters = re.sub(r"[\W\d_]", "", tag)
    shortest = SHORTEST_TAG_IN_CAPITALS if letters.isupper() else SHORTEST_TAG
    in_one_case = letters.isupper() or letters[1:].islower()
    if len(letters) < shortest or not in_one_case or "_" in tag:
        return None
    stretches = [words_of(each.lower(), known) for each in re.findall(r"[^\W\d_]+", tag)]
    if None in stretches or sum(len(each or ()) for each in stretches) < 2:
        return None
    divided = iter(stretches)
    return re.sub(
        r"[^\W\d_]+", lambda _: "".join(word.capitalize() for word in next(divided) or ()), tag
    )


def _known_words(text: str, names: Collection[str]) -> frozenset[str]:
    """Words of the names and of the text outside its hashtags, in lower case."""
    outside = re.sub(r"#\S+", " ", text)
    words = re.findall(r"[^\W\d_]{3,}", " ".join([outside, *names]).lower())
    return frozenset(words)
