"""Tones of posts: what a day of mourning, or a quiet day, holds back."""

from enum import StrEnum


class Tone(StrEnum):
    """Tone of a post."""

    CELEBRATE = "celebrate"
    NEUTRAL = "neutral"
    SOLEMN = "solemn"
    ASK = "ask"
