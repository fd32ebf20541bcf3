"""Erasing a person: afterwards the name stands nowhere but in texts that went out.

The tables are read from the schema, so that a table to come is held to the same.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import JSON, Connection, Integer, String, Table, insert, select, update
from stories import delivery, queued

from crosspromo.domain.approval import Signature
from crosspromo.domain.erasure import Traces
from crosspromo.domain.mentions import Heard, MentionKind
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import LinkPurpose, Role
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.states import State
from crosspromo.store.database.engine import transaction
from crosspromo.store.database.memory import store_in_memory
from crosspromo.store.personal_traces import NOT_SEARCHED
from crosspromo.store.schema import deliveries, metadata
from crosspromo.store.sessions import StoredLink
from crosspromo.store.sql.types import EnumMember, UtcDateTime
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

NAME = "Kim Rivera"
KIM = Traces(NAME, "person 7f3a91c2")


def texts(connection: Connection, *, but: frozenset[str] = frozenset()) -> Iterator[str]:
    """Every text in every table, but that of tables named."""
    for table in metadata.sorted_tables:
        if table.name not in but:
            for row in connection.execute(select(table)).mappings():
                yield from (str(row[each.name]) for each in table.columns)


def value_for(table: Table, column: Any, row: int) -> Any:
    """Value that names Kim, where the column takes one."""
    if isinstance(column.type, EnumMember):
        return "cancelled" if column.name == "state" else "own"
    if isinstance(column.type, UtcDateTime):
        return START + timedelta(seconds=row)
    if isinstance(column.type, JSON):
        return {f"of {NAME}": [f"by {NAME}"]}
    if isinstance(column.type, String):
        return f"{table.name} {row}: {NAME} said so"
    return row if isinstance(column.type, Integer) else True


@pytest.mark.parametrize("table", metadata.sorted_tables, ids=str)
def test_a_name_in_any_column_of_any_table_is_erased(table: Table) -> None:
    store = store_in_memory()
    with transaction(store.engine, writes=True) as connection:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        rows = [{c.name: value_for(table, c, row) for c in table.columns} for row in (1, 2)]
        connection.execute(insert(table), rows)
        if table not in NOT_SEARCHED:
            assert NAME in " ".join(texts(connection)) or not any(
                isinstance(c.type, String | JSON) for c in table.columns
            )
    with store.write() as unit:
        unit.personal_traces.erase(KIM)
    kept = {each.name for each in NOT_SEARCHED} | {"ledger"}
    with transaction(store.engine, writes=False) as connection:
        assert NAME not in " ".join(texts(connection, but=frozenset(kept)))
    store.close()


def test_what_went_out_keeps_its_words_and_what_did_not_loses_them(store: Store) -> None:
    out, gone = (queued(store, text=f"{each}: {NAME} sings") for each in ("out", "gone"))
    with transaction(store.engine, writes=True) as connection:
        values = {"state": State.PUBLISHED, "sent_at": START, "published_at": START, "attempt": 1}
        for key, some in ((out, values), (gone, {"state": State.CANCELLED})):
            change = update(deliveries).where(deliveries.c.id == key)
            connection.execute(change.values(wake_at=None, **some))
    with store.write() as unit:
        unit.audit.add(START, NAME, "approve", "delivery 1", f"as {NAME} agreed")
        unit.personal_traces.erase(KIM)
    with store.read() as unit:
        (entry,) = unit.audit.latest(10)
    assert delivery(store, out).content.text == f"out: {NAME} sings"
    assert delivery(store, gone).content.text == f"gone: {KIM.pseudonym} sings"
    assert (entry.who, entry.reason) == (KIM.pseudonym, f"as {KIM.pseudonym} agreed")


def test_an_individual_partner_keeps_the_row_under_the_pseudonym(store: Store) -> None:
    kim = Partner("kim-rivera", NAME, "individual", why="Sings.", handles={"x": "kimr"})
    with store.write() as unit:
        unit.partners.save(kim, START)
        unit.partners.save(Partner("choir", NAME, "organisation"), START)
        (before,) = unit.partners.ids(["kim-rivera"])
        traces = Traces(NAME, KIM.pseudonym, slugs=frozenset(unit.personal_traces.individuals(KIM)))
        unit.personal_traces.erase(traces)
        found = {each.slug: each for each in unit.partners.all()}
        assert list(unit.partners.ids(["person-7f3a91c2"])) == [before]
    erased = found["person-7f3a91c2"]
    assert (erased.name, erased.why, dict(erased.handles)) == (KIM.pseudonym, "", {})


def test_a_person_signs_once_also_under_the_pseudonym(store: Store) -> None:
    signed = queued(store)
    with store.write() as unit:
        unit.approvals.sign(signed, Signature(KIM.pseudonym, "before", START))
        unit.approvals.sign(signed, Signature(NAME, "again", START))
        unit.approvals.sign(signed, Signature("Dan Okafor", "again", START))
        unit.personal_traces.erase(KIM)
        found = unit.approvals.signatures([signed])[signed]
    assert {(each.who, each.fingerprint) for each in found} == {
        (KIM.pseudonym, "again"),
        ("Dan Okafor", "again"),
    }


def test_one_of_us_goes_with_the_links_by_which_they_sign_in(store: Store) -> None:
    with store.write() as unit:
        person = unit.people.add(NAME, "kim@rva.example", Role.READER, START)
        link = StoredLink(person, LinkPurpose.INVITATION, START)
        unit.one_time_links.add("a" * 64, link, START, "ana")
        changed = unit.personal_traces.erase(KIM)
        assert not unit.people.is_taken(NAME)
    assert changed["people"] == changed["one_time_links"] == 1


def test_what_a_person_said_to_us_is_shown_and_goes_with_them(store: Store) -> None:
    kim = Partner("kim-rivera", NAME, "individual", handles={"bluesky": "kim.example"})
    said = {
        each: Heard(f"at://{each}/1", MentionKind.REPLY, each, START, "https://s.example/1", "Hi!")
        for each in ("kim.example", "dan.example")
    }
    with store.write() as unit:
        unit.partners.save(kim, START)
        unit.mentions.add_new("bsky", said.values(), {"kim.example": "kim-rivera"}, START)
        told = Received(0, "kim-rivera", START, ReceivedKind.REPLY, "bsky", "", "", START, "us")
        for number in (1, 2):
            unit.received.add_observed(replace(told, observed=f"bluesky at://kim.example/{number}"))
        traces = replace(KIM, slugs=frozenset(unit.personal_traces.individuals(KIM)))
        shown = [each for each in unit.personal_traces.found(traces) if each.table == "mentions"]
        changed = unit.personal_traces.erase(traces)
        left = unit.mentions.latest("bsky", 10)
        received = unit.received.latest(10)
    assert [(each.row["author"], each.columns) for each in shown] == [("kim.example", ("author",))]
    assert (changed["mentions"], [each.heard.author for each in left]) == (1, ["dan.example"])
    assert all("kim" not in (each.observed or "kim") for each in received)
    assert len(received) == 2


def test_who_is_known_by_a_handle_alone_is_erased_by_it(store: Store) -> None:
    said = Heard("at://kim/1", MentionKind.MENTION, "Kim.example", START, "", "Hello")
    with store.write() as unit:
        unit.mentions.add_new("bsky", [said], {}, START)
        assert unit.personal_traces.erase(Traces("kim.example", "person 1"))["mentions"] == 1
        assert not unit.mentions.latest("bsky", 10)
