"""How long reports take over a long history, beside a short one with as much in their windows."""

import gc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter, process_time

from bench.contest import Measured, take_turns
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
        for folder in folders.values():  # reads what lies on the disk alone, and loads modules
            _milliseconds(folder, name, [])
        clocks: dict[str, list[float]] = {each: [] for each in folders}
        processor = take_turns(
            {
                each: partial(_milliseconds, folder, name, clocks[each])
                for each, folder in folders.items()
            },
            TURNS * run.rounds,
        )
        clock = {each: Measured.of(found) for each, found in clocks.items()}
        what = f"`report {name}` over {many:,} past deliveries, {IN_WINDOW:,} of them lately"
        row = at_most(what, BAR, _ratio(processor), f"the same over {SHORT:,}, processor time")
        row = replace(row, measured=f"{row.measured} ({_ratio(clock):.2f} × by the clock)")
        figures = {f"{name}, {each}": found for each, found in processor.items()}
        figures |= {f"{name}, {each}, by the clock": found for each, found in clock.items()}
        yield Found((row,), "milliseconds", figures)


def _ratio(measured: Mapping[str, Measured]) -> float:
    return measured["long"].median / measured["short"].median


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


def _milliseconds(folder: Path, name: str, clock: list[float]) -> float:
    """Milliseconds of processor time of a report in a workspace that is open.

    Those by the clock are added to `clock`.
    """
    with Workspace.open(folder) as workspace:
        with workspace.store.read() as unit:
            unit.partners.all()
        gc.collect()  # else it comes in the same one of two reports every time
        began, began_processor = perf_counter(), process_time()
        _reports()[name](workspace)
        processor = process_time() - began_processor
        clock.append(1000 * (perf_counter() - began))
        return 1000 * processor


def _named(making: Making, workspace: Workspace) -> ReportPage:
    return making(workspace.services.reports, None)
