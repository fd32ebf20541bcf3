"""References to secrets, and the secrets behind them, which are kept out of all texts for people.

`env:NAME`, `file:PATH` and `keyring:SERVICE/NAME` name a secret; any other text is a secret in the
clear, which is refused.
"""

import os
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from crosspromo.domain.errors import ConfigError
from crosspromo.secrets.redaction import Redactor
from crosspromo.settings import SCHEMES, Account

LARGEST_SECRET = 64_000
"""Largest file of a secret that is read, in bytes."""


class UnsetVariableError(ConfigError):
    """Error: an environment variable that a reference names is not set in this process."""


def resolve(
    account: Account,
    workspace: Path,
    redactor: Redactor,
    public: frozenset[str],
    environment: Mapping[str, str] = os.environ,
) -> dict[str, str]:
    """Values of the account's credentials by key; every secret is passed to the redactor.

    Keys in `public` (a user name, say) may stand in the clear. ConfigError names the account, the
    key and the mend, and never the value.
    """
    resolved = {}
    for key, reference in account.credentials.items():
        place = f"[accounts.{account.name}] credentials, {key}"
        if not reference.startswith(SCHEMES):
            if key not in public:
                raise ConfigError(
                    f"{place}: a secret must not stand in crosspromo.toml; put it into an "
                    f'environment variable and write "env:NAME", or use "file:PATH"'
                )
            resolved[key] = reference
            continue
        value = look_up(reference, place, workspace, environment)
        if key not in public:
            redactor.hide(value)
        resolved[key] = value
    return resolved


def database_url(
    reference: str,
    place: str,
    workspace: Path,
    redactor: Redactor,
    environment: Mapping[str, str] = os.environ,
) -> str:
    """URL of the database; its passwords are passed to the redactor.

    ConfigError where a password stands in the clear: the message names `place`, never the password.
    """
    named = reference.startswith(SCHEMES)
    url = look_up(reference, place, workspace, environment) if named else reference
    passwords = _passwords(url)
    if passwords and not named:
        raise ConfigError(
            f"{place}: a password must not stand here; put the whole url into an environment "
            'variable and write "env:NAME", or use "file:PATH"'
        )
    redactor.hide(*passwords)
    return url


def _passwords(url: str) -> list[str]:
    """All passwords in the URL, before the host or among the parameters."""
    try:
        parts = urlsplit(url)
    except ValueError:  # not a URL: opening it reports this
        return [url]
    found = [] if parts.password is None else [parts.password, unquote(parts.password)]
    return found + parse_qs(parts.query).get("password", [])


def look_up(reference: str, place: str, workspace: Path, environment: Mapping[str, str]) -> str:
    """Secret behind a reference; ConfigError names the `place` of the reference."""
    scheme, _, name = reference.partition(":")
    match scheme:
        case "env":
            value = environment.get(name, "")
            if not value:
                raise UnsetVariableError(f"{place}: the environment variable {name} is not set")
        case "file":
            value = _from_file(workspace / name, place)
        case _:
            value = _from_keyring(name, place)
    return value


def files_of(references: Iterable[str | None], workspace: Path) -> set[Path]:
    """Files that these references name."""
    scheme = "file:"
    return {
        workspace / reference.removeprefix(scheme)
        for reference in references
        if reference is not None and reference.startswith(scheme)
    }


def _from_file(path: Path, place: str) -> str:
    try:
        value = _text_of(path).strip()
    except (OSError, ValueError) as error:  # ValueError: no UTF-8, or a null byte in the path
        raise ConfigError(f"{place}: {path} cannot be read ({type(error).__name__})") from None
    except _NoSecretError as error:
        raise ConfigError(f"{place}: {path} {error}") from None
    if not value:
        raise ConfigError(f"{place}: {path} is empty")
    return value


class _NoSecretError(Exception):
    """Error: the file cannot be one that holds a secret."""


def _text_of(path: Path) -> str:
    """Text of a regular file; opening a pipe or a device does not wait, nor is one read."""
    with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:  # noqa: PTH123 (a descriptor)
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _NoSecretError("is no file, but a device, a pipe or a folder; name a file")
        data = file.read(LARGEST_SECRET + 1)
    if len(data) > LARGEST_SECRET:
        raise _NoSecretError(f"is larger than {LARGEST_SECRET:,} bytes; a secret is short")
    return data.decode("utf-8")


def _from_keyring(name: str, place: str) -> str:
    try:
        import keyring  # noqa: PLC0415 (an optional dependency)
    except ModuleNotFoundError:
        raise ConfigError(
            f"{place}: keyring is not installed: pip install 'crosspromo[keyring]'"
        ) from None
    service, _, user = name.partition("/")
    try:
        value: str | None = keyring.get_password(service, user)
    except Exception as error:  # noqa: BLE001 (each desktop's keyring fails in its own way)
        raise ConfigError(
            f"{place}: the keyring cannot be asked ({type(error).__name__}); unlock it, or use "
            '"env:NAME" or "file:PATH"'
        ) from None
    if not value:
        raise ConfigError(f"{place}: the keyring has no {name}")
    return value
