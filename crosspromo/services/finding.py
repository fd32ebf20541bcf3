"""Finding of posts, partners and events by words, and of the images that posts show.

Words are looked for in the latest deliveries only, so that the work does not grow with the past.
They are compared here, and not by patterns of the database: no sign in them has a meaning.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner

if TYPE_CHECKING:
    from crosspromo.store.shares import FoundPost
    from crosspromo.store.unit import Store

LONGEST_WORDS = 200
"""Characters that are looked for; further ones are left out."""

MOST_FOUND = 30
"""Results of each kind; of more, the number is told."""

MOST_IMAGES = 60
"""Images of one page, those of the latest posts."""

LOOKED_AT = 5_000
"""Latest deliveries in which words are looked for."""


@dataclass(frozen=True, slots=True)
class Found:
    """Posts, partners and events that have all the words; `more`: how many of each are left out."""

    posts: "Sequence[FoundPost]"
    partners: Sequence[Partner]
    events: Sequence[Event]
    more: tuple[int, int, int] = (0, 0, 0)

    @property
    def count(self) -> int:
        """Number of results, with those that are left out."""
        return len(self.posts) + len(self.partners) + len(self.events) + sum(self.more)


@dataclass(frozen=True, slots=True)
class ShownImage:
    """Kept image with its alt texts, and the posts that show it, the latest first."""

    path: str
    alts: Sequence[str]
    posts: Sequence[int]


@dataclass(frozen=True)
class Finder:
    """Finds what people look for in a workspace."""

    store: "Store"
    clock: Clock

    def by_words(self, text: str) -> Found:
        """Posts, partners and events that have every word of the text, in any case.

        Posts are the latest first, each once; archived partners and past events come last. Of a
        text without words nothing has them.
        """
        words = _folded(text[:LONGEST_WORDS]).split()
        if not words:
            return Found((), (), ())
        now = self.clock.now()
        with self.store.read() as unit:
            posts = {
                each.post: each
                for each in reversed(unit.shares.latest(LOOKED_AT))
                if _has(words, (str(each.post), each.title or "", each.text))
            }
            partners = [each for each in unit.partners.all() if _has(words, _of_partner(each))]
            events = [each for each in unit.events.all() if _has(words, _of_event(each))]
        latest = sorted(posts.values(), key=lambda each: -each.post)
        partners.sort(key=lambda each: each.archived_at is not None)
        events.sort(key=lambda each: each.ends_at <= now)
        every = latest, partners, events
        posts_left, partners_left, events_left = (max(0, len(it) - MOST_FOUND) for it in every)
        return Found(
            latest[:MOST_FOUND],
            partners[:MOST_FOUND],
            events[:MOST_FOUND],
            (posts_left, partners_left, events_left),
        )

    def images(self) -> Sequence[ShownImage]:
        """Images of the latest posts, each with all alt texts that it has there."""
        with self.store.read() as unit:
            shown = unit.shares.pictures()
        found: dict[str, tuple[dict[str, None], dict[int, None]]] = {}
        for post, path, alt in shown:
            alts, posts = found.setdefault(path, ({}, {}))
            alts.setdefault(alt)
            posts.setdefault(post)
        return [
            ShownImage(path, [alt for alt in alts if alt], list(posts))
            for path, (alts, posts) in list(found.items())[:MOST_IMAGES]
        ]


def _has(words: Sequence[str], texts: Iterable[str]) -> bool:
    whole = _folded("\n".join(texts))
    return all(word in whole for word in words)


def _folded(text: str) -> str:
    """Text without capitals, accents and styled letters."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(each for each in parts if not unicodedata.combining(each)).casefold()


def _of_partner(partner: Partner) -> tuple[str, ...]:
    return partner.slug, partner.name, partner.why, *partner.topics, *partner.handles.values()


def _of_event(event: Event) -> tuple[str, ...]:
    return event.slug, event.title, event.location, *event.partners
