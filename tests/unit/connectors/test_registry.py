"""Our connectors and anybody's are found the same way; a broken one is a status, not a crash."""

from pathlib import Path

import pytest

from crosspromo.connectors.registry import Broken, Registry
from crosspromo.domain.errors import ConfigError
from crosspromo.publishing.networks import Network

OURS = {"bluesky", "manual", "reddit", "sandbox", "x"}


def install(folder: Path, name: str, module: str, source: str | None) -> None:
    """What pip leaves behind of a package with one connector."""
    info = folder / f"crosspromo_{name}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: crosspromo-{name}\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(f"[crosspromo.connectors]\n{name} = {module}:NETWORK\n")
    if source is not None:
        (folder / f"{module}.py").write_text(source)


def test_ours_are_found_by_their_entry_points() -> None:
    registry = Registry()
    assert set(registry.names()) >= OURS
    assert {name for name in OURS if isinstance(registry.look(name), Network)} == OURS


def test_somebody_elses_is_found_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(
        tmp_path,
        "pigeon",
        "pigeon_post",
        "from crosspromo.connectors.base import *\n"
        "from crosspromo.connectors.sandbox import Sandbox\n"
        "NETWORK = Network('pigeon', Capabilities(TextRules('pigeon', 80, len)), Sandbox)\n",
    )
    monkeypatch.syspath_prepend(tmp_path)
    registry = Registry()
    assert "pigeon" in registry.names()
    assert registry.get("pigeon").capabilities.text.limit == 80


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("import no_such_library\n", "could not be loaded: ModuleNotFoundError"),
        ("1 / 0\n", "could not be loaded: ZeroDivisionError"),
        ("NETWORK = 'not one'\n", "is not a crosspromo Network"),
        (None, "could not be loaded: ModuleNotFoundError"),
    ],
)
def test_one_that_cannot_be_loaded_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str | None, reason: str
) -> None:
    name = f"broken{abs(hash(source)) % 10_000}"
    install(tmp_path, name, f"{name}_module", source)
    monkeypatch.syspath_prepend(tmp_path)
    found = Registry().look(name)
    assert isinstance(found, Broken)
    assert reason in found.reason
    with pytest.raises(ConfigError, match=f'network "{name}"'):
        Registry().get(name)


def test_a_name_that_is_not_there_gets_the_nearest_one() -> None:
    with pytest.raises(ConfigError, match=r"did you mean bluesky\?"):
        Registry().get("blusky")
