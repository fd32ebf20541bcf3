"""What a row of a spreadsheet says of a partner, and what it changes.

A row holds the fields that its file names and no others. Applied to a partner, it leaves every
other field as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from crosspromo.domain.partners import Partner
from crosspromo.domain.values import Value, field

if TYPE_CHECKING:
    from crosspromo.domain.attempts import Json

PLAIN = (
    *("name", "kind", "list", "closeness", "tier", "why", "website", "status"),
    *("owner", "support"),
)
"""Fields of a partner that are texts."""

LISTS = ("topics", "goals", "languages", "needs", "offers")
"""Fields of a partner that are lists of texts."""

NUMBERS = ("cadence_days", "most_posts", "most_posts_days", "notice_hours")
"""Fields of a partner that are whole numbers, or None."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


def _no_lists() -> Mapping[str, tuple[str, ...]]:
    return MappingProxyType({})


def _no_numbers() -> Mapping[str, int | None]:
    return MappingProxyType({})


class PartnerRow(Value, frozen=True):
    """Fields of one partner that a row names.

    `texts` are fields of PLAIN, `handles` by network, `notes` by heading; the empty text clears.
    `lists` are fields of LISTS, and `numbers` those of NUMBERS; an empty list or None clears. None,
    for the others: the file has no such column.
    """

    slug: str
    texts: Mapping[str, str] = field(default_factory=_nothing)
    handles: Mapping[str, str] = field(default_factory=_nothing)
    notes: Mapping[str, str] = field(default_factory=_nothing)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=_no_lists)
    numbers: Mapping[str, int | None] = field(default_factory=_no_numbers)
    tag_ok: bool | None = None
    archived: bool | None = None

    def applied_to(self, known: Partner | None, now: datetime) -> Partner:
        """Partner with these fields; None: a new partner, whose name the row has to give."""
        partner = known or Partner(self.slug, self.texts["name"])
        archived_at = partner.archived_at
        if self.archived is not None and self.archived != (archived_at is not None):
            archived_at = now if self.archived else None
        named: dict[str, Any] = {**self.texts, **self.lists, **self.numbers}
        return replace(
            partner,
            **named,
            handles=_merged(partner.handles, self.handles),
            notes=_merged(partner.notes, self.notes),
            tag_ok=partner.tag_ok if self.tag_ok is None else self.tag_ok,
            archived_at=archived_at,
        )


class FieldChange(NamedTuple):
    """Field of a partner before and after, as in `fields_of`; None: not there."""

    field: str
    before: "Json"
    after: "Json"


class PartnerChange(Value, frozen=True):
    """Fields that change on one partner; of a new partner, all that it has."""

    partner: str
    is_new: bool
    fields: tuple[FieldChange, ...]


class PastImport(NamedTuple):
    """Import of partners by a person; `undone_at`: None while its changes stand."""

    number: int
    at: datetime
    who: str
    source: str
    undone_at: datetime | None


def change_of(before: Partner | None, after: Partner) -> PartnerChange:
    """Difference between a stored partner (None: none) and its successor, field by field."""
    old = {} if before is None else fields_of(before)
    new = fields_of(after)
    names = dict.fromkeys([*new, *old])
    return PartnerChange(
        after.slug,
        before is None,
        tuple(
            FieldChange(name, old.get(name), new.get(name))
            for name in names
            if old.get(name) != new.get(name)
        ),
    )


def fields_of(partner: Partner) -> "dict[str, Json]":
    """Fields that hold something, by name: `why`, `topics`, `handles.x`, `notes.Phone`."""
    return {name: value for name, value in _fields(partner) if value not in ("", False, [], None)}


def with_fields(partner: Partner, values: "Mapping[str, Json]") -> Partner:
    """Partner with other values for these fields of `fields_of`; None empties a field."""
    plain: dict[str, Any] = {}
    maps = {"handles": dict(partner.handles), "notes": dict(partner.notes)}
    for name, value in values.items():
        group, dot, key = name.partition(".")
        if dot:
            maps[group] = dict(_merged(maps[group], {key: str(value or "")}))
        elif name in LISTS:
            plain[name] = tuple(map(str, value)) if isinstance(value, list) else ()
        elif name in NUMBERS:
            plain[name] = value if isinstance(value, int) else None
        elif name == "tag_ok":
            plain[name] = value is True
        elif name == "archived_at":
            plain[name] = None if value is None else datetime.fromisoformat(str(value))
        else:
            plain[name] = str(value or "")
    return replace(
        partner,
        **plain,
        handles=MappingProxyType(maps["handles"]),
        notes=MappingProxyType(maps["notes"]),
    )


def _fields(partner: Partner) -> "Iterator[tuple[str, Json]]":
    for name in PLAIN:
        yield name, getattr(partner, name)
    for name in LISTS:
        yield name, list(getattr(partner, name))
    for name in NUMBERS:
        yield name, getattr(partner, name)
    yield "tag_ok", partner.tag_ok
    yield "archived_at", None if partner.archived_at is None else partner.archived_at.isoformat()
    for network, handle in partner.handles.items():
        yield f"handles.{network}", handle
    for heading, note in partner.notes.items():
        yield f"notes.{heading}", note


def _merged(old: Mapping[str, str], new: Mapping[str, str]) -> Mapping[str, str]:
    """Old values with the new ones over them; the empty text takes a value away."""
    return MappingProxyType({key: value for key, value in {**old, **new}.items() if value})
