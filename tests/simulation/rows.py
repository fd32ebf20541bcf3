"""The deliveries as they lie in the database, read past all our own code."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crosspromo.domain.posts import Credit
from crosspromo.domain.states import State

OUT = frozenset({State.SENDING, State.UNKNOWN, State.PUBLISHED, State.DELETED})
"""States of what has gone out, or may have."""


@dataclass(frozen=True, slots=True)
class Row:
    """One delivery. Times are aware, in UTC."""

    id: int
    account: str
    state: State
    credit: Credit
    text: str
    due_at: datetime
    pinned: bool
    attempt: int
    wake_at: datetime | None
    expires_at: datetime | None
    sent_at: datetime | None
    published_at: datetime | None
    remote_id: str | None
    hold_code: str | None
    hold_values: str | None
    fault_values: str | None
    override_by: str | None
    needs_person: bool
    duplicate_reason: str | None

    @property
    def counts_from(self) -> datetime | None:
        """When it counts from, by its state."""
        return self.published_at if self.state is State.PUBLISHED else self.sent_at


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account: its fault, the end of its rest, and its network's clock ahead of ours."""

    fault: str | None
    rests_until: datetime | None
    clock_offset: float | None


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One row of the ledger, as the driver gives it."""

    account: str
    at: object
    others: int
    self: int
    sent: int
    overridden: int
    origin: str
    why: str
    delivery_id: int | None
    recorded_at: object
    taken_back_at: object


_ENTRY = ", ".join(LedgerEntry.__slots__)
_COLUMNS = ", ".join(Row.__slots__)
_MOMENTS = frozenset({"due_at", "wake_at", "expires_at", "sent_at", "published_at"})


class File:
    """What lies in the database, on a connection of its own: the driver's."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._known: dict[int, tuple[tuple[object, ...], Row]] = {}

    def reopen(self, connection: Any) -> None:
        """Another database has come in the place of this one."""
        self._connection.close()
        self._connection = connection
        self._known.clear()

    def rows(self) -> dict[int, Row]:
        """Every delivery, by id."""
        found = {}
        for raw in self._connection.execute(f"SELECT {_COLUMNS} FROM deliveries"):
            known = self._known.get(raw[0])
            if known is None or known[0] != raw:
                self._known[raw[0]] = known = (raw, _row(raw))
            found[raw[0]] = known[1]
        return found

    def tokens(self) -> dict[int, list[str]]:
        """The tokens under which each delivery was sent."""
        found: dict[int, list[str]] = {}
        for delivery, token in self._connection.execute("SELECT delivery_id, token FROM attempts"):
            found.setdefault(delivery, []).append(token)
        return found

    def ledger(self) -> dict[int, LedgerEntry]:
        """Every row of the ledger, by id."""
        found = self._connection.execute(f"SELECT id, {_ENTRY} FROM ledger")
        return {raw[0]: LedgerEntry(*raw[1:]) for raw in found}

    def set_aside(self) -> Mapping[str, str]:
        """What must not go out, and why: accounts by name, `all` for everything."""
        query = (
            "SELECT account, 'paused' FROM pauses UNION ALL "
            "SELECT name, 'refused' FROM accounts WHERE fault IS NOT NULL"
        )
        return dict(self._connection.execute(query).fetchall())

    def paused(self) -> set[str]:
        """Accounts that are paused by name, `all` for everything."""
        return {name for (name,) in self._connection.execute("SELECT account FROM pauses")}

    def paused_without_reason(self) -> set[str]:
        """Those of the paused accounts of which nobody has said why."""
        query = "SELECT account FROM pauses WHERE reason IS NULL"
        return {name for (name,) in self._connection.execute(query)}

    def accounts(self) -> dict[str, AccountRow]:
        """Every account, by name."""
        query = "SELECT name, fault, rests_until, clock_offset FROM accounts"
        return {
            name: AccountRow(fault, _moment(rests_until), offset)
            for name, fault, rests_until, offset in self._connection.execute(query)
        }

    def dismissed(self) -> set[tuple[int, State, int]]:
        """Deliveries with the state and the attempt of which somebody took note."""
        query = "SELECT delivery_id, state, attempt FROM dismissals"
        found = self._connection.execute(query).fetchall()
        return {(number, State(str(state)), attempt) for number, state, attempt in found}

    def stands_withdrawn(self) -> set[int]:
        """Deliveries that went out by a permission or a consent that was withdrawn since."""
        query = (
            "SELECT delivery_id FROM delivery_needs WHERE withdrawn_at IS NOT NULL UNION "
            "SELECT delivery_id FROM delivery_photos WHERE withdrawn_at IS NOT NULL"
        )
        return {number for (number,) in self._connection.execute(query)}

    def not_read(self) -> dict[str, datetime | None]:
        """Accounts whose figures could not be read, with the time of the first failure."""
        query = "SELECT account, failing_since FROM account_readings WHERE fault IS NOT NULL"
        found = self._connection.execute(query).fetchall()
        return {account: _moment(since) for account, since in found}

    def to_review(self) -> list[datetime | None]:
        """Ends of the events of calendars about which nobody has decided."""
        query = "SELECT ends_at FROM source_events WHERE state IN ('proposed', 'gone')"
        return [_moment(ends_at) for (ends_at,) in self._connection.execute(query).fetchall()]

    def planned(self) -> set[int]:
        """Deliveries that the daemon's planning has made."""
        query = "SELECT delivery_id FROM planned_lines WHERE placed_by = 'planning'"
        return {number for (number,) in self._connection.execute(query).fetchall()}

    def asks_refused(self) -> list[tuple[str, datetime | None, dict[int, datetime | None]]]:
        """Asks of partners that no mail could make: the event's slug and start, and the deliveries
        that announce it, with the times at which their posts were queued.
        """
        query = (
            "SELECT e.slug, e.starts_at, d.id, p.created_at FROM event_asks a "
            "JOIN events e ON e.id = a.event_id JOIN posts p ON p.event_id = e.id "
            "JOIN deliveries d ON d.post_id = p.id "
            "WHERE a.error IS NOT NULL AND a.told_at IS NULL AND a.settled_by IS NULL "
            "AND p.step IS NOT NULL"
        )
        found: dict[str, tuple[datetime | None, dict[int, datetime | None]]] = {}
        for slug, starts_at, number, at in self._connection.execute(query).fetchall():
            found.setdefault(slug, (_moment(starts_at), {}))[1][number] = _moment(at)
        return [(slug, *each) for slug, each in found.items()]

    def events_asked_for(self) -> set[str]:
        """Events for which some ask could not be made."""
        return {slug for slug, _, _ in self.asks_refused()}

    def beats(self) -> int:
        """The beats of the database."""
        ((beats,),) = self._connection.execute("SELECT beats FROM database_identity").fetchall()
        return int(beats)

    def signed(self, delivery: int) -> set[str]:
        """Who has signed it, whatever it said then."""
        query = f"SELECT name FROM approvals WHERE delivery_id = {delivery:d}"
        return {name for (name,) in self._connection.execute(query)}

    def close(self) -> None:
        self._connection.close()


def _row(raw: tuple[object, ...]) -> Row:
    values: dict[str, Any] = dict(zip(Row.__slots__, raw, strict=True))
    for name in _MOMENTS:
        values[name] = _moment(values[name])
    values["state"] = State(str(values["state"]))
    values["credit"] = Credit(str(values["credit"]))
    values["pinned"] = bool(values["pinned"])
    values["needs_person"] = bool(values["needs_person"])
    return Row(**values)


def _moment(written: object) -> datetime | None:
    if isinstance(written, str):
        return datetime.fromisoformat(written).replace(tzinfo=UTC)
    return written.astimezone(UTC) if isinstance(written, datetime) else None
