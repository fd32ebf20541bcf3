"""Shortened link texts, for a network that carries the addresses apart from the text."""

import re
from dataclasses import replace
from operator import itemgetter
from typing import Final, NamedTuple

from crosspromo.text.entities import Entity, utf8_length
from crosspromo.text.graphemes import graphemes
from crosspromo.text.rules import TextRules

PATH_SHOWN: Final = 12  # graphemes of path that a shortened link still shows
_ADDRESS: Final = re.compile(r"(?:https?://)?(?:www\.)?(?P<host>[^/?#]+)(?P<rest>.*)", re.DOTALL)


class Shown(NamedTuple):
    """A text as it will stand on the network; a link's `target` is always its whole address."""

    text: str
    entities: tuple[Entity, ...]


def shorten_links(text: str, rules: TextRules, *, warning: str = "") -> Shown:
    """The text with as few links shortened as it takes to fit, the longest first.

    Nothing changes in a text that fits, nor on a network that reads links from the text itself.
    The result may still be too long.
    """
    entities = rules.entities(text)
    shown = Shown(text, tuple(entities))
    if not rules.shortens_links or rules.fits(text, warning=warning):
        return shown
    displays = {e.start: short for e in entities if (short := display_of(e)) != e.text}
    savings = sorted(
        (
            (rules.measure(e.text) - rules.measure(displays[e.start]), e.start)
            for e in entities
            if e.start in displays
        ),
        key=itemgetter(0),
        reverse=True,
    )
    missing = rules.length(text, warning=warning) - rules.limit
    chosen: dict[int, str] = {}
    for saving, start in savings:
        if missing <= 0:
            break
        chosen[start] = displays[start]
        missing -= saving
    shown = _with_displays(text, entities, chosen)
    return (
        shown
        if rules.fits(shown.text, warning=warning)
        else _with_displays(text, entities, displays)
    )


def display_of(entity: Entity) -> str:
    """How a link is shown in short: host and the beginning of its path. Others as they are."""
    address = _ADDRESS.fullmatch(entity.text) if entity.type == "link" else None
    if address is None:
        return entity.text
    rest = graphemes(address["rest"])
    short = address["host"] + "".join(rest[:PATH_SHOWN])
    if len(rest) > PATH_SHOWN:
        short += "…"
    return short if len(short) < len(entity.text) else entity.text


def _with_displays(text: str, entities: list[Entity], displays: dict[int, str]) -> Shown:
    parts: list[str] = []
    moved: list[Entity] = []
    read = at = byte_at = 0
    for entity in entities:
        between = text[read : entity.start]
        display = displays.get(entity.start, entity.text)
        start, byte_start = at + len(between), byte_at + utf8_length(between)
        at, byte_at = start + len(display), byte_start + utf8_length(display)
        moved.append(
            replace(
                entity, text=display, start=start, end=at, byte_start=byte_start, byte_end=byte_at
            )
        )
        parts += between, display
        read = entity.end
    return Shown("".join(parts) + text[read:], tuple(moved))
