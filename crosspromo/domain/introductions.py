"""Introductions: one partner's offer meets another's need, and both agree to meet.

A need and an offer meet where they have a word in common (`in_common`): the rule is simple, so that
people see why two partners are proposed. People decide.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from crosspromo.domain.partners import Partner

SHORTEST_WORD = 3
"""Letters of a word that counts."""

TOO_COMMON = frozenset(
    {
        *("and", "any", "for", "from", "has", "have", "help", "more", "need", "new", "not"),
        *("offer", "our", "some", "support", "that", "the", "their", "this", "who", "with"),
        *("work", "you", "your"),
    }
)
"""Words that say nothing of what is needed."""


class Proposal(NamedTuple):
    """Two partners who may be made known to each other, and the words that met."""

    needing: str
    offering: str
    need: str
    offer: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Introduction:
    """Introduction of two partners (slugs). Times are aware, in UTC; None: not yet, or never.

    `declined_for` is the slug of the partner who does not want it.
    """

    number: int
    needing: str
    offering: str
    need: str
    offer: str
    proposed_at: datetime
    proposed_by: str
    needing_agreed_at: datetime | None = None
    offering_agreed_at: datetime | None = None
    declined_at: datetime | None = None
    declined_for: str | None = None

    @property
    def is_agreed(self) -> bool:
        """Whether both agree."""
        agreed = self.needing_agreed_at is not None and self.offering_agreed_at is not None
        return agreed and self.declined_at is None

    @property
    def pair(self) -> frozenset[str]:
        """Slugs of both."""
        return frozenset({self.needing, self.offering})


def words_of(text: str) -> frozenset[str]:
    """Words of a text that count, in small letters, without a plural s."""
    words = (word.casefold() for word in re.findall(r"[^\W\d_]+", text))
    return frozenset(
        word.removesuffix("s") if len(word) > SHORTEST_WORD else word
        for word in words
        if len(word) >= SHORTEST_WORD and word not in TOO_COMMON
    )


def in_common(need: str, offer: str) -> tuple[str, ...]:
    """Words that a need and an offer have in common, sorted; empty: they do not meet."""
    return tuple(sorted(words_of(need) & words_of(offer)))


def proposals(
    partners: Iterable[Partner], known: Collection[frozenset[str]], most: int
) -> Sequence[Proposal]:
    """At most `most` proposals, those with the most words in common first.

    Pairs in `known` were proposed before, and are left out; archived partners, too.
    """
    offered = [each for each in partners if each.archived_at is None]
    found = sorted(
        (each for each in _meetings(offered) if frozenset(each[:2]) not in known),
        key=lambda each: (-len(each.words), each),
    )
    return found[:most]


def _meetings(partners: Sequence[Partner]) -> Iterator[Proposal]:
    """Meetings of needs and offers; only those with a word in common are compared."""
    offers: dict[str, list[tuple[str, str]]] = {}
    for partner in partners:
        for offer in partner.offers:
            for word in words_of(offer):
                offers.setdefault(word, []).append((partner.slug, offer))
    for partner in partners:
        for need in partner.needs:
            met = {each for word in words_of(need) for each in offers.get(word, ())}
            for slug, offer in sorted(met):
                if slug != partner.slug:
                    yield Proposal(partner.slug, slug, need, offer, in_common(need, offer))
