"""Pictures of reports as inline SVG: bars, told apart by pattern and number, not colour alone.

A picture has a title and a description, and is one image for screen readers. It asks for nothing
from anywhere and runs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crosspromo.domain.letter_cells import cells
from crosspromo.reports.bar_labels import short_labels
from crosspromo.reports.page import Bar, Picture

WIDTH = 420
"""Pixels of a picture: it is as wide as the page of a phone."""

ROW = 20
LEGEND = 26
LETTER = 6.2
"""Pixels of a cell, at the most, in the mean of a word."""

GAP = 8
LONGEST_LABEL = 24
"""Cells of a label that fit beside the bars."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a bar, in pixels; `series` is the place of its series."""

    series: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """Bar with its label, segments and numbers; `y` is its top and `end` its end, in pixels.

    `group` is the name that stands above it, where a group begins.
    """

    label: str
    numbers: str
    y: int
    end: float
    segments: Sequence[Segment]
    group: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Bars on one scale, from the line at `zero` to the right; `height` is that of all of it."""

    bars: Sequence[DrawnBar]
    zero: float
    height: int


def drawn(picture: Picture) -> Drawing:
    """Drawing in which the longest bar takes all the width there is."""
    numbers = max((len(_numbers(bar)) for bar in picture.bars), default=0) * LETTER + 2 * GAP
    labels = short_labels([bar.label for bar in picture.bars], LONGEST_LABEL)
    zero = max(map(cells, labels), default=0) * LETTER + GAP
    most = max((sum(bar.values) for bar in picture.bars), default=0) or 1
    scale = (WIDTH - zero - numbers) / most
    bars = []
    y, group = LEGEND, ""
    for bar, label in zip(picture.bars, labels, strict=True):
        begins = bar.group if bar.group != group else ""
        group = bar.group
        y += ROW if begins else 0
        bars.append(_bar(replace(bar, label=label), y, zero, scale, begins))
        y += ROW
    return Drawing(bars, round(zero, 1), y + 6)


def _bar(bar: Bar, y: int, zero: float, scale: float, group: str) -> DrawnBar:
    x = zero
    segments = []
    for series, value in enumerate(bar.values):
        width = round(value * scale, 1)
        if value:
            segments.append(Segment(series, round(x, 1), width))
        x += width
    return DrawnBar(bar.label, _numbers(bar), y, round(x + GAP / 2, 1), segments, group)


def _numbers(bar: Bar) -> str:
    return " · ".join(f"{value:,}" for value in bar.values)


def svg(picture: Picture, key: str) -> Markup:
    """Picture as an SVG element; `key` keeps its ids apart from those of other pictures."""
    template = environment().get_template("bars.svg")
    found = template.render(picture=picture, key=key, drawing=drawn(picture), width=WIDTH)
    return Markup(found)  # noqa: S704 (the template escapes every value)


@cache
def environment() -> Environment:
    """Environment of the templates of faces: every value is escaped, a missing name is an error."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(svg=svg)
    return made
