"""Settings that can still be read from a crosspromo.toml with a fault: database and time zone.

With them people see the state of their posts, and can pause them, although nothing else works.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import ConfigError
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.settings import DEFAULT_DATABASE, LARGEST_FILE, Organisation, Settings, document


def readable_part(path: Path) -> Settings | None:
    """Settings with the database and the time zone of a faulty file, and without accounts.

    None where the file does not tell which database is meant.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError:
        return None
    if len(data) > LARGEST_FILE:
        return None
    text = data.decode("utf-8-sig", "replace")
    database = _database(text)
    url = None if database is None else database.get("url", DEFAULT_DATABASE)
    if not isinstance(url, str):
        return None
    organisation = _table(text, "organisation") or {}
    return Settings(
        organisation=Organisation(str(organisation.get("name", "")), _zone(organisation)),
        accounts={},
        database_url=url,
    )


def _database(text: str) -> Mapping[str, Any] | None:
    """Table [database], empty where the text surely has none; None where that cannot be told."""
    found = _table(text, "database")
    if found is not None:
        return found
    told = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    is_ours = any(_heading("organisation").fullmatch(line) for line in told)  # not emptied, say
    return {} if is_ours and not any("database" in line.casefold() for line in told) else None


def _table(text: str, name: str) -> Mapping[str, Any] | None:
    """Table `name` of a TOML text; None without exactly one such table, or with a fault in it.

    The table is read alone, since the fault of the text may be elsewhere.
    """
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _heading(name).fullmatch(line)]
    if len(starts) != 1:
        return None
    (start,) = starts
    ends = (number for number in range(start + 1, len(lines)) if lines[number].lstrip()[:1] == "[")
    try:
        found = document("\n".join(lines[start : next(ends, None)]), name)[name]
    except ConfigError:
        return None
    return found if isinstance(found, dict) else None


def _heading(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*\[\s*{name}\s*\]\s*(#.*)?")


def _zone(organisation: Mapping[str, Any]) -> ZoneInfo:
    try:
        return ZoneInfo(organisation.get("timezone", "UTC"))
    # As in the settings; LookupError: unknown.
    except (LookupError, TypeError, ValueError, OSError):
        return UTC_ZONE
