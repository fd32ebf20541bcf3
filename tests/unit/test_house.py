"""How the house is built, beyond what the import contracts can say."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import crosspromo
from crosspromo.cli.main import NOUNS
from crosspromo.store.database.upgrading import upgrade
from crosspromo.workspace import Workspace

HOUSE = Path(crosspromo.__file__).parent


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import():
                names.update(alias.name.partition(".")[0] for alias in node.names)
            case ast.ImportFrom(module=str(module)):
                names.add(module.partition(".")[0])
            case _:
                pass
    return names


@pytest.mark.parametrize(
    ("room", "besides"), [("domain", {"msgspec"}), ("text", {"regex", "markdown_it"})]
)
def test_a_pure_room_needs_the_standard_library_only(room: str, besides: set[str]) -> None:
    allowed = sys.stdlib_module_names | {"crosspromo"} | besides
    for path in (HOUSE / room).rglob("*.py"):
        assert imported(path) <= allowed, path.name


def test_one_module_of_the_domain_knows_how_values_are_made() -> None:
    rest = [path for path in (HOUSE / "domain").rglob("*.py") if path.name != "values.py"]
    assert [path.name for path in rest if "msgspec" in imported(path)] == []


def test_the_command_line_opens_no_transaction() -> None:
    """It calls services, which have the store; it never holds one itself."""
    reached = [
        f"{path.name}: {node.attr}"
        for path in (HOUSE / "cli").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in {"store", "bare_store", "open_store"}
    ]
    assert reached == []


COMMAND = re.compile(rf"\bcrosspromo ({'|'.join(NOUNS)})\b|(?<![\w-])--[a-z]")


def test_no_message_outside_the_command_line_names_a_command() -> None:
    named = [
        f"{path.relative_to(HOUSE)}: {words}"
        for path in HOUSE.rglob("*.py")
        if not {"cli", "testing", "migrations"}.intersection(path.parts)
        for words in spoken(ast.parse(path.read_text(encoding="utf-8")))
        if COMMAND.search(words)
    ]
    assert named == []


def spoken(tree: ast.Module) -> Iterator[str]:
    """The texts in a module that are no docstrings, nor explain an attribute below it."""
    silent = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in silent
        ):
            yield node.value


def test_nothing_but_the_system_clock_reads_the_time() -> None:
    readers = [
        path.relative_to(HOUSE).as_posix()
        for path in HOUSE.rglob("*.py")
        if "testing" not in path.parts
        and any(
            isinstance(node, ast.Attribute)
            and node.attr in {"now", "utcnow", "today", "sleep"}
            and isinstance(node.value, ast.Name)
            and node.value.id in {"datetime", "date", "time"}
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert readers == ["domain/clock.py"]


def loaded_by(code: str) -> set[str]:
    """The modules in memory after a fresh interpreter ran this code."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_libraries_of_networks_load_only_for_an_account_of_theirs() -> None:
    loaded = loaded_by(
        "from crosspromo.connectors.registry import Registry\n"
        "registry = Registry()\n"
        "assert all(registry.get(name) for name in registry.names())\n"
        "import crosspromo.daemon"
    )
    assert loaded.isdisjoint({"tweepy", "atproto", "praw", "prawcore", "requests", "pydantic"})


RUN = """
import contextlib, io, os
from crosspromo.cli.main import run
os.chdir({folder!r})
with contextlib.redirect_stdout(io.StringIO()):
    assert run({arguments!r}) == 0
"""

SLOW = frozenset(
    {
        *("httpx", "requests", "jinja2", "alembic", "cryptography", "icalendar", "filelock"),
        *("apscheduler", "PIL", "regex", "praw", "tweepy", "atproto"),
        *("crosspromo.text", "crosspromo.rendering", "crosspromo.connectors"),
        *("crosspromo.publishing", "crosspromo.intake", "sqlalchemy.dialects.postgresql"),
    }
)
"""What takes long to load and no list needs."""

WORDS = frozenset(
    {
        *("crosspromo.domain.matters", "crosspromo.domain.mourning"),
        *("crosspromo.domain.observances", "crosspromo.domain.reasons.inputs"),
        *("crosspromo.phrasing.mends", "crosspromo.phrasing.holds", "crosspromo.phrasing.faults"),
        "statistics",
    }
)
"""What a list needs only where it has something to say of a delivery."""

MOST_DATACLASSES = 12
"""Dataclasses that a list may make: each takes half a millisecond, thirty times a `Value`."""


def test_help_needs_no_database_and_no_templates() -> None:
    loaded = loaded_by(RUN.format(folder=".", arguments=["--help"]))
    assert (
        loaded & (SLOW | {"sqlalchemy", "msgspec", "importlib.metadata", "crosspromo.workspace"})
        == set()
    )


@pytest.fixture
def empty_workspace(tmp_path: Path) -> Path:
    """A workspace with one account and an empty queue."""
    (tmp_path / "crosspromo.toml").write_text(
        "[organisation]\nname = 'River'\n[accounts.hand]\nnetwork = 'manual'\n"
    )
    with Workspace.open(tmp_path) as workspace:
        upgrade(workspace.bare_store.engine)
        _ = workspace.store  # the first command leaves a mark of the database
    return tmp_path


@pytest.mark.parametrize(
    "line",
    ["queue list", "queue list --json --state held", "queue list --account hand --since now"],
)
def test_a_list_needs_the_settings_and_the_database_and_no_more(
    empty_workspace: Path, line: str
) -> None:
    loaded = loaded_by(RUN.format(folder=str(empty_workspace), arguments=line.split()))

    assert "sqlalchemy" in loaded
    assert loaded & (SLOW | WORDS) == set()


def test_the_records_that_a_list_loads_are_values_which_take_no_time_to_make(
    empty_workspace: Path,
) -> None:
    run = RUN.format(folder=str(empty_workspace), arguments=["queue", "list"])
    made = loaded_by(
        f"{run}\n"
        "for module in [m for name, m in sys.modules.items() if name.startswith('crosspromo.')]:\n"
        "    for each in vars(module).values():\n"
        "        if '__dataclass_params__' in getattr(each, '__dict__', ()):\n"
        "            print(f'dataclass:{each.__module__}.{each.__qualname__}')"
    )
    dataclasses = sorted(each for each in made if each.startswith("dataclass:crosspromo."))
    assert len(dataclasses) <= MOST_DATACLASSES, dataclasses


LOOKS = """
from pathlib import Path
from crosspromo.workspace import Workspace
with Workspace.open(Path({folder!r})) as workspace:
    services = workspace.services
    services.report_mails("worker").send()
    assert services.due_sources.read() == []
    assert services.weekly_planning.plan_if_due() == []
"""


def test_a_daemon_that_finds_nothing_to_mail_to_read_or_to_plan_loads_nothing_for_it(
    empty_workspace: Path,
) -> None:
    loaded = loaded_by(LOOKS.format(folder=str(empty_workspace)))
    assert {"crosspromo.services.report_mails", "crosspromo.services.sources_due"} <= loaded
    assert loaded.isdisjoint(
        {
            *("smtplib", "crosspromo.mail.client", "crosspromo.services.channels"),
            *("crosspromo.reports", "crosspromo.phrasing.reports", "crosspromo.report_faces"),
            *("crosspromo.services.sources", "crosspromo.intake", "crosspromo.http"),
            *("crosspromo.planning", "crosspromo.services.planning.plans"),
        }
    )


DAEMON = """
import logging, os, signal
from crosspromo.cli.main import run
class End(logging.Handler):
    def emit(self, record):
        if record.getMessage().startswith("started as"):
            signal.raise_signal(signal.SIGTERM)
logging.getLogger("crosspromo.daemon").addHandler(End())
os.chdir({folder!r})
assert run(["run"]) == 0
"""


def test_a_daemon_that_nobody_asks_for_its_health_loads_no_server(empty_workspace: Path) -> None:
    loaded = loaded_by(DAEMON.format(folder=str(empty_workspace)))
    assert "crosspromo.daemon" in loaded
    assert loaded.isdisjoint({"http.server", "crosspromo.health_server", "crosspromo.web"})


def test_no_command_but_serve_loads_the_console(tmp_path: Path) -> None:
    (tmp_path / "crosspromo.toml").write_text("[organisation]\nname = 'River'\n")
    with Workspace.open(tmp_path) as workspace:
        upgrade(workspace.bare_store.engine)
        _ = workspace.store
    web = {"starlette", "uvicorn", "anyio.to_thread", "argon2", "pyotp", "crosspromo.web"}
    for line in ("--help", "serve --help", "run --help", "user list", "status --json"):
        run = RUN.replace("assert run({arguments!r}) == 0", "run({arguments!r})")
        loaded = loaded_by(run.format(folder=str(tmp_path), arguments=line.split()))
        assert loaded & web == set(), line


def test_the_console_loads_what_reads_files_with_the_first_file() -> None:
    """Calendars, workbooks and address books: 5 MB that most days need nothing of."""
    loaded = loaded_by("from crosspromo.web.routes import table\ntable()")
    assert "crosspromo.web.pages.partner_imports" in loaded
    assert loaded.isdisjoint({"icalendar", "defusedxml", "crosspromo.intake.partners"})


def test_the_repository_holds_no_links() -> None:
    """A link that was committed points at what only one machine has."""
    checkout = HOUSE.parent
    if not (checkout / ".git").exists():
        pytest.skip("this is not a checkout, so nobody says which files are ours")
    listed = subprocess.run(
        ["git", "ls-files", "--stage"], cwd=checkout, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert listed
    assert [line for line in listed if line.startswith("120000")] == []
