"""Reports on a terminal, and as files."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import click

from crosspromo.cli.output import echo_styled, emit_table, styled
from crosspromo.cli.report_acts import command_of
from crosspromo.domain.letter_cells import cells
from crosspromo.phrasing.words import first_words
from crosspromo.report_faces.cells import in_words
from crosspromo.reports.bar_labels import short_labels
from crosspromo.reports.page import Cell, Column, Picture, ReportPage, Section

SIGNS = "#=+."
"""Signs of the series of a picture; every terminal and every mail shows them."""

LONGEST_BAR = 40
LONGEST_LABEL = 28
LONGEST_NAME = 60
LONGEST_ACT = 80
"""Characters of an act, which may have a long name; its command has the whole slug."""


def say(page: ReportPage, zone: ZoneInfo) -> None:
    """Print a report: its answer, what to do, its sections, and what it rests on."""
    echo_styled(styled(f"{page.headline}.", bold=True))
    for sentence in page.lead:
        click.echo(sentence)
    if page.acts:
        _head("What to do next")
        for number, act in enumerate(page.acts, 1):
            click.echo(f"{number}. {first_words(act.what, LONGEST_ACT)}. {act.why}")
            click.echo(f"   {command_of(act)}")
    for section in page.sections:
        _say_section(section, zone)
    _head("How to read this")
    click.echo(f"Window: {page.basis.window}")
    click.echo(f"Zone: {page.basis.zone}")
    click.echo(f"Target: {page.basis.target}")
    click.echo(f"Age of the data: {page.basis.age}")
    for remark in page.remarks:
        click.echo(remark)


def _head(words: str) -> None:
    click.echo()
    echo_styled(styled(words, bold=True))


def _say_section(section: Section, zone: ZoneInfo) -> None:
    _head(section.heading)
    for sentence in section.sentences:
        click.echo(sentence)
    if section.picture is not None and any(any(bar.values) for bar in section.picture.bars):
        click.echo("\n".join(bars_of(section.picture)))
        click.echo()
    table = section.table
    if table is not None:
        emit_table(
            [column.heading for column in table.columns],
            [
                [_words(*each, zone) for each in zip(table.columns, row, strict=True)]
                for row in table.rows
            ],
            empty=table.empty,
        )


def _words(column: Column, cell: Cell, zone: ZoneInfo) -> str:
    """Cell for people; of a long name the beginning."""
    words = in_words(cell, zone)
    return first_words(words, LONGEST_NAME) if column.is_name else words


def bars_of(picture: Picture) -> Sequence[str]:
    """Picture as lines of plain signs, each with its numbers."""
    names = [f"{SIGNS[place]} {name}" for place, name in enumerate(picture.series)]
    most = max(sum(bar.values) for bar in picture.bars) or 1
    scale = min(1.0, LONGEST_BAR / most)
    labels = short_labels([bar.label for bar in picture.bars], LONGEST_LABEL)
    width = max(map(cells, labels))
    lines = [f"{picture.title} ({', '.join(names)})"]
    group = ""
    for bar, label in zip(picture.bars, labels, strict=True):
        if bar.group != group:
            lines.append(bar.group)
            group = bar.group
        signs = "".join(
            SIGNS[place] * (max(1, round(value * scale)) if value else 0)
            for place, value in enumerate(bar.values)
        )
        numbers = " + ".join(f"{value:,}" for value in bar.values)
        padded = label + " " * (width - cells(label))
        lines.append(f"{padded} |{signs} {numbers}".rstrip())
    return lines
