"""Forecasts in the store, with the version of queue and ledger on which they rest.

Only plays write them, each in a transaction of its own: a delivery that is sent or held writes
nothing here, and its forecast is out of date from then on.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Row,
    String,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.types import NullType

from crosspromo.domain.forecasts import Forecast, HangsOn, Outcome, Uncertainty
from crosspromo.domain.partner_entries import EntryKind
from crosspromo.domain.partner_people import PartnerRole
from crosspromo.domain.states import State
from crosspromo.domain.values import Value
from crosspromo.store.ledger.hours import ORGANISATION, hour_of
from crosspromo.store.queue.open_deliveries import are_open
from crosspromo.store.queue.reasons import reason_of, reason_text
from crosspromo.store.schema import (
    accounts,
    approvals,
    deliveries,
    delivery_counts,
    delivery_needs,
    delivery_photos,
    forecast_basis,
    forecasts,
    ledger,
    ledger_hours,
    partner_entries,
    partner_people,
    partners,
    pauses,
    permissions,
    photo_consents,
    post_partners,
    posts,
)
from crosspromo.store.sql.locks import lock_out_writers
from crosspromo.store.sql.statements import CompiledSelect
from crosspromo.store.sql.transfer import as_stored, untyped
from crosspromo.store.sql.types import UtcDateTime, to_json

IDS_PER_QUERY = 500

_UNPLAYED = frozenset(
    {"network", "text_hash", "dropped", "claimed_by", "published_at", "remote_id", "url"}
    | {"override_reason", "needs_person", "composed"}
)
"""Columns of open deliveries that decide nothing, or change only with another column."""

_PLAYED = tuple(column for column in deliveries.c if column.name not in _UNPLAYED)
"""Columns of open deliveries on which a play depends: approvals are bound to the whole content."""

NOT_IN_VERSION: Mapping[str, str] = {
    "events": "a play knows an event by its id alone; a change of it edits or ends its deliveries",
    "judged_settings": "the settings that a daemon saw last: a play begins like a daemon, and what "
    "a daemon judges anew wakes deliveries",
}
"""Names of the tables that a play copies and a version leaves out, each with the reason."""


class Basis(Value, frozen=True):
    """What the stored forecasts rest on: a version of queue, ledger and settings, and its time."""

    version: str
    played_at: datetime


class Forecasts:
    """Forecasts within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def basis(self) -> Basis | None:
        """Basis of the stored forecasts; None before the first play."""
        row = self._connection.execute(select(forecast_basis)).one_or_none()
        return None if row is None else Basis(row.version, row.played_at)

    def with_basis(self, wanted: Iterable[int]) -> tuple[Basis | None, dict[int, Forecast]]:
        """Basis and stored forecasts of these deliveries (ids), from one query for 500 of them."""
        ids = list(wanted)
        known = list(_WITH_BASIS.rows(self._connection, ids=ids[:IDS_PER_QUERY] or [0]))
        if not known:
            return None, {}
        found = {
            row.delivery_id: _forecast(row, row.at) for row in known if row.delivery_id is not None
        }
        return Basis(known[0].version, known[0].played_at), found | self.of(ids[IDS_PER_QUERY:])

    def of(self, wanted: Iterable[int]) -> dict[int, Forecast]:
        """Stored forecasts of these deliveries (ids)."""
        ids = list(wanted)
        found: dict[int, Forecast] = {}
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = forecasts.c.delivery_id.in_(ids[start : start + IDS_PER_QUERY])
            rows = self._connection.execute(select(forecasts).where(some))
            found |= {row.delivery_id: _forecast(row, row.at) for row in rows}
        return found

    @staticmethod
    def read(row: Any, at: datetime | None) -> Forecast | None:
        """Forecast of a table row, whose column `at` is given separately.

        None where the row has none.
        """
        return None if row.outcome is None else _forecast(row, at)

    def has_passed(self, before: datetime, *, certain: bool) -> bool:
        """Whether a time before that one stands here still; `certain`: of a certain forecast.

        What happens changes the version, so that the forecasts are renewed.
        """
        passed = or_(forecasts.c.at < before, forecasts.c.held_at < before)
        query = select(forecasts.c.delivery_id).where(passed)
        if certain:
            query = query.where(forecasts.c.hangs_on.is_(None))
        return self._connection.execute(query.limit(1)).first() is not None

    def store(self, new: Mapping[int, Forecast], basis: Basis) -> None:
        """Store the forecasts of a play, in place of all others.

        A daemon and a command may do so at once: the second waits for the first.
        """
        lock_out_writers(self._connection, forecast_basis)
        rows = {row.delivery_id: row for row in self._connection.execute(select(forecasts))}
        wanted = {key: _values(key, forecast) for key, forecast in new.items()}
        changed = [
            values
            for key, values in wanted.items()
            if key not in rows or dict(rows[key]._mapping) != values  # noqa: SLF001 (its public name)
        ]
        gone = [*(rows.keys() - wanted.keys()), *(row["delivery_id"] for row in changed)]
        for start in range(0, len(gone), IDS_PER_QUERY):
            some = forecasts.c.delivery_id.in_(gone[start : start + IDS_PER_QUERY])
            self._connection.execute(delete(forecasts).where(some))
        if changed:
            self._connection.execute(forecasts.insert(), changed)
        self._connection.execute(delete(forecast_basis))
        values = {"id": 1, "version": basis.version, "played_at": basis.played_at}
        self._connection.execute(forecast_basis.insert().values(values))

    def version(
        self, names: Iterable[str], until: datetime, ledger_since: datetime, settings: str
    ) -> str:
        """Version of everything that a play of these accounts until `until` rests on.

        `ledger_since` is the beginning of the ledger's longest window. `settings` is the version of
        the settings. Nothing is locked; the cost grows with the queue up to `until` alone.
        """
        digest = hashlib.sha256(settings.encode())
        parameters = {
            "names": sorted(names) or [""],
            "until": until,
            "organisation": ORGANISATION,
            "since": hour_of(ledger_since),
        }
        for query in _versioned():
            rows = as_stored(self._connection, query, parameters)
            digest.update(to_json(sorted(rows, key=_FIRST_TWO)).encode())
        return digest.hexdigest()[:32]


# -- version -----------------------------------------------------------------------------------


def _open(*columns: Any) -> CompoundSelect[Any]:
    """SQL: open deliveries of the accounts `names` up to `until`; one may be there twice."""
    names: BindParameter[Any] = bindparam("names", expanding=True)
    ways = are_open(lambda account: account.in_(names), bindparam("until", type_=UtcDateTime))
    return union_all(*(untyped(select(*columns).where(*each)) for each in ways))


def _partners_of_posts() -> Any:
    """SQL: partners of each post with what bears on a send: legal status, sign-off, and limits."""
    signing = (
        select(func.count())
        .where(
            partner_people.c.partner_id == partners.c.id,
            partner_people.c.ended_at.is_(None),
            cast(partner_people.c.roles, String).like(f'%"{PartnerRole.SIGN_OFF.value}"%'),
        )
        .scalar_subquery()
        .label("signing")
    )
    columns = (
        *(post_partners.c.post_id, partners.c.slug, partners.c.status, signing),
        *(partners.c.most_posts, partners.c.most_posts_days, partners.c.notice_hours),
    )
    open_posts = _open(deliveries.c.post_id).subquery()
    query = select(*columns).join_from(post_partners, partners)
    return untyped(query.where(post_partners.c.post_id.in_(select(open_posts.c[0]))))


def _signatures() -> Any:
    """SQL: signatures under each delivery, of people and of partners."""
    ids = _open(deliveries.c.id).subquery()
    columns = approvals.c.delivery_id, approvals.c.who, approvals.c.fingerprint
    return untyped(select(*columns).where(approvals.c.delivery_id.in_(select(ids.c[0]))))


def _agreements() -> Any:
    """SQL: permissions and consents of open deliveries, partners' blackouts, and tones of posts.

    The first two columns are different in each row.
    """
    ids = select(_open(deliveries.c.id).subquery().c[0])
    about = select(_open(deliveries.c.post_id).subquery().c[0])
    given = select(
        _numbered("permission", permissions.c.id),
        delivery_needs.c.delivery_id,
        cast(permissions.c.withdrawn_at, String).label("more"),
    ).join_from(
        delivery_needs,
        permissions,
        and_(
            permissions.c.partner_id == delivery_needs.c.partner_id,
            permissions.c.scope == delivery_needs.c.scope,
        ),
    )
    answers = select(
        _numbered("consent", photo_consents.c.id),
        delivery_photos.c.delivery_id,
        cast(photo_consents.c.withdrawn_at, String).label("more"),
    ).join_from(delivery_photos, photo_consents, photo_consents.c.hash == delivery_photos.c.hash)
    silences = select(
        _numbered("entry", partner_entries.c.id),
        post_partners.c.post_id,
        (partner_entries.c.day + partner_entries.c.last_day).label("more"),
    ).join_from(
        post_partners,
        partner_entries,
        and_(
            partner_entries.c.partner_id == post_partners.c.partner_id,
            partner_entries.c.kind == EntryKind.BLACKOUT,
        ),
    )
    tones = select(
        _numbered("tone", posts.c.id),
        posts.c.id.label("post_id"),
        cast(posts.c.tone, String).label("more"),
    )
    return union_all(
        untyped(tones.where(posts.c.tone.is_not(None), posts.c.id.in_(about))),
        untyped(given.where(delivery_needs.c.delivery_id.in_(ids))),
        untyped(answers.where(delivery_photos.c.delivery_id.in_(ids))),
        untyped(silences.where(post_partners.c.post_id.in_(about))),
    )


def _numbered(what: str, number: Any) -> Any:
    return (literal(what) + cast(number, String)).label("what")


def _totals() -> Any:
    """SQL: deleted deliveries, which no longer bar their texts, and the ledger's sums.

    A ledger row that is added has a new id; one that is taken back is missing from the sums.
    """
    deleted = select(func.sum(delivery_counts.c.count)).where(
        delivery_counts.c.state == State.DELETED
    )
    hours = (
        ledger_hours.c.account == bindparam("organisation"),
        ledger_hours.c.hour >= bindparam("since", type_=UtcDateTime),
    )
    sums = (
        select(func.sum(column)).where(*hours)
        for column in (ledger_hours.c.others, ledger_hours.c.self)
    )
    parts = (deleted, select(func.max(ledger.c.id)), *sums)
    return select(*(type_coerce(each.scalar_subquery(), NullType()) for each in parts))


_FIRST_TWO = itemgetter(slice(2))
"""Columns that give the rows of each versioned query an order."""


@cache
def _versioned() -> tuple[Any, ...]:
    """Queries of which one has other rows whenever queue or ledger has changed.

    Their values are not converted: a long queue is read for every page that shows forecasts. They
    are made on first use: a list reads forecasts, and compares no version.
    """
    return (
        _open(*_PLAYED),
        untyped(select(pauses)),
        untyped(select(accounts.c.name, accounts.c.fault, accounts.c.rests_until)),
        _partners_of_posts(),
        _signatures(),
        _agreements(),
        _totals(),
    )


_WITH_BASIS = CompiledSelect(
    lambda among: select(
        forecast_basis.c.version, forecast_basis.c.played_at, *forecasts.c
    ).select_from(forecast_basis.outerjoin(forecasts, among(forecasts.c.delivery_id, "ids"))),
    "ids",
)


def _values(key: int, forecast: Forecast) -> dict[str, Any]:
    doubt = forecast.uncertainty
    return {
        "delivery_id": key,
        "outcome": forecast.outcome.value,
        "at": forecast.at,
        "reason": None if forecast.reason is None else reason_text(forecast.reason),
        "held_at": forecast.held_at,
        "hangs_on": None if doubt is None else doubt.on.value,
        "other_delivery": None if doubt is None else doubt.delivery,
        "other_account": None if doubt is None else doubt.account,
    }


def _forecast(row: Row[Any], at: datetime | None) -> Forecast:
    outcome = Outcome(row.outcome)
    reason = None if row.reason is None else reason_of(row.reason)
    doubt = None
    if row.hangs_on is not None:
        doubt = Uncertainty(HangsOn(row.hangs_on), row.other_delivery, row.other_account)
    return Forecast(outcome, at, reason, row.held_at, doubt)
