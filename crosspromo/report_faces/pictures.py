"""Pictures of reports as inline SVG: bars, told apart by pattern and number, not colour alone.

A picture has a title and a description, and is one image for screen readers. It asks for nothing
from anywhere and runs nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from crosspromo.reports.page import Bar, Picture

WIDTH = 640
LABELS = 220
NUMBERS = 110
ROW = 22
LEGEND = 26
LONGEST_LABEL = 32
"""Characters of a label that fit beside the bars."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Part of a bar, in pixels; `series` is the place of its series."""

    series: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """Bar with its label, segments and numbers; `y` is its top, in pixels."""

    label: str
    numbers: str
    y: int
    segments: Sequence[Segment]


def drawn(picture: Picture) -> Sequence[DrawnBar]:
    """Bars on one scale; the longest one takes all the width there is."""
    most = max((sum(bar.values) for bar in picture.bars), default=0) or 1
    scale = (WIDTH - LABELS - NUMBERS) / most
    return [_bar(bar, LEGEND + place * ROW, scale) for place, bar in enumerate(picture.bars)]


def _bar(bar: Bar, y: int, scale: float) -> DrawnBar:
    x = float(LABELS)
    segments = []
    for series, value in enumerate(bar.values):
        width = round(value * scale, 1)
        if value:
            segments.append(Segment(series, round(x, 1), width))
        x += width
    label = bar.label
    if len(label) > LONGEST_LABEL:
        label = f"{label[: LONGEST_LABEL - 1].rstrip()}…"
    return DrawnBar(label, " · ".join(f"{value:,}" for value in bar.values), y, segments)


def svg(picture: Picture, key: str) -> Markup:
    """Picture as an SVG element; `key` keeps its ids apart from those of other pictures."""
    template = environment().get_template("bars.svg")
    bars = drawn(picture)
    height = LEGEND + len(bars) * ROW + 6
    found = template.render(picture=picture, key=key, bars=bars, width=WIDTH, height=height)
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
