"""Flaws of a text for people who hear it read out, each with its repair.

A screen reader reads a hashtag in one case as one word, names every emoji of a run, and spells or
skips styled letters. Links and mentions are left alone: they have to stay what they are.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import Final, Literal, NamedTuple

from crosspromo.text import emoji
from crosspromo.text.entities import Entity
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

MOST_TRIES: Final = 64
"""Most readings of a text by which its repairs are tried."""

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
    found = _apart(_found(text, entities, known), entities)
    tries = _Tries(rules, _addressed(entities))
    kinds: dict[FlawKind, list[Flaw]] = {}
    for flaw in found:
        kinds.setdefault(flaw.kind, []).append(flaw)
    return [flaw for group in kinds.values() for flaw in tries.harmless(text, group)]


def repaired(text: str, rules: TextRules, known: Collection[str] = ()) -> str:
    """The text without its flaws: one kind after the other, since a repair may show another."""
    for kind in ("styled", "emoji", "hashtag"):
        text = _with(text, [flaw for flaw in flaws(text, rules, known) if flaw.kind == kind])
    return text


def _found(text: str, entities: Sequence[Entity], known: Collection[str]) -> Iterator[Flaw]:
    yield from (Flaw("styled", *run) for run in styled_runs(text))
    yield from _runs_of_emoji(text)
    words = _known_words(text, known)
    capitalised = cache(lambda tag: _capitalised(tag, words))
    for each in entities:
        better = capitalised(each.target) if each.type == "hashtag" else None
        if better is not None:
            yield Flaw("hashtag", each.end - len(each.target), each.end, better)


def _apart(found: Iterable[Flaw], entities: Sequence[Entity]) -> Iterator[Flaw]:
    """Flaws outside links and mentions, and of each kind only those that do not overlap."""
    kept = [each for each in entities if each.type != "hashtag"]
    starts = [each.start for each in kept]
    ends: dict[FlawKind, int] = {}
    for flaw in found:
        before = bisect_left(starts, flaw.end) - 1
        is_inside = before >= 0 and kept[before].end > flaw.start
        if not is_inside and flaw.start >= ends.get(flaw.kind, 0):
            ends[flaw.kind] = flaw.end
            yield flaw


class _Tries:
    """Trials of repairs: each reads the text once, so their number is bounded."""

    def __init__(self, rules: TextRules, addressed: Sequence[str]) -> None:
        self._rules, self._addressed = rules, addressed
        self._left = MOST_TRIES

    def harmless(self, text: str, group: Sequence[Flaw]) -> Sequence[Flaw]:
        """Flaws whose repair, together, leaves links and mentions of the text as they are.

        A letter beside a link or a mention can make or break it. All repairs are tried at once,
        and in halves where they do harm; what is left when no more trials are, is left alone.
        """
        if not group or not self._left:
            return ()
        self._left -= 1
        if _addressed(self._rules.entities(_with(text, group))) == self._addressed:
            return group
        if len(group) == 1:
            return ()
        half = len(group) // 2
        later = self.harmless(text, group[half:])
        return (*self.harmless(text, group[:half]), *later)


def _with(text: str, flaws: Sequence[Flaw]) -> str:
    """Text with the repairs of these flaws, which are in its order and do not overlap."""
    parts: list[str] = []
    end = 0
    for flaw in flaws:
        parts += text[end : flaw.start], flaw.better
        end = flaw.end
    return "".join([*parts, text[end:]])


def _addressed(entities: Iterable[Entity]) -> list[str]:
    """Links and mentions among the entities of a text."""
    return [each.text for each in entities if each.type != "hashtag"]


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
    """Hashtag with a capital for each word; None for a tag of one word or with capitals."""
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
