"""Fixtures of the end-to-end tests: a shell in an empty folder, and one in a workspace."""

import shutil
from pathlib import Path

import pytest
from end_to_end.shell import WORKSPACE, Shell

DEMO_DATA = Path(__file__).parents[2] / "config" / "demo"


@pytest.fixture
def outside(tmp_path: Path) -> Shell:
    """A shell in an empty folder that is no workspace."""
    return Shell(tmp_path)


@pytest.fixture(scope="session")
def fresh_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace as `init` makes it, with three sandbox accounts; to be copied, not used."""
    folder = tmp_path_factory.mktemp("fresh") / "workspace"
    folder.mkdir()
    shell = Shell(folder)
    shell.ok("init")
    shell.configure(WORKSPACE)
    return folder


@pytest.fixture(scope="session")
def workspace_with_partners(
    tmp_path_factory: pytest.TempPathFactory, fresh_workspace: Path
) -> Path:
    """A workspace that knows the sample partners and events; to be copied, not used."""
    folder = tmp_path_factory.mktemp("partners") / "workspace"
    shutil.copytree(fresh_workspace, folder)
    shell = Shell(folder)
    shell.ok("partner", "import", str(DEMO_DATA / "partners.csv"))
    shell.ok("event", "import", str(DEMO_DATA / "events.ics"), "--host", "river-keepers")
    return folder


@pytest.fixture
def empty(tmp_path: Path, fresh_workspace: Path) -> Shell:
    """A shell in a workspace of its own that knows nobody yet."""
    return Shell(shutil.copytree(fresh_workspace, tmp_path / "empty"))


@pytest.fixture
def shell(tmp_path: Path, workspace_with_partners: Path) -> Shell:
    """A shell in a workspace of its own, with the sample partners and events."""
    return Shell(shutil.copytree(workspace_with_partners, tmp_path / "workspace"))
