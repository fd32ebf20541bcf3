"""People in the store: who may sign in, with role, password hash and second step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select, update

from crosspromo.domain.approval import name_key
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import Person, Role
from crosspromo.domain.reasons.people import NoSuchPerson
from crosspromo.store.schema import people, sessions


@dataclass(frozen=True, slots=True)
class Secrets:
    """Secrets of a person: password hash, encrypted second step, and time step of the last code."""

    password: str | None
    second_step: str | None
    last_code: int | None


NO_SECRETS: Mapping[str, None] = MappingProxyType(
    {"password": None, "second_step": None, "last_code": None}
)


class People:
    """People. A removed person is found by no method, and the name stays taken."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, name: str, mail: str | None, role: Role, now: datetime) -> int:
        """Add a person without a password; returns the id."""
        row = self._connection.execute(
            people.insert()
            .values(key=name_key(name), name=name, mail=mail, role=role, added_at=now)
            .returning(people.c.id)
        )
        return int(row.scalar_one())

    def is_taken(self, name: str) -> bool:
        """Whether a person has this name, or had it before they were removed."""
        query = select(people.c.id).where(people.c.key == name_key(name))
        return self._connection.execute(query).first() is not None

    def all(self, now: datetime) -> Sequence[Person]:
        """Everybody by name, with the number of sessions that have not ended at `now`."""
        alive = (
            select(sessions.c.person_id, func.count().label("sessions"))
            .where(sessions.c.ends_at > now)
            .group_by(sessions.c.person_id)
            .subquery()
        )
        query = (
            WHOLE.add_columns(func.coalesce(alive.c.sessions, 0).label("sessions"))
            .join_from(people, alive, alive.c.person_id == people.c.id, isouter=True)
            .order_by(people.c.key)
        )
        return [person_of_row(row, row.sessions) for row in self._connection.execute(query)]

    def get(self, name: str) -> Person:
        """Person of this name; PeopleError for an unknown name."""
        found = self.find(name)
        if found is None:
            known = select(people.c.name).where(_IS_THERE).order_by(people.c.key)
            raise PeopleError(
                NoSuchPerson(name, tuple(self._connection.execute(known).scalars().all()))
            )
        return found

    def find(self, name: str) -> Person | None:
        """Person of this name or mail address; None for an unknown one."""
        wanted = (people.c.key == name_key(name)) | (people.c.mail == name.strip().lower())
        row = self._connection.execute(WHOLE.where(wanted).order_by(people.c.id)).first()
        return None if row is None else person_of_row(row)

    def by_id(self, person: int) -> Person | None:
        """Person of this id."""
        row = self._connection.execute(WHOLE.where(people.c.id == person)).first()
        return None if row is None else person_of_row(row)

    def lock(self) -> None:
        """Let no other transaction change people before this one ends."""
        if self._connection.dialect.name != "sqlite":  # a writer there is alone
            self._connection.exec_driver_sql("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE")

    def admins(self) -> int:
        """Number of admins."""
        query = select(func.count()).where(people.c.role == Role.ADMIN, _IS_THERE)
        return self._connection.execute(query).scalar_one()

    def any(self) -> bool:
        """Whether there is any person."""
        return self._connection.execute(select(people.c.id).where(_IS_THERE)).first() is not None

    def secrets(self, person: int) -> Secrets:
        """Secrets of the person."""
        columns = (people.c.password, people.c.second_step, people.c.last_code)
        row = self._connection.execute(select(*columns).where(people.c.id == person)).one()
        return Secrets(row.password, row.second_step, row.last_code)

    def set_role(self, person: int, role: Role) -> None:
        """Give the person another role."""
        self._set(person, role=role)

    def set_password(self, person: int, hashed: str) -> None:
        """Store the hash of a password."""
        self._set(person, password=hashed)

    def set_second_step(self, person: int, encrypted: str | None) -> None:
        """Store the encrypted secret of the second step; None: no second step."""
        self._set(person, second_step=encrypted, last_code=None)

    def use_code(self, person: int, step: int) -> bool:
        """Record the time step of a code; False where it, or a later one, was used before."""
        done = self._connection.execute(
            update(people)
            .where(people.c.id == person)
            .where(people.c.last_code.is_(None) | (people.c.last_code < step))
            .values(last_code=step)
        )
        return done.rowcount > 0

    def forget_secrets(self, person: int) -> None:
        """Forget password and second step: the person needs a new link."""
        self._set(person, **NO_SECRETS)

    def remove(self, person: int, now: datetime) -> None:
        """Remove the person; the name stays taken, the mail address does not."""
        self._set(person, removed_at=now, mail=None, **NO_SECRETS)

    def _set(self, person: int, **values: Any) -> None:
        self._connection.execute(update(people).where(people.c.id == person).values(**values))


_IS_THERE = people.c.removed_at.is_(None)

WHOLE: Select[Any] = select(
    people.c.id,
    people.c.name,
    people.c.mail,
    people.c.role,
    people.c.added_at,
    people.c.password.is_not(None).label("has_password"),
    people.c.second_step.is_not(None).label("has_second_step"),
).where(_IS_THERE)
"""SQL: everybody who may sign in, without secrets."""


def person_of_row(row: Row[Any], count: int = 0) -> Person:
    """Person from a row of WHOLE, with the number of sessions."""
    return Person(
        id=row.id,
        name=row.name,
        role=Role(row.role),
        added_at=row.added_at,
        mail=row.mail,
        has_password=bool(row.has_password),
        has_second_step=bool(row.has_second_step),
        sessions=count,
    )
