"""Fields of a partner's record as people type them: their choices, and their limits."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.partner_numbers import HIGHEST, lacking_half
from crosspromo.domain.partners import Partner
from crosspromo.domain.partners_due import CADENCES
from crosspromo.domain.reasons.partners import HalfALimit, OutOfRange, UnknownChoice, WordsTooLong

FOCUS = "focus"
"""List of the few partners with whom we keep up first of all."""

MOST_IN_FOCUS = 10
"""Partners on the focus list above which people lose sight of them."""

CHOICES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "kind": ("organisation", "individual"),
        "list": (FOCUS, "extended"),
        "closeness": tuple(CADENCES),
        "tier": ("decision-maker", "influencer", "constituent"),
        "support": ("+", "0", "-"),
        "goals": ("learn", "contribute", "connect"),
    }
)
"""Values that a person may type; what an import has brought stays as it is."""

NUMBERS: Mapping[str, str] = MappingProxyType(
    {
        "cadence_days": "a cadence in days",
        "most_posts": "a number of posts",
        "most_posts_days": "a time in days",
        "notice_hours": "a notice in hours",
    }
)
"""Words for each number of HIGHEST."""

TEXTS = ("owner",)
LISTS = ("languages", "needs", "offers")

FIELDS = (*CHOICES, *NUMBERS, *TEXTS, *LISTS, "status")
"""Fields that `checked_fields` checks."""

LONGEST = 500
"""Characters of an owner, a language, a need or an offer."""

_MINUS = "\u2212"
"""Minus sign, which people copy from pages that show it."""


def checked_fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Values of FIELDS as they are kept; InputError for one that is unusable."""
    return {name: _checked(name, value) for name, value in given.items()}


def check_limit(partner: Partner) -> None:
    """InputError where a limit on posts lacks the number of posts, or the days."""
    if lacking_half(partner) is not None:
        raise InputError(HalfALimit())


def has_all(partner: Partner, having: Mapping[str, str]) -> bool:
    """Whether the partner has these values of fields; capitals do not matter."""
    return all(_has(getattr(partner, name), value) for name, value in having.items())


def _has(known: str | tuple[str, ...], wanted: str) -> bool:
    values = (known,) if isinstance(known, str) else known
    return wanted.strip().casefold() in (each.casefold() for each in values)


def _checked(name: str, value: Any) -> Any:
    if name == "status":
        return _status(value)
    if name in NUMBERS:
        return _number(name, value)
    if isinstance(value, str):
        return _text(name, value)
    return tuple(dict.fromkeys(filter(None, (_text(name, each) for each in value))))


def _text(name: str, value: str) -> str:
    words = " ".join(without_invisible(value).split())
    choices = CHOICES.get(name)
    if choices is None:
        if len(words) > LONGEST:
            raise InputError(WordsTooLong(name, LONGEST))
        return words
    chosen = words.lower().replace(_MINUS, "-")
    if chosen and chosen not in choices:
        raise InputError(UnknownChoice(_SINGULAR.get(name, name), words, choices))
    return chosen


_SINGULAR = {"goals": "goal"}


def _number(name: str, value: int | None) -> int | None:
    if not value:
        return None
    if not 1 <= value <= HIGHEST[name]:
        raise InputError(OutOfRange(NUMBERS[name], value, 1, HIGHEST[name]))
    return value


def _status(text: str) -> str:
    from crosspromo.intake.partner_cells import is_status, status  # noqa: PLC0415 (seldom given)

    words = text.strip()
    if words and not is_status(words):
        raise InputError(UnknownChoice("legal status", words, ("c3", "c4", "527", "candidate")))
    return status(words)
