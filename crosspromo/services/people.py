"""People: who may sign in to the console, with which role, and by which one-time links."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import (
    LinkPurpose,
    OneTimeLink,
    Person,
    Role,
    clean_name,
    name_fault,
)
from crosspromo.domain.reasons.people import BadPersonName, LastAdmin, MailTaken, PersonExists
from crosspromo.domain.requests import given_name
from crosspromo.mail.server import MailAddress
from crosspromo.services.tokens import new_token, token_hash
from crosspromo.store.sessions import Session, StoredLink

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

INVITATION_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(days=1)


@dataclass(frozen=True)
class PeopleService:
    """People, on behalf of a person named `actor`; each act is written to the audit log.

    `mail` sends a link to its person, and answers whether it could: there may be no mail server.
    """

    store: "Store"
    clock: Clock
    actor: str
    mail: Callable[[OneTimeLink], bool]

    def __post_init__(self) -> None:
        given_name(self.actor)

    def all(self) -> Sequence[Person]:
        """Everybody, by name."""
        with self.store.read() as unit:
            return unit.people.all(self.clock.now())

    def any(self) -> bool:
        """Whether there is anybody who may sign in, or is invited."""
        with self.store.read() as unit:
            return unit.people.any()

    def add(self, name: str, role: Role, mail: str | None = None) -> OneTimeLink:
        """Invite a person; the link is theirs, and works once.

        PeopleError for a name that is unfit or taken, and for an address of somebody else.
        UsageError for a text that is no mail address.
        """
        name = clean_name(name)
        fault = name_fault(name)
        if fault is not None:
            raise PeopleError(BadPersonName(name, fault))
        address = None if mail is None else MailAddress.parse(mail).spec.lower()
        with self.store.write() as unit:
            unit.people.lock()
            if unit.people.is_taken(name):
                raise PeopleError(PersonExists(name))
            if address is not None and unit.people.find(address) is not None:
                raise PeopleError(MailTaken(address))
            unit.people.add(name, address, role, self.clock.now())
            person = unit.people.get(name)
            self._note(unit, "add person", person, role.value)
            return self._link(unit, person, LinkPurpose.INVITATION)

    def set_role(self, name: str, role: Role) -> Person:
        """Give a person another role; PeopleError for the only admin."""
        with self.store.write() as unit:
            person = self._changed(unit, name, still_admin=role is Role.ADMIN)
            unit.people.set_role(person.id, role)
            self._note(unit, "set role", person, role.value)
            return unit.people.get(person.name)

    def reset(self, name: str) -> OneTimeLink:
        """Take password, second step and sessions from a person; the link lets them in anew."""
        with self.store.write() as unit:
            person = unit.people.get(name)
            unit.people.forget_secrets(person.id)
            unit.sessions.end_all(person.id)
            self._note(unit, "reset person", person)
            return self._link(unit, person, LinkPurpose.RESET)

    def remove(self, name: str) -> Person:
        """Remove a person, whose sessions end; PeopleError for the only admin.

        The name stays taken: it stands in approvals and in the audit log.
        """
        with self.store.write() as unit:
            person = self._changed(unit, name, still_admin=False)
            unit.sessions.end_all(person.id)
            unit.one_time_links.forget(person.id)
            unit.people.remove(person.id, self.clock.now())
            self._note(unit, "remove person", person)
            return person

    def end_sessions(self, name: str) -> int:
        """End all sessions of a person; returns how many there were."""
        with self.store.write() as unit:
            person = unit.people.get(name)
            ended = unit.sessions.end_all(person.id)
            self._note(unit, "end sessions", person)
            return ended

    def sessions(self, name: str) -> Sequence[Session]:
        """Sessions of a person, the newest first."""
        with self.store.read() as unit:
            return unit.sessions.of(unit.people.get(name).id, self.clock.now())

    def send(self, link: OneTimeLink) -> bool:
        """Mail a link to its person; False where there is no address, or no mail server.

        CrosspromoError where the mail server does not take it; the link works all the same.
        """
        return link.person.mail is not None and self.mail(link)

    def _changed(self, unit: "Unit", name: str, *, still_admin: bool) -> Person:
        """Person who is to be changed; PeopleError where nobody would be an admin then."""
        unit.people.lock()
        person = unit.people.get(name)
        if person.role is Role.ADMIN and not still_admin and unit.people.admins() == 1:
            raise PeopleError(LastAdmin(person.name))
        return person

    def _link(self, unit: "Unit", person: Person, purpose: LinkPurpose) -> OneTimeLink:
        now = self.clock.now()
        lasts = INVITATION_LASTS if purpose is LinkPurpose.INVITATION else RESET_LASTS
        link = OneTimeLink(person, purpose, new_token(), now + lasts)
        stored = StoredLink(person.id, purpose, link.ends_at)
        unit.one_time_links.add(token_hash(link.token), stored, now, self.actor)
        return link

    def _note(self, unit: "Unit", act: str, person: Person, reason: str | None = None) -> None:
        unit.audit.add(self.clock.now(), self.actor, act, person.name, reason)
