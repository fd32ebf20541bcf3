"""Systemd unit of the daemon (docs/how-to/run-as-a-service.md)."""

import re
from collections.abc import Mapping
from pathlib import Path

from crosspromo.domain.errors import UsageError

HOMES = tuple(Path(place) for place in ("/home", "/root", "/run/user"))
"""Folders that `ProtectHome=yes` hides from a service."""


def service_unit(shipped: str, command: Path, workspace: Path | None, user: str) -> str:
    """Text of the unit: the shipped one with the paths of this installation, and its user.

    `command` is the installed script, `workspace` the folder of crosspromo.toml (None: as shipped).
    UsageError for a user or a path that a unit cannot hold.
    """
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.-]*\$?", user) is None:
        raise UsageError(f'"{user}" is not the name of a user on a system')
    changes = {"User": user, "ExecStart": f"{_written(command)} run"}
    if workspace is not None:
        changes["Environment"] = f'"CROSSPROMO_WORKSPACE={_written(workspace, quoted=False)}"'
        changes["ReadWritePaths"] = f'"{_written(workspace, quoted=False)}"'
        if any(workspace.is_relative_to(home) for home in HOMES):
            changes["ProtectHome"] = "no"
    return "".join(_changed(line, changes) for line in shipped.splitlines(keepends=True))


def _changed(line: str, changes: Mapping[str, str]) -> str:
    key, is_setting, _ = line.partition("=")
    return f"{key}={changes[key]}\n" if is_setting and key in changes else line


def _written(path: Path, *, quoted: bool = True) -> str:
    """Path as a unit has it: `%` doubled, quoted where it has spaces."""
    text = str(path)
    if re.search(r'["\\\n$]', text):
        raise UsageError(f"a systemd unit cannot hold the path {text!r}; use another folder")
    text = text.replace("%", "%%")
    return f'"{text}"' if quoted and " " in text else text
