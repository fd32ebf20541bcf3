"""The JSON documents of reports."""

from collections.abc import Callable
from typing import Any

from crosspromo import documents
from crosspromo.reports.page import Cell, NextAct, ReportPage, Worded
from crosspromo.reports.ratio import RatioReport
from crosspromo.services.month_report import ReportOfMonth

Commands = Callable[[NextAct], str]


def of_page(page: ReportPage, command_of: Commands | None = None) -> dict[str, Any]:
    """Any report as JSON; `tables` has the rows of each section by its key, with null for what is
    not known, and `sentences` what is said in each. `command` is null where nobody types commands.
    """
    return {
        "report": page.name,
        "title": page.title,
        "headline": page.headline,
        "as_of": page.as_of,
        "basis": {
            "window": page.basis.window,
            "zone": page.basis.zone,
            "target": page.basis.target,
            "age": page.basis.age,
        },
        "lead": list(page.lead),
        "next": [
            {
                "act": each.doing.value,
                "of": each.of or None,
                "partner": each.partner or None,
                "what": each.what,
                "why": each.why,
                "command": None if command_of is None else command_of(each),
            }
            for each in page.acts
        ],
        "tables": {
            each.key: [
                dict(
                    zip(
                        (column.key for column in each.table.columns), map(_value, row), strict=True
                    )
                )
                for row in each.table.rows
            ]
            for each in page.sections
            if each.table is not None
        },
        "sentences": {each.key: list(each.sentences) for each in page.sections if each.sentences},
        "remarks": list(page.remarks),
    }


def _value(cell: Cell) -> Cell:
    return cell.value if isinstance(cell, Worded) else cell


def of_ratio_page(
    page: ReportPage, report: RatioReport, command_of: Commands | None = None
) -> dict[str, Any]:
    """The ratio report as JSON: the keys that others build on, and those of any report."""
    return {**of_page(page, command_of), **documents.of_ratio(report)}


def of_month_page(
    page: ReportPage, found: ReportOfMonth, command_of: Commands | None = None
) -> dict[str, Any]:
    """A month report as JSON: its figures, and the keys of any report."""
    return {**of_page(page, command_of), **documents.of_month(found)}
