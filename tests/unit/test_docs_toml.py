"""The TOML blocks of our pages are what crosspromo reads: each is loaded as a reader would."""

import re
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

from crosspromo.connectors.base import Network
from crosspromo.connectors.registry import Registry
from crosspromo.observance_file import FILE_NAME as OBSERVANCES
from crosspromo.observance_file import read_observances
from crosspromo.settings import parse

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
ORGANISATION = '[organisation]\nname = "River Valley Alliance"\n'
CONNECTOR = ROOT / "docs" / "how-to" / "write-a-connector.md"


def blocks_of(page: Path, language: str) -> list[str]:
    fences = re.compile(rf"^( *)```{language}\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
    return [dedent(found[2]) for found in fences.finditer(page.read_text(encoding="utf-8"))]


TOML_BLOCKS = [
    pytest.param(block, id=f"{page.relative_to(ROOT)}-{nth}")
    for page in PAGES
    for nth, block in enumerate(blocks_of(page, "toml"))
]


@pytest.fixture(scope="module")
def registry() -> Registry:
    """The networks that are installed, and the one that a page builds."""
    names: dict[str, object] = {}
    exec(compile(blocks_of(CONNECTOR, "python")[0], CONNECTOR.name, "exec"), names)
    board = names["NETWORK"]
    assert isinstance(board, Network)
    return Registry({"board": board})


@pytest.mark.parametrize("block", TOML_BLOCKS)
def test_a_block_is_settings_that_a_workspace_can_use(
    block: str, registry: Registry, tmp_path: Path
) -> None:
    tables = tomllib.loads(block)
    if any({"tone", "announced", "confirmed"} & set(keys) for keys in tables.values()):
        (tmp_path / OBSERVANCES).write_text(block, encoding="utf-8")
        assert set(tables) <= set(read_observances(tmp_path))
        return
    if "project" in tables:  # of a package's pyproject.toml
        (entry,) = tables["project"]["entry-points"]["crosspromo.connectors"].items()
        assert entry == (registry.get("board").name, "my_package.board:NETWORK")
        return
    head = "" if "organisation" in tables else ORGANISATION
    for account in parse(head + block, "crosspromo.toml").accounts.values():
        network = registry.get(account.network)
        assert set(account.options) <= set(network.options)
        assert set(account.credentials) in [set(wanted) for wanted in network.credentials]


def test_there_are_blocks_to_look_at() -> None:
    assert len(TOML_BLOCKS) >= 5
