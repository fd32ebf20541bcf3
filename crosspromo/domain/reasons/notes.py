"""Notes on a delivery: rules that hold it at its time, a burst, and what its request or text lacks.

A note refuses nothing: the gate decides when the delivery is due, and the queue may have changed
by then. The account stands on the delivery. Deliveries are named by id; moments are aware, in UTC.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from crosspromo.domain.reasons import holds


class WaitsForGap(NamedTuple):
    """Minimum gap `least` after delivery `other`, which is due or was sent (`sent`) at `at`.

    The gap ends at `until`. `to_slot`: the account has slots, and the held delivery then takes the
    next free one.
    """

    other: int
    at: datetime
    sent: bool
    least: timedelta
    until: datetime
    to_slot: bool


class DelaysAnother(NamedTuple):
    """Delivery `other`, due at `at`, less than the minimum gap `least` after this delivery.

    The gap ends at `until`. `to_slot` as in WaitsForGap, for the other delivery.
    """

    other: int
    at: datetime
    least: timedelta
    until: datetime
    to_slot: bool


class DayFull(NamedTuple):
    """Day with `most` other posts, which is its cap; the day ends at `until`."""

    day: date
    most: int
    until: datetime


class WeekFull(NamedTuple):
    """Seven days up to `at` with `most` other posts, which is their cap."""

    at: datetime
    most: int


class InQuietHours(NamedTuple):
    """Quiet hours of the account, as in crosspromo.toml, which end at `until`."""

    hours: str
    until: datetime


class InBlackout(NamedTuple):
    """Days of silence, which end at `until`."""

    blackout: holds.Blackout
    until: datetime


class OnDayOfMourning(NamedTuple):
    """Kept day of mourning, which ends at `until`."""

    mourning: holds.Mourning
    until: datetime


Silent = InQuietHours | InBlackout | OnDayOfMourning
"""Hours or days of silence, each with the time at which it ends."""


class Burst(NamedTuple):
    """Number of deliveries of one account, `size`, that would go at once.

    `at` is when the first is due; None: now. `more`: there may be more, which were not counted.
    """

    size: int
    at: datetime | None
    more: bool = False


class TitleNotShown(NamedTuple):
    """Title that was given for a post on an account whose network has no titles."""


class HostArchived(NamedTuple):
    """Archived partner (slug) that holds the event of the post with us or with others."""

    partner: str


class PartnerIsMerged(NamedTuple):
    """Slug in the request of a partner who became part of `into`, whom the post is about."""

    partner: str
    into: str


class HashtagInOneCase(NamedTuple):
    """Hashtag `words` of several words without capitals, which is read out as one.

    `better` has the capitals. `delivery` is None where none was kept (dry run), and nothing can be
    repaired; likewise in the notes below.
    """

    words: str
    better: str
    delivery: int | None


class RunOfEmoji(NamedTuple):
    """Emoji in a row, `words`, of which each is read out by its name; `better` has fewer."""

    words: str
    better: str
    delivery: int | None


class StyledLetters(NamedTuple):
    """Letters of Unicode that only look like bold or script ones; `better` has plain ones."""

    words: str
    better: str
    delivery: int | None


class TextInImage(NamedTuple):
    """Image `number` of the post, from 1, which seems to show about `letters` letters of text.

    Its alt text has `told` letters, which are too few to say that text.
    """

    number: int
    letters: int
    told: int
    delivery: int | None


class SharedWithoutAlt(NamedTuple):
    """Post of somebody else, to be shared, of which `images` images have no alt text."""

    images: int
    delivery: int | None


class RelationUntold(NamedTuple):
    """Post about a partner of our own group whose text does not say so before the fold.

    `better` are the words for it.
    """

    better: str
    delivery: int | None


class SignsTakenOut(NamedTuple):
    """Characters `signs`, each once, that nobody sees and that were taken out of a post."""

    signs: tuple[str, ...]


WordsNote = HashtagInOneCase | RunOfEmoji | StyledLetters
"""Notes on single words of a text."""

AccessibilityNote = WordsNote | TextInImage | SharedWithoutAlt | RelationUntold
"""Notes on what not everybody can read or hear of a delivery."""

Note = (
    WaitsForGap
    | DelaysAnother
    | DayFull
    | WeekFull
    | InQuietHours
    | InBlackout
    | OnDayOfMourning
    | Burst
    | TitleNotShown
    | HostArchived
    | PartnerIsMerged
    | AccessibilityNote
    | SignsTakenOut
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        WaitsForGap: "gap",
        DelaysAnother: "delays-another",
        DayFull: "day-full",
        WeekFull: "week-full",
        InQuietHours: "quiet",
        InBlackout: "blackout",
        OnDayOfMourning: "mourning",
        Burst: "burst",
        TitleNotShown: "title-not-shown",
        HostArchived: "host-archived",
        PartnerIsMerged: "partner-merged",
        HashtagInOneCase: "hashtag-in-one-case",
        RunOfEmoji: "run-of-emoji",
        StyledLetters: "styled-letters",
        TextInImage: "text-in-image",
        SharedWithoutAlt: "shared-without-alt",
        RelationUntold: "relation-untold",
        SignsTakenOut: "signs-taken-out",
    }
)


def code_of(note: Note) -> str:
    """Code of the note, as in JSON."""
    return CODES[type(note)]
