"""Session of a command: its workspace, the acting person, and the level of the log."""

import getpass
import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

import click

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crosspromo.cli.logs import LogFormat
    from crosspromo.domain.errors import ConfigError
    from crosspromo.domain.requests import PostRequest
    from crosspromo.secrets.redaction import Redactor
    from crosspromo.workspace import Workspace

Command = TypeVar("Command", bound=Callable[..., object])

Asked = tuple["PostRequest", "Sequence[str]"]
"""Post that a command asks for, and the names of its accounts."""

NAME_VARIABLE = "CROSSPROMO_AS"

CALLERS = ("SUDO_USER", "DOAS_USER")
"""Variables in which sudo and doas name the person who called them."""


class Session:
    """State of a run of the command."""

    def __init__(self, folder: str | None, verbose: int) -> None:
        self._folder = folder
        self._verbose = verbose
        self._open: Workspace | None = None
        self.asked: list[Asked] | None = None
        """Posts that commands ask for while they are only parsed; None: commands queue them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.close()

    @property
    def named_folder(self) -> Path | None:
        """Folder that -w or $CROSSPROMO_WORKSPACE names, a workspace or not; None: neither does."""
        from crosspromo.workspace import VARIABLE  # noqa: PLC0415 (slow to import)

        named = self._folder or os.environ.get(VARIABLE)
        return Path(named) if named else None

    @property
    def workspace(self) -> "Workspace":
        """Workspace, opened on first use."""
        from crosspromo.workspace import Workspace  # noqa: PLC0415 (slow to import)

        return self._opened(Workspace.open)

    @property
    def workspace_despite_faults(self) -> "Workspace":
        """Workspace, opened also where its settings have a fault, which its field then names.

        For commands that people need just then. Accounts and rules are not known.
        """
        from crosspromo.workspace import Workspace  # noqa: PLC0415 (slow to import)

        return self._opened(Workspace.open_despite_faults)

    def _opened(self, open_: "Callable[[Path], Workspace]") -> "Workspace":
        if self._open is None:
            from crosspromo.workspace import find  # noqa: PLC0415 (slow to import)

            self._open = open_(Path(self._folder) if self._folder else find(Path.cwd()))
            self.log_to_stderr(self._open.redactor)
        return self._open

    @property
    def settings_fault(self) -> "ConfigError | None":
        """Why the settings cannot be used, where a workspace was opened despite that."""
        return None if self._open is None else self._open.settings_fault

    @property
    def zone(self) -> "ZoneInfo":
        """Zone of times for people: the organisation's. The workspace is opened on first use."""
        return self.workspace.settings.organisation.zone

    @property
    def zone_of_errors(self) -> "ZoneInfo":
        """Zone of times in an error: the organisation's where the workspace could be opened, else
        UTC.
        """
        if self._open is None:
            from crosspromo.domain.timing import UTC_ZONE  # noqa: PLC0415 (--help needs none)

            return UTC_ZONE
        return self._open.settings.organisation.zone

    def log_to_stderr(
        self,
        redactor: "Redactor",
        least: int = logging.WARNING,
        format_: "LogFormat | None" = None,
    ) -> None:
        """Send the log to stderr, secrets redacted; more with -v, everything with -vv."""
        from crosspromo.cli.logs import LogFormat, log_to_stderr  # noqa: PLC0415 (--help needs none)

        log_to_stderr(redactor, self._verbose, least, format_ or LogFormat.TEXT)


def acting_name() -> str:
    """Name of the acting person: $CROSSPROMO_AS, else who called sudo, else the login name.

    A name is taken on trust. "unknown" where there is none.
    """
    named = (os.environ.get(variable) for variable in (NAME_VARIABLE, *CALLERS))
    try:
        return next(filter(None, named), None) or getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def as_option(command: Command) -> Command:
    """Add the option `--as NAME`: the acting person, for the audit log."""
    return click.option(
        "--as",
        "name",
        metavar="NAME",
        default=acting_name,
        help=f"Who you are, on trust; else ${NAME_VARIABLE}, else your login, under sudo too.",
    )(command)


def json_option(command: Command) -> Command:
    """Add the option `--json`: one JSON document on stdout and nothing else."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def dry_run_option(command: Command) -> Command:
    """Add the option `--dry-run`: print the effects and change nothing."""
    return click.option("--dry-run", is_flag=True, help="Say what would happen; change nothing.")(
        command
    )
