"""Traces of a person in all tables: found, and erased.

Every column with a text is searched, those of tables to come as well. What is erased otherwise than
by a pseudonym in place of the name is listed here, with its reason.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    String,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    literal,
    select,
    update,
)

from crosspromo.domain.erasure import Traces
from crosspromo.domain.partners import Partner
from crosspromo.domain.states import State
from crosspromo.store.schema import (
    attempts,
    deliveries,
    events,
    introductions,
    kept_away,
    ledger,
    mentions,
    merged_partners,
    metadata,
    partner_entries,
    partner_import_changes,
    partner_people,
    partners,
    people,
    received,
    undoable_acts,
)

OF_THE_PERSON: Mapping[Table, str] = {partner_people: "name", people: "name"}
"""Tables whose rows are people, with the column of the name: the row of the person is deleted."""

UNDO_DATA = frozenset({partner_import_changes, undoable_acts})
"""Tables of what can be taken back: a row that names the person is deleted, as it would bring them
back.
"""

NOT_SEARCHED = frozenset({kept_away})
"""Tables without anybody's words."""

SECRET = frozenset({"password", "second_step", "token", "session"})
"""Columns that no export shows."""

OUT = (State.SENDING, State.UNKNOWN, State.PUBLISHED, State.DELETED)
"""States of a delivery whose text is on its network, or may be: the text is left."""

_SENT = frozenset({"text", "title", "link", "images", "parts", "dropped", "reshare_of", "url"})
_AT_A_TIME = 1_000


class Trace(NamedTuple):
    """Row that names a person: its table, all its columns without secrets, and those that do."""

    table: str
    row: Mapping[str, Any]
    columns: tuple[str, ...]


class PersonalTraces:
    """Finds and erases a person within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def individuals(self, traces: Traces) -> Sequence[str]:
        """Slugs of the partners who are this person, with those that they had before a merge.

        A partner with the person's own name is the person, unless they are called an organisation.
        """
        query = select(partners.c.id, partners.c.slug, partners.c.name).where(
            partners.c.kind != "organisation"
        )
        rows = self._connection.execute(query.order_by(partners.c.slug))
        found = {row.id: row.slug for row in rows if traces.is_name(row.name)}
        if not found:
            return []
        former = select(merged_partners.c.slug).where(merged_partners.c.partner_id.in_(found))
        return [*found.values(), *self._connection.execute(former).scalars()]

    def details(self, traces: Traces) -> frozenset[str]:
        """Mail addresses and phone numbers of the person."""
        found: set[str] = set()
        at = partner_people.c
        for row in self._connection.execute(select(at.name, at.mail, at.phone)):
            if traces.is_name(row.name):
                found |= {each for each in (row.mail, row.phone) if each}
        for name, mail in self._connection.execute(select(people.c.name, people.c.mail)):
            if traces.is_name(name) and mail:
                found.add(mail)
        return frozenset(found)

    def found(self, traces: Traces) -> Iterator[Trace]:
        """Rows that name the person, and rows of a person who may sign in, by table."""
        own = self._ids(people, traces)
        said = self._said_by(traces)
        for table in metadata.sorted_tables:
            if table in NOT_SEARCHED:
                continue
            keys = [each for each in table.columns if _names_a_person(each)]
            for row in self._rows(table):
                columns = [
                    each.name
                    for each in _texts(table)
                    if row[each.name] is not None
                    and traces.without_in(row[each.name]) != row[each.name]
                ]
                columns += [each.name for each in keys if row[each.name] in own]
                if table is mentions and row["id"] in said and "author" not in columns:
                    columns.append("author")
                if columns:
                    shown = {str(key): each for key, each in row.items() if key not in SECRET}
                    named = tuple(str(each) for each in columns if each not in SECRET)
                    yield Trace(str(table.name), shown, named)

    def in_the_way(self, traces: Traces, now: datetime) -> Sequence[tuple[str, str]]:
        """What is still to be said in public and names the person: kind and id, or slug.

        They are deliveries that wait, and events that have not ended.
        """
        d = deliveries.c
        waiting = select(deliveries).where(d.state.in_((State.DRAFT, State.QUEUED))).order_by(d.id)
        found = [
            ("delivery", str(row["id"]))
            for row in self._connection.execute(waiting).mappings()
            if any(_has(traces, row[each]) for each in _SENT)
        ]
        coming = select(events).where(events.c.ends_at > now).order_by(events.c.slug)
        words = ("title", "description", "location")
        return found + [
            ("event", row["slug"])
            for row in self._connection.execute(coming).mappings()
            if any(_has(traces, row[each]) for each in words)
        ]

    def erase(self, traces: Traces) -> Mapping[str, int]:
        """Erase the person everywhere but in texts that went out; number of rows by table."""
        changed: Counter[str] = Counter()
        said = self._said_by(traces)
        known = select(partners.c.id, partners.c.slug).where(partners.c.slug.in_(traces.slugs))
        rows = self._connection.execute(known.order_by(partners.c.slug)).all()
        for place, row in enumerate(rows):
            slug = traces.slug if place == 0 else f"{traces.slug}-{place + 1}"
            self._empty_partner(row.id, slug, traces, changed)
        self._delete_people(traces, changed)
        sent = self._sent()
        if said:
            changed["mentions"] += len(said)
            here = mentions.c.id == bindparam("number")
            numbers = [{"number": each} for each in sorted(said)]
            self._connection.execute(delete(mentions).where(here), numbers)
        for table in metadata.sorted_tables:
            if table not in NOT_SEARCHED:
                self._erase_in(table, traces, sent, changed)
        return {str(table): count for table, count in sorted(changed.items())}

    def _erase_in(
        self, table: Table, traces: Traces, sent: frozenset[int], changed: Counter[str]
    ) -> None:
        hits: list[tuple[Mapping[str, Any], dict[str, Any]]] = []
        for row in self._rows(table):
            kept = _kept(table, row, sent)
            values = {}
            for column in _texts(table):
                value = row[column.name]
                if column.name in kept or value is None:
                    continue
                without = traces.without_in(value)
                if without != value:
                    values[column.name] = without
            if values:
                hits.append((row, values))
        for row, values in hits:
            changed[table.name] += 1
            here = _is_row(table, row)
            if table in UNDO_DATA:
                self._connection.execute(delete(table).where(here))
                continue
            moved = {**row, **values}
            if any(each.name in values for each in table.primary_key):
                # Where both names have a row, as of one signature each, they are one person's now.
                self._connection.execute(delete(table).where(_is_row(table, moved)))
            self._connection.execute(update(table).where(here).values(values))

    def _empty_partner(self, number: int, slug: str, traces: Traces, changed: Counter[str]) -> None:
        """Leave of a partner (a row id) who is the person nothing but what is counted.

        It stays under the pseudonym and this slug.
        """
        empty = Partner("", "")
        blank = {
            each.name: getattr(empty, each.name)
            for each in partners.c
            if each.name not in {"id", "slug", "name", "kind", "list", "archived_at"}
        }
        values = {
            name: dict(value)
            if isinstance(value, Mapping)
            else list(value)
            if isinstance(value, tuple)
            else value
            for name, value in blank.items()
        }
        here = partners.c.id == number
        self._connection.execute(
            update(partners).where(here).values(**values, name=traces.pseudonym, slug=slug)
        )
        changed["partners"] += 1
        for table in (partner_entries, partner_people, merged_partners):
            of_partner = delete(table).where(table.c.partner_id == number)
            changed[table.name] += self._connection.execute(of_partner).rowcount
        either = (introductions.c.needing_id == number) | (introductions.c.offering_id == number)
        changed["introductions"] += self._connection.execute(
            delete(introductions).where(either)
        ).rowcount
        self._connection.execute(
            update(received).where(received.c.partner_id == number).values(words="", url="")
        )
        # What a network told us counts on, once, without the address of the person's own post.
        told = received.c.partner_id == number, received.c.observed.is_not(None)
        self._connection.execute(
            update(received)
            .where(*told)
            .values(observed=literal("erased ").concat(cast(received.c.id, String)))
        )

    def _delete_people(self, traces: Traces, changed: Counter[str]) -> None:
        """Delete the person's own rows, and before them all that belongs to a person of ours."""
        own = self._ids(people, traces)
        for table in reversed(metadata.sorted_tables):
            for column in table.columns:
                if own and _names_a_person(column):
                    gone = self._connection.execute(delete(table).where(column.in_(own)))
                    changed[table.name] += gone.rowcount
        for table in OF_THE_PERSON:
            ids = self._ids(table, traces)
            if ids:
                gone = self._connection.execute(delete(table).where(table.c.id.in_(ids)))
                changed[table.name] += gone.rowcount

    def _ids(self, table: Table, traces: Traces) -> frozenset[int]:
        rows = self._connection.execute(select(table.c.id, table.c[OF_THE_PERSON[table]]))
        return frozenset(key for key, name in rows if traces.is_name(name))

    def _said_by(self, traces: Traces) -> frozenset[int]:
        """Ids of the mentions that are the person's own words.

        Their author is a partner who is the person, or has the name for a handle.
        """
        at = mentions.c
        query = select(at.id, at.author, partners.c.slug)
        rows = self._connection.execute(
            query.join_from(mentions, partners, partners.c.id == at.partner_id, isouter=True)
        )
        return frozenset(
            row.id for row in rows if row.slug in traces.slugs or traces.is_name(row.author)
        )

    def _sent(self) -> frozenset[int]:
        """Ids of the deliveries whose texts went out, or may have."""
        query = select(deliveries.c.id).where(deliveries.c.state.in_(OUT))
        return frozenset(self._connection.execute(query).scalars())

    def _rows(self, table: Table) -> Iterator[Mapping[str, Any]]:
        query = select(table).order_by(*table.primary_key)
        found = self._connection.execute(query, execution_options={"yield_per": _AT_A_TIME})
        for row in found.mappings():
            yield dict(row)


def _texts(table: Table) -> Sequence["Column[Any]"]:
    """Columns with a text or with JSON."""
    return [each for each in table.columns if isinstance(each.type, String | JSON)]


def _names_a_person(column: "Column[Any]") -> bool:
    """Whether the column refers to a person who may sign in."""
    return any(key.column is people.c.id for key in column.foreign_keys)


def _kept(table: Table, row: Mapping[str, Any], sent: frozenset[int]) -> frozenset[str]:
    """Columns of the row that hold what went out."""
    if table is deliveries and row["id"] in sent:
        return _SENT
    if table is attempts and row["delivery_id"] in sent:
        return frozenset({"payload"})
    return frozenset({"text", "url"}) if table is ledger else frozenset()


def _is_row(table: Table, row: Mapping[str, Any]) -> Any:
    return and_(*(each == row[each.name] for each in table.primary_key))


def _has(traces: Traces, value: Any) -> bool:
    return value is not None and traces.without_in(value) != value
