"""Tones of posts: what a day of mourning, or a quiet day, holds back."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from crosspromo.domain.posts import Kind


class Tone(StrEnum):
    """Tone of a post."""

    CELEBRATE = "celebrate"
    NEUTRAL = "neutral"
    SOLEMN = "solemn"
    ASK = "ask"


TONES: Mapping[Kind, Tone] = MappingProxyType(
    {
        Kind.SPOTLIGHT: Tone.CELEBRATE,
        Kind.EVENT: Tone.CELEBRATE,
        Kind.RESHARE: Tone.NEUTRAL,
        Kind.OWN: Tone.NEUTRAL,
        Kind.NOTICE: Tone.NEUTRAL,
    }
)
"""Tone of a post by its kind, where nobody chose one."""

FIT_FOR_MOURNING = frozenset({Tone.NEUTRAL, Tone.SOLEMN})
"""Tones in which posts about others, and notices, go on a day of mourning."""


def tone_of(kind: Kind, chosen: Tone | None) -> Tone:
    """Tone of a post: the chosen one, else that of its kind."""
    return TONES[kind] if chosen is None else chosen
