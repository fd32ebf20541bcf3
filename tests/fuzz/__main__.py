"""Coverage-guided runs of the property tests over parsers: `make fuzz SECONDS=60 ONLY=calendar`.

Each test gets its own process, which goes on for SECONDS or until an example fails: atheris finds
bytes that reach new code, and Hypothesis makes the example of them. What reached new code is kept
in .fuzz/ for the next run; a failing example is kept in Hypothesis' database, too, so that the next
`pytest` of the test shows it. Such an example becomes a regression test of the parser.
"""

import argparse
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

MODULES = ("fuzz.test_parsers_fuzz", "fuzz.test_settings_fuzz")
CORPUS = Path(".fuzz")
MOST_MEGABYTES = 1_000
LONGEST_SECONDS = 20
"""Most time of one example, in seconds."""


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    asked.add_argument("--seconds", type=int, default=60, help="for each test")
    asked.add_argument("--only", default="", help="tests whose names have this word")
    asked.add_argument("--test", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.test:
        fuzz(given.test, given.seconds)
    failed = [name for name in tests() if given.only in name and not passes(name, given.seconds)]
    for name in failed:
        print(f"FAILED {name}")
    sys.exit(1 if failed else 0)


def tests() -> list[str]:
    """Names of all property tests, as MODULE:FUNCTION."""
    return [
        f"{module}:{name}"
        for module in MODULES
        for name in vars(import_module(module))
        if name.startswith("test_")
    ]


def passes(test: str, seconds: int) -> bool:
    """Whether nothing failed in this time."""
    print(f"\n== {test}", flush=True)
    command = [sys.executable, "-m", "fuzz", "--test", test, "--seconds", str(seconds)]
    return subprocess.run(command, check=False).returncode == 0


def fuzz(test: str, seconds: int) -> None:
    """Run one test until the time is over; the process ends here."""
    import atheris  # noqa: PLC0415 (an extra of its own, for Linux and macOS only)

    with atheris.instrument_imports(
        include=["crosspromo", "jinja2", "icalendar", "tomllib", "csv", "zoneinfo", "dateutil"]
    ):
        module, _, name = test.partition(":")
        function: Any = getattr(import_module(module), name)
    corpus = CORPUS / name
    corpus.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-timeout={LONGEST_SECONDS}",
        f"-rss_limit_mb={MOST_MEGABYTES}",
        f"-artifact_prefix={corpus}-",
        "-len_control=10",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], function.hypothesis.fuzz_one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
