"""Observances as files say them: the one that is shipped, and the workspace's own beside it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from crosspromo.domain.date_rules import MONTHS, Days, parse_date_rule
from crosspromo.domain.errors import ConfigError, InputError, UsageError
from crosspromo.domain.observances import Observance, ObservanceTone, Unreadable
from crosspromo.domain.partners import check_slug
from crosspromo.resources import SHIPPED
from crosspromo.settings import LARGEST_FILE, document

FILE_NAME = "observances.toml"

LONGEST_NAME = 100
"""Characters of an observance's name."""

FIRST_YEAR, LAST_YEAR = 2000, 2200


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    tone: ObservanceTone
    rule: str | None = None
    announced: dict[str, str] = {}
    region: str = "international"
    topics: list[str] = []
    source: str = ""
    ask: str = ""
    usually: str | None = None
    note: str = ""
    confirmed: str = ""


def read_observances(folder: Path) -> Mapping[str, Observance]:
    """Shipped observances by slug, with what the workspace's own file says laid over them.

    Of a known observance that file gives only the keys that differ; announced days add to the known
    ones. ConfigError names the file and the place of a fault.
    """
    known, unreadable = _read(folder, _own(folder))
    for each in unreadable.values():
        raise ConfigError(each.words)
    return known


def usable_observances(
    folder: Path, keep: frozenset[str]
) -> tuple[Mapping[str, Observance], Sequence[Unreadable]]:
    """The same observances, and those of `keep` (slugs) whose days are unknown.

    A kept one is unreadable, or no file has it; where the workspace's own file cannot be read at
    all, that is one for all of them, and the shipped observances are known as they are shipped.
    """
    try:
        own = _own(folder)
    except ConfigError as error:
        known, _ = _read(folder, {})
        return known, [Unreadable(None, str(error), may_mourn=True)] if keep else []
    known, unreadable = _read(folder, own)
    unknown = {
        slug: Unreadable(slug, _unknown_words(slug, known), may_mourn=True)
        for slug in keep - known.keys()
    }
    doubtful = {**unknown, **unreadable}
    return known, [doubtful[slug] for slug in sorted(keep - known.keys())]


def _own(folder: Path) -> Mapping[str, object]:
    file = folder / FILE_NAME
    return _document(file) if file.is_file() else {}


def _read(
    folder: Path, own: Mapping[str, object]
) -> tuple[Mapping[str, Observance], Mapping[str, Unreadable]]:
    """Observances with what the workspace's own file says, and by slug those it spoils."""
    shipped = _document(SHIPPED / "config" / FILE_NAME)
    found = {slug: _observance(slug, keys, SHIPPED / FILE_NAME) for slug, keys in shipped.items()}
    own_file, unreadable = folder / FILE_NAME, {}
    for slug, keys in own.items():
        whole = _laid_over(shipped.get(slug), keys)
        try:
            found[slug] = _observance(slug, whole, own_file)
        except ConfigError as error:
            found.pop(slug, None)
            unreadable[slug] = Unreadable(slug, str(error), _may_mourn(whole))
    return MappingProxyType(found), MappingProxyType(unreadable)


def _may_mourn(keys: object) -> bool:
    """Whether an observance that cannot be read may have days of mourning."""
    tone = keys.get("tone") if isinstance(keys, dict) else None
    return tone not in set(ObservanceTone) - {ObservanceTone.MOURN}


def check_kept(keep: frozenset[str], known: Collection[str]) -> None:
    """Raise ConfigError where the settings keep an observance that no file has."""
    for slug in sorted(keep):
        if slug not in known:
            near = _near(slug, known)
            hint = f"did you mean {near}?" if near else "correct the name"
            raise ConfigError(f'[observances] keep: there is no observance "{slug}"; {hint}')


def _unknown_words(slug: str, known: Collection[str]) -> str:
    near = _near(slug, known)
    hint = f"perhaps you mean {near}; " if near else ""
    return f"no file has it; {hint}correct [observances] keep in crosspromo.toml"


def _near(slug: str, known: Collection[str]) -> str:
    """Known slugs that look like this one, joined by "or"; empty where there are none."""
    from difflib import get_close_matches  # noqa: PLC0415 (for the check of a mistake only)

    return " or ".join(get_close_matches(slug, known, n=3))


def _document(file: Path) -> dict[str, Any]:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
        text = data.decode("utf-8-sig")
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file} is not UTF-8 text; save it as UTF-8") from error
    return document(text, str(file))


def _laid_over(known: object, keys: object) -> object:
    if not isinstance(known, dict) or not isinstance(keys, dict):
        return keys
    merged = {**known, **keys}
    if isinstance(known.get("announced"), dict) and isinstance(keys.get("announced"), dict):
        merged["announced"] = {**known["announced"], **keys["announced"]}
    return merged


def _observance(slug: str, keys: object, file: Path) -> Observance:
    place = f"{file}, [{slug}]"
    try:
        check_slug(slug)
        entry = msgspec.convert(keys, _Entry)
        rule = None if entry.rule is None else parse_date_rule(entry.rule)
        announced = dict(_announced(each) for each in entry.announced.items())
    except (msgspec.ValidationError, UsageError, InputError) as error:
        raise ConfigError(f"{place}: {error}") from error
    if entry.usually is not None and entry.usually not in MONTHS:
        raise ConfigError(f"{place} usually: write one of {', '.join(MONTHS)}")
    if not 0 < len(entry.name) <= LONGEST_NAME:
        raise ConfigError(f"{place} name: write 1 to {LONGEST_NAME} characters")
    return Observance(
        slug=slug,
        name=entry.name,
        rule=rule,
        tone=entry.tone,
        announced=MappingProxyType(announced),
        region=entry.region,
        topics=tuple(entry.topics),
        source=entry.source,
        ask=entry.ask,
        usual_month=None if entry.usually is None else MONTHS.index(entry.usually) + 1,
        note=entry.note,
        confirmed=entry.confirmed,
    )


def _announced(item: tuple[str, str]) -> tuple[int, Days]:
    """Year and days from `2026 = "2026-10-05..2026-10-09"`; UsageError for another text."""
    year, text = item
    first, dots, last = text.partition("..")
    try:
        days = Days(date.fromisoformat(first), date.fromisoformat(last if dots else first))
    except ValueError:
        raise UsageError(
            f'announced: "{text}" is not a day; write {year} = "{year}-05-01", '
            f'or "{year}-05-03..{year}-05-09"'
        ) from None
    if year != str(days.first.year) or not FIRST_YEAR <= days.first.year <= LAST_YEAR:
        raise UsageError(f'announced: "{text}" does not begin in {year}')
    if days.last < days.first:
        raise UsageError(f'announced: "{text}" ends before it begins')
    return days.first.year, days
