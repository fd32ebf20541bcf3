"""The connector of docs/how-to/write-a-connector.md works as it stands there, and so does its test.

What is read from the page becomes the files that it names, in a folder of a stranger's.
"""

import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosspromo.connectors.base import AccountSetup, Connector, Content, Network, NotSent, Rejected
from crosspromo.testing.conformance import ConnectorConformance, judge
from crosspromo.testing.conformance.subject import MemorySessions
from crosspromo.testing.noticeboard import KEY, LIMIT, NoticeBoard

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-connector.md"
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
CONNECTOR, TEST = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """The folder that the stranger works in."""
    (tmp_path / "my_package").mkdir()
    (tmp_path / "my_package" / "__init__.py").touch()
    (tmp_path / "my_package" / "board.py").write_text(CONNECTOR, encoding="utf-8")
    (tmp_path / "test_board.py").write_text(TEST, encoding="utf-8")
    return tmp_path


def connect(server: str) -> Connector:
    names: dict[str, object] = {}
    exec(compile(CONNECTOR, PAGE.name, "exec"), names)
    network = names["NETWORK"]
    assert isinstance(network, Network)
    return network.connect(
        AccountSetup(
            name="town-hall",
            credentials={"key": KEY},
            options={},
            server=server,
            timeout=timedelta(seconds=20),
            workspace=Path(),
            sessions=MemorySessions(),
        )
    )


def test_it_is_short() -> None:
    assert len(CONNECTOR.splitlines()) < 100
    assert len(TEST.splitlines()) <= 30


def test_it_keeps_what_every_connector_promises(package: Path) -> None:
    """As the page says: with pytest, in a folder that knows nothing of ours."""
    path = [str(package), *(place for place in sys.path if place)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-ra", "-W", "error", "-p", "no:cacheprovider"],
        cwd=package,
        env={"PYTHONPATH": ":".join(path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) >= 30, done.stdout
    assert "cannot be made to fail" not in done.stdout


def test_it_needs_no_runner(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(package)
    names: dict[str, object] = {}
    exec(compile(TEST, PAGE.name, "exec"), names)
    suite = names["TestBoard"]
    assert isinstance(suite, type)
    assert issubclass(suite, ConnectorConformance)
    assert judge(suite).broken == {}


def test_a_board_that_is_not_there_took_nothing() -> None:
    with NoticeBoard() as board:
        account = connect(board.url)
    outcome = account.send(account.prepare(Content("Hello"), NOW))
    assert isinstance(outcome, NotSent)


def test_a_text_that_the_board_does_not_take_is_not_tried_again() -> None:
    with NoticeBoard() as board:
        account = connect(board.url)
        outcome = account.send(account.prepare(Content("!" * (LIMIT + 1)), NOW))
    assert isinstance(outcome, Rejected)
