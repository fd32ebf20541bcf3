"""Number of our files that a post passes from `queue spotlight` to *published*.

    python -m bench.scenarios.files WORKSPACE

prints these files, one a line: the files with a function that is called, at import or later, while
`queue spotlight` queues a post on the sandbox account of WORKSPACE and `run --once` publishes it.
Modules that are only imported, and bodies of modules and classes, do not count; nor do WATCHERS,
which no post passes.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from inspect import CO_OPTIMIZED
from pathlib import Path
from types import FrameType

from bench.contest import ROOT, ContestError, Measured
from bench.table import Found, Row, Run

MOST = 76
PACKAGE = ROOT / "crosspromo"
FORETELLING = frozenset(
    {
        *(f"services/play/{name}.py" for name in ("doubts", "engine", "forecasting")),
        *(f"services/play/{name}.py" for name in ("foretelling", "networks", "reach")),
        *("domain/forecasts.py", "phrasing/forecasts.py", "services/settings_version.py"),
        *("store/excerpt.py", "store/forecasts.py", "store/partial_indexes.py"),
        *("store/database/memory.py", "store/sql/transfer.py", "store/queue/listing.py"),
        "store/queue/open_deliveries.py",
    }
)
"""Files that foretell, on a copy, what should become of a post; the post itself is not in them."""

WATCHERS = FORETELLING | frozenset(
    {
        *("cli/logs.py", "publishing/log_lines.py", "cli/output.py", "domain/invisible.py"),
        *("disks.py", "domain/database_identity.py", "services/database_watch.py"),
        *("store/database/identity.py", "services/channels.py", "services/notify.py"),
        "store/tellings.py",
        *("publishing/notes.py", "services/clock_watch.py", "store/dated_ahead.py"),
        *("private_folders.py", "cli/standing.py", "signals.py"),
        *("services/policy_history.py", "store/policies.py", "store/sql/locks.py"),
        *("publishing/accessibility.py", "text/accessibility.py", "services/shared_images.py"),
        *("services/sandbox_pages.py", "rendering/sandbox_index.py", "cli/completion.py"),
        *("services/recovery.py", "store/workers.py"),
        *("services/status.py", "documents.py", "publishing/silences.py"),
        *("services/sign_off_links.py", "services/sign_off_mails.py", "store/sign_off_mails.py"),
        *("services/event_asks.py", "store/event_asks.py", "store/queue/attention.py"),
        *("services/report_mails.py", "store/report_mails.py"),
        *("report_settings.py", "plan_settings.py"),
        "store/sign_off_links.py",
    }
)
"""Files that look on: log, terminal, notices, mails, notes, history, signals, their settings, and
watches over the machine and over other workers.
"""

COMPREHENSIONS = frozenset({"<listcomp>", "<dictcomp>", "<setcomp>", "<genexpr>"})
COMMANDS = (
    ["queue", "spotlight", "river-keepers", "--to", "trial", "--as", "eva"],
    ["run", "--once"],
)


def scenario(run: Run) -> Iterator[Found]:
    """The files of one post, counted in a process of its own."""
    folder = run.folder()
    command = [sys.executable, "-m", "bench.scenarios.files", str(folder)]
    made = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    if made.returncode:
        raise ContestError(made.stderr)
    count = len(made.stdout.split())
    row = Row(
        "files of ours that a post passes, `queue spotlight` to *published*",
        f"≤ {MOST}",
        str(count),
        count <= MOST,
    )
    yield Found((row,), "files", {"a post": Measured.of([count])})


def passed(folder: Path) -> list[str]:
    """Files with a called function, relative to the package; ContestError if nothing was sent."""
    for words in (["init", str(folder)], ["-w", str(folder), "partner", "add", "River Keepers"]):
        done = subprocess.run(
            [sys.executable, "-c", "from crosspromo.cli.main import main; main()", *words],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ContestError(done.stderr)
    names: set[str] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        is_function = code.co_flags & CO_OPTIMIZED and code.co_name not in COMPREHENSIONS
        if event == "call" and is_function:
            names.add(code.co_filename)

    threading.setprofile(note)
    sys.setprofile(note)
    from crosspromo.cli.main import run as command  # noqa: PLC0415 (its import is counted)

    statuses = [command(["-w", str(folder), *words]) for words in COMMANDS]
    sys.setprofile(None)
    threading.setprofile(None)
    if any(statuses) or not list(folder.glob("sandbox/*.html")):
        raise ContestError("the post was not published")
    ours = (Path(name) for name in names)
    found = {path.relative_to(PACKAGE).as_posix() for path in ours if PACKAGE in path.parents}
    return sorted(found - WATCHERS)


if __name__ == "__main__":
    from contextlib import redirect_stdout

    with redirect_stdout(sys.stderr):
        found = passed(Path(sys.argv[1]))
    print("\n".join(found))
