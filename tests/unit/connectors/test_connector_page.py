"""The connector of docs/how-to/write-a-connector.md works as it stands there."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosspromo.connectors.base import (
    Absent,
    AccountSetup,
    Connector,
    Content,
    Found,
    Network,
    NotSent,
    Sent,
)

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "write-a-connector.md"
NOW = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)
HELLO = Content(text="Hello")


@dataclass
class NoSessions:
    def load(self) -> str | None:
        return None

    def save(self, session: str) -> None:
        raise AssertionError("this connector keeps no session")


@pytest.fixture
def network() -> Network:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(code.splitlines()) < 100
    names: dict[str, object] = {}
    exec(compile(code, PAGE.name, "exec"), names)
    found = names["NETWORK"]
    assert isinstance(found, Network)
    return found


@pytest.fixture
def connect(network: Network, tmp_path: Path) -> Callable[[str], Connector]:
    def to(file: str) -> Connector:
        return network.connect(
            AccountSetup(
                name="town-hall",
                credentials={},
                options={"file": file},
                server=None,
                timeout=timedelta(seconds=1),
                workspace=tmp_path,
                sessions=NoSessions(),
            )
        )

    return to


def test_it_posts_and_finds_what_it_posted(connect: Callable[[str], Connector]) -> None:
    board = connect("board.txt")
    assert board.ready(HELLO) is None
    prepared = board.prepare(HELLO, NOW)
    assert board.look_up(prepared, NOW) == Absent()
    assert isinstance(board.send(prepared), Sent)
    assert isinstance(board.look_up(prepared, NOW), Found)
    assert isinstance(connect("board.txt").look_up(prepared, NOW), Found)


def test_what_stands_in_the_way_is_said_before_anything_is_sent(
    connect: Callable[[str], Connector],
) -> None:
    assert isinstance(connect("nowhere/board.txt").ready(HELLO), NotSent)
