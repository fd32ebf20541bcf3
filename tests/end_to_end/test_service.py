"""The systemd unit: printed from wherever crosspromo is installed, for the workspace named."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

import pytest
from end_to_end.shell import Shell


def unit(text: str) -> ConfigParser:
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # keys keep their capitals
    parser.read_string(text)
    return parser


def test_the_unit_runs_this_installation_in_the_workspace(shell: Shell) -> None:
    service = unit(shell.ok("-w", str(shell.folder), "service", "--user", "posts").out)["Service"]
    command, _, argument = service["ExecStart"].rpartition(" ")
    assert (Path(command).name, argument, service["User"]) == ("crosspromo", "run", "posts")
    assert service["Environment"] == f'"CROSSPROMO_WORKSPACE={shell.folder}"'
    assert service["ReadWritePaths"] == f'"{shell.folder}"'
    assert service["Type"] == "notify"


def test_without_a_name_the_unit_runs_the_workspace_around(shell: Shell) -> None:
    service = unit(shell.ok("service").out)["Service"]
    assert service["ReadWritePaths"] == f'"{shell.folder}"'


def test_where_there_is_no_workspace_the_unit_says_that_it_is_to_be_named(outside: Shell) -> None:
    done = outside.ok("service")
    assert "/var/lib/crosspromo/workspace" in done.out
    assert done.err.startswith("note: there is no workspace here")


def test_a_user_that_no_system_has_is_refused(shell: Shell) -> None:
    assert "is not the name of a user" in shell.refused(
        "service", "--user", "root\nExecStart=/bin/sh", status=2
    )


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not here")
def test_systemd_understands_it(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "crosspromo.service"
    file.write_text(shell.ok("-w", str(shell.folder), "service", "--user", "root").out)
    done = subprocess.run(
        ["systemd-analyze", "verify", file], capture_output=True, text=True, check=False
    )
    assert "Unknown" not in done.stderr
    assert "rror" not in done.stderr


def test_a_wheel_has_the_unit(tmp_path: Path) -> None:
    """Installed as by pip: the package beside its _share, and no checkout around."""
    checkout = Path(__file__).parents[2]
    shutil.copytree(checkout / "crosspromo", tmp_path / "crosspromo")
    share = tmp_path / "crosspromo" / "_share"
    shutil.copytree(checkout / "config", share / "config")
    shutil.copytree(checkout / "templates", share / "templates")
    program = "import sys; from crosspromo.cli.main import run; sys.exit(run(['service']))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert unit(done.stdout)["Service"]["Environment"].endswith("/var/lib/crosspromo/workspace")
