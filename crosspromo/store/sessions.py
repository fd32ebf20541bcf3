"""Sessions and one-time links of people in the store, each under the hash of its token."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from crosspromo.domain.people import LinkPurpose, Person
from crosspromo.store.people import WHOLE, person_of_row
from crosspromo.store.schema import one_time_links, people, sessions
from crosspromo.store.sql.statements import CompiledSelect


@dataclass(frozen=True, slots=True)
class Session:
    """Session of a person in a browser. `token` is the hash of the token in the cookie."""

    token: str
    person: int
    began_at: datetime
    ends_at: datetime
    browser: str
    address: str


class Sessions:
    """Sessions of people. Those that have ended are found by no method."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, session: Session) -> None:
        """Store a new session, and delete all that have ended."""
        self._connection.execute(delete(sessions).where(sessions.c.ends_at <= session.began_at))
        self._connection.execute(
            sessions.insert().values(
                token=session.token,
                person_id=session.person,
                began_at=session.began_at,
                ends_at=session.ends_at,
                browser=session.browser,
                address=session.address,
            )
        )

    def person_of(self, token: str, now: datetime) -> Person | None:
        """Person whose session has this hash; None for an unknown or ended session."""
        found = _PERSON_OF.rows(self._connection, token=token, now=now)
        return person_of_row(found[0]) if found else None

    def of(self, person: int, now: datetime) -> Sequence[Session]:
        """Sessions of the person, the newest first."""
        query = (
            select(sessions)
            .where(sessions.c.person_id == person, sessions.c.ends_at > now)
            .order_by(sessions.c.began_at.desc())
        )
        return [
            Session(row.token, row.person_id, row.began_at, row.ends_at, row.browser, row.address)
            for row in self._connection.execute(query)
        ]

    def end(self, token: str) -> None:
        """End the session of this hash."""
        self._connection.execute(delete(sessions).where(sessions.c.token == token))

    def end_all(self, person: int, but: str | None = None) -> int:
        """End all sessions of the person except the one with the hash `but`; returns how many."""
        ended = delete(sessions).where(sessions.c.person_id == person)
        if but is not None:
            ended = ended.where(sessions.c.token != but)
        return self._connection.execute(ended).rowcount


@dataclass(frozen=True, slots=True)
class StoredLink:
    """One-time link, without its token."""

    person: int
    purpose: LinkPurpose
    ends_at: datetime


class OneTimeLinks:
    """One-time links: a link that was used, or has ended, is deleted."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, token: str, link: StoredLink, now: datetime, made_by: str) -> None:
        """Store a link under the hash of its token, in place of all others of the person."""
        self.forget(link.person)
        self._connection.execute(delete(one_time_links).where(one_time_links.c.ends_at <= now))
        self._connection.execute(
            one_time_links.insert().values(
                token=token,
                person_id=link.person,
                purpose=link.purpose,
                made_at=now,
                ends_at=link.ends_at,
                made_by=made_by,
            )
        )

    def find(self, token: str, now: datetime) -> StoredLink | None:
        """Link of this hash; None for one that was used, has ended, or never was."""
        query = (
            select(one_time_links)
            .join(people)
            .where(one_time_links.c.token == token, one_time_links.c.ends_at > now)
            .where(people.c.removed_at.is_(None))
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return StoredLink(row.person_id, LinkPurpose(row.purpose), row.ends_at)

    def use(self, token: str) -> bool:
        """Delete the link of this hash; False where somebody has used it meanwhile."""
        done = self._connection.execute(
            delete(one_time_links).where(one_time_links.c.token == token)
        )
        return done.rowcount > 0

    def forget(self, person: int) -> None:
        """Delete all links of the person."""
        self._connection.execute(delete(one_time_links).where(one_time_links.c.person_id == person))


_PERSON_OF = CompiledSelect(
    lambda _: WHOLE.join_from(people, sessions, sessions.c.person_id == people.c.id).where(
        sessions.c.token == bindparam("token"), sessions.c.ends_at > bindparam("now")
    )
)
"""Asked with every request."""
