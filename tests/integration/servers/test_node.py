"""The installer of the test servers, on projects without dependencies: npm runs, no network."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from servers import node


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = {"name": "nothing", "version": "1.0.0"}
    lock = {**package, "lockfileVersion": 3, "requires": True, "packages": {"": package}}
    (tmp_path / "package.json").write_text(json.dumps(package))
    (tmp_path / "package-lock.json").write_text(json.dumps(lock))
    (tmp_path / "node_modules").mkdir()  # npm makes none where there is nothing to put in
    return tmp_path


def test_node_is_the_one_from_pypi() -> None:
    done = subprocess.run(
        [node.executable(), "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "v22.20.0"


def test_scripts_of_packages_find_that_same_node(project: Path) -> None:
    package = {"name": "nothing", "version": "1.0.0", "scripts": {"install": "node --version > v"}}
    (project / "package.json").write_text(json.dumps(package))
    node.npm_ci(project)
    assert (project / "v").read_text().strip() == "v22.20.0"


def test_several_processes_at_once_install_once(project: Path) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(node.npm_ci, [project] * 3)) == [False, False, True]


def test_a_changed_lock_file_is_installed_again(project: Path) -> None:
    assert node.npm_ci(project)
    assert not node.npm_ci(project)
    lock = project / "package-lock.json"
    lock.write_text(lock.read_text() + "\n")
    assert node.npm_ci(project)


def test_a_failure_tells_what_npm_said_and_is_tried_again(project: Path) -> None:
    lock = (project / "package-lock.json").read_text()
    (project / "package-lock.json").write_text("{")
    for _ in range(2):
        with pytest.raises(node.NodeError, match=r"npm ci in .* ended with status 1:\n.*npm error"):
            node.npm_ci(project)
    (project / "package-lock.json").write_text(lock)
    assert node.npm_ci(project)


def test_runs_as_a_script(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    def install(folder: Path) -> tuple[int, str]:
        command = [sys.executable, node.__file__, "install", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    assert install(project)[0] == 0
    assert install(project) == (0, f"{project}: already installed\n")
    status, message = install(tmp_path_factory.mktemp("empty"))
    assert (status, message.startswith("error: ")) == (1, True)
    assert "no package-lock.json" in message
