"""All benchmarks side by side in one run, alternating; the table, and bench/RESULTS.md.

    python -m bench [--quick] [--rounds N] [--only NAME]…

`--quick` divides every size by ten. With it, or with `--only`, the table is printed and nothing is
written.
"""

import argparse
import io
import sys
import tempfile
from collections.abc import Mapping
from contextlib import redirect_stdout
from pathlib import Path

from bench import report
from bench.machine import describe
from bench.scenarios import (
    commands,
    console,
    drain,
    files,
    playing,
    postgres,
    rendering,
    reports,
    rest,
    slow_network,
    sources,
)
from bench.table import Found, Run, Scenario
from bench.text import ROUNDS as TEXT_ROUNDS
from bench.text import compare

SCENARIOS: Mapping[str, Scenario] = {
    "drain": drain.many_accounts,
    "one-account": drain.one_account,
    "postgres": postgres.scenario,
    "long-queue": drain.long_queue,
    "slow-network": slow_network.scenario,
    "sources": sources.scenario,
    "flat": commands.flat,
    "start-up": commands.start_up,
    "reports": reports.scenario,
    "rehearsal": playing.rehearsal,
    "forecasts": playing.listing,
    "rest": rest.scenario,
    "rendering": rendering.scenario,
    "files": files.scenario,
    "console": console.scenario,
}
TEXT = "text"
RESULTS = Path(__file__).with_name("RESULTS.md")
SMALLER = 10


def main() -> int:
    """1 where a bar is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of every size")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is measured")
    parser.add_argument("--only", action="append", choices=[*SCENARIOS, TEXT])
    given = parser.parse_args()
    wanted: list[str] = given.only or [*SCENARIOS, TEXT]
    results: list[Found] = []
    with tempfile.TemporaryDirectory(prefix="crosspromo-bench-") as folder:
        machine = describe(Path(folder))
        print(machine, flush=True)
        run = Run(Path(folder), given.rounds, SMALLER if given.quick else 1)
        for name, scenario in SCENARIOS.items():
            if name in wanted:
                for found in scenario(run):
                    print(report.lines(found), flush=True)
                    results.append(found)
    texts = _texts() if TEXT in wanted else ""
    print(texts)
    print(report.table(row for found in results for row in found.rows))
    if not given.only and not given.quick:
        how = f"Median of {given.rounds} rounds."
        RESULTS.write_text(report.page(machine, how, results, texts), encoding="utf-8")
    return int(any(row.met is False for found in results for row in found.rows))


def _texts() -> str:
    said = io.StringIO()
    with redirect_stdout(said):
        compare(TEXT_ROUNDS)
    return said.getvalue()


if __name__ == "__main__":
    sys.exit(main())
