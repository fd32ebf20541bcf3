"""How long commands take, as they are typed: the installed `crosspromo`, start-up included."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from compileall import compile_dir
from pathlib import Path
from time import perf_counter

import crosspromo
from bench.contest import take_turns
from bench.queues import Size
from bench.scenarios.drain import ACCOUNTS, DUE, MILLION
from bench.table import Found, Run, at_most

PACKAGE = Path(crosspromo.__file__).parent
COMMAND = str(Path(sys.executable).with_name("crosspromo"))
TURNS = 7
"""A command is short, so that it is measured this many times as often as a drain."""


def start_up(run: Run) -> Iterator[Found]:
    """`--help`, and `queue list` of a thousand pending, beside importing what they need."""
    compile_dir(PACKAGE, quiet=2)  # as pip leaves what it installs
    folder = run.filled(Size(10, 0, ahead=1_000))
    figures = take_turns(
        {
            "import click": milliseconds([sys.executable, "-c", "import click"]),
            "crosspromo --help": milliseconds([COMMAND, "--help"]),
            "import click, sqlalchemy": milliseconds(
                [sys.executable, "-c", "import click, sqlalchemy"]
            ),
            "crosspromo queue list": milliseconds([COMMAND, "-w", str(folder), "queue", "list"]),
        },
        TURNS * run.rounds,
    )
    median = {name: measured.median for name, measured in figures.items()}
    helped = median["crosspromo --help"] / median["import click"]
    listed = median["crosspromo queue list"] / median["import click, sqlalchemy"]
    yield Found(
        (
            at_most("`crosspromo --help`", 2, helped, '`python -c "import click"`'),
            at_most(
                "`crosspromo queue list` with 1,000 pending",
                1.4,
                listed,
                '`python -c "import click, sqlalchemy"`',
            ),
        ),
        "milliseconds",
        figures,
    )


def flat(run: Run) -> Iterator[Found]:
    """Reports and lists over a long history, beside a short one."""
    many = run.size(MILLION)
    accounts = ACCOUNTS
    long = run.filled(Size(accounts, run.size(DUE), many, many))
    short = run.filled(Size(accounts, 0, 0, run.size(MILLION // 100)))
    for words in (("report", "ratio"), ("queue", "list")):
        line = " ".join(words)
        figures = take_turns(
            {
                "long": milliseconds([COMMAND, "-w", str(long), *words]),
                "short": milliseconds([COMMAND, "-w", str(short), *words]),
            },
            TURNS * run.rounds,
        )
        ratio = figures["long"].median / figures["short"].median
        what = f"`{line}` over {many:,} published deliveries"
        row = at_most(what, 1.5, ratio, f"the same over {many // 100:,}")
        yield Found((row,), "milliseconds", {f"{line}, {k}": v for k, v in figures.items()})


def milliseconds(words: Sequence[str]) -> Callable[[], float]:
    """Milliseconds that the command takes, start-up included."""

    def measure() -> float:
        began = perf_counter()
        subprocess.run(words, capture_output=True, check=True)
        return 1000 * (perf_counter() - began)

    return measure
