"""How long reports take over a long history, beside a short one with as much in their windows."""

import gc
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from time import process_time

from bench.contest import take_turns
from bench.queues import Size
from bench.scenarios.drain import MILLION
from bench.table import Found, Run, at_most
from crosspromo.phrasing.reports import month, partner
from crosspromo.phrasing.reports.named import NAMED, Making
from crosspromo.reports.page import ReportPage
from crosspromo.workspace import Workspace

ACCOUNTS = 8
SHORT = 10_000
IN_WINDOW = 5_000
"""Past deliveries of the weeks that reports look at, in both histories."""

BAR = 1.5
TURNS = 5
"""A report is short, so that it is measured this many times as often as a drain."""


def scenario(run: Run) -> Iterator[Found]:
    """Each report as of now: figures and words, without a face."""
    many = run.size(MILLION)
    folders = {
        "long": run.filled(Size(ACCOUNTS, 0, 0, many, IN_WINDOW)),
        "short": run.filled(Size(ACCOUNTS, 0, 0, SHORT, IN_WINDOW)),
    }
    for name in _reports():
        for folder in folders.values():
            _milliseconds(
                folder, name
            )  # what lies on the disk alone is read, and modules are loaded
        figures = take_turns(
            {each: partial(_milliseconds, folder, name) for each, folder in folders.items()},
            TURNS * run.rounds,
        )
        ratio = figures["long"].median / figures["short"].median
        what = f"`report {name}` over {many:,} past deliveries, {IN_WINDOW:,} of them lately"
        row = at_most(what, BAR, ratio, f"the same over {SHORT:,}")
        yield Found(
            (row,),
            "milliseconds of processor time",
            {f"{name}, {k}": v for k, v in figures.items()},
        )


def _reports() -> Mapping[str, Callable[[Workspace], ReportPage]]:
    """Making of each report by its name."""
    found: dict[str, Callable[[Workspace], ReportPage]] = {
        "month": lambda workspace: month.page(workspace.services.month_reports.of()),
        "partner": lambda workspace: partner.page(
            workspace.services.reports.partner("river-keepers")
        ),
    }
    for name, making in NAMED.items():
        found[name] = partial(_named, making)
    return found


def _milliseconds(folder: Path, name: str) -> float:
    """Milliseconds of processor time that a report takes in a workspace that is open."""
    with Workspace.open(folder) as workspace:
        with workspace.store.read() as unit:
            unit.partners.all()
        gc.collect()  # else it comes in the same one of two reports every time
        began = process_time()
        _reports()[name](workspace)
        return 1000 * (process_time() - began)


def _named(making: Making, workspace: Workspace) -> ReportPage:
    return making(workspace.services.reports, None)
