"""Sign-in: passwords, one-time links and second steps become sessions.

A session is a random token in a cookie; the database has its hash. It ends SESSION_LASTS after its
beginning, or when anybody who may ends it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from crosspromo.domain.clock import Clock
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.people import OneTimeLink, Person
from crosspromo.domain.reasons.people import LinkIsOver, TooManyTries, WrongCode, WrongSignIn
from crosspromo.services import passwords
from crosspromo.services.second_steps import SecondSteps
from crosspromo.services.tokens import new_token, token_hash
from crosspromo.services.tries import Tries
from crosspromo.store.sessions import Session

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

SESSION_LASTS = timedelta(days=14)

LONGEST_BROWSER = 200
"""Characters of a browser's name that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person signs in: address of the client, and name of the browser, both hostile."""

    address: str
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Person who is signed in, and the token of the session, for the cookie."""

    person: Person
    token: str


@dataclass(frozen=True)
class SignIn:
    """Sign-in of people. `tries` are those of this process."""

    store: "Store"
    clock: Clock
    second_steps: SecondSteps
    tries: Tries

    def sign_in(self, name: str, password: str, code: str, place: Place) -> SignedIn:
        """Begin a session by name (or mail address) and password, and a code if the person has a
        second step.

        PeopleError: WrongSignIn, WrongCode or TooManyTries.
        """
        now = self.clock.now()
        again_at = self.tries.again_at(name, place.address, now)
        if again_at is not None:
            raise PeopleError(TooManyTries(again_at))
        with self.store.read() as unit:
            person = unit.people.find(name)
            secrets = None if person is None else unit.people.secrets(person.id)
        stored = None if secrets is None else secrets.password
        if not passwords.matches(password, stored) or person is None or secrets is None:
            self.tries.failed(name, place.address, now)
            raise PeopleError(WrongSignIn())
        step = None
        if secrets.second_step is not None:
            secret = self.second_steps.decrypt(secrets.second_step)
            step = None if secret is None else self.second_steps.step_of(code, secret, now)
            if step is None:
                self._wrong_code(name, place)
        with self.store.write() as unit:
            known = unit.people.by_id(person.id)
            if known is None or unit.people.secrets(person.id).password != stored:
                raise PeopleError(WrongSignIn())  # removed or reset meanwhile
            if step is None or unit.people.use_code(person.id, step):
                signed_in = self._begin(unit, known, place)
                self.tries.succeeded(name)
                return signed_in
        return self._wrong_code(name, place)

    def _wrong_code(self, name: str, place: Place) -> SignedIn:
        self.tries.failed(name, place.address, self.clock.now())
        raise PeopleError(WrongCode())

    def person_of(self, token: str) -> Person | None:
        """Person whose session has this token; None for an unknown or ended session."""
        with self.store.read() as unit:
            return unit.sessions.person_of(token_hash(token), self.clock.now())

    def person_named(self, name: str) -> Person | None:
        """Person whom a reverse proxy has signed in, by name or mail address."""
        with self.store.read() as unit:
            return unit.people.find(name)

    def sign_out(self, token: str) -> None:
        """End the session of this token."""
        with self.store.write() as unit:
            unit.sessions.end(token_hash(token))

    def link(self, token: str) -> OneTimeLink:
        """One-time link of this token, unused; PeopleError (LinkIsOver) for all others."""
        with self.store.read() as unit:
            return self._link(unit, token)

    def accept(self, token: str, password: str, place: Place) -> SignedIn:
        """Use a one-time link: give its person a password, and begin a session.

        All earlier sessions of the person end. PeopleError for an unfit password, and for a link
        that is over; the link stays unused then.
        """
        link = self.link(token)
        passwords.check_new(password, link.person)
        hashed = passwords.hashed(password)
        with self.store.write() as unit:
            person = self._link(unit, token).person
            if not unit.one_time_links.use(token_hash(token)):
                raise PeopleError(LinkIsOver())
            unit.people.set_password(person.id, hashed)
            unit.sessions.end_all(person.id)
            now = self.clock.now()
            unit.audit.add(now, person.name, f"use {link.purpose} link", person.name, None)
            return self._begin(unit, replace(person, has_password=True), place)

    def sessions(self, person: Person) -> Sequence[Session]:
        """Sessions of the person, the newest first."""
        with self.store.read() as unit:
            return unit.sessions.of(person.id, self.clock.now())

    def end_other_sessions(self, person: Person, token: str) -> int:
        """End all sessions of the person but that of this token; returns how many."""
        with self.store.write() as unit:
            return unit.sessions.end_all(person.id, but=token_hash(token))

    def change_password(self, person: Person, old: str, new: str, token: str) -> None:
        """Give the person another password; all other sessions end.

        PeopleError for a wrong old password, and for an unfit new one.
        """
        with self.store.read() as unit:
            stored = unit.people.secrets(person.id).password
        if not passwords.matches(old, stored):
            raise PeopleError(WrongSignIn())
        passwords.check_new(new, person)
        hashed = passwords.hashed(new)
        with self.store.write() as unit:
            unit.people.set_password(person.id, hashed)
            unit.sessions.end_all(person.id, but=token_hash(token))
            unit.audit.add(self.clock.now(), person.name, "change password", person.name, None)

    def set_second_step(self, person: Person, secret: str, code: str) -> None:
        """Ask for a code from now on; PeopleError for a code that is not of this secret."""
        step = self.second_steps.step_of(code, secret, self.clock.now())
        if step is None:
            raise PeopleError(WrongCode())
        encrypted = self.second_steps.encrypt(secret)
        with self.store.write() as unit:
            unit.people.set_second_step(person.id, encrypted)
            unit.people.use_code(person.id, step)
            unit.audit.add(self.clock.now(), person.name, "set second step", person.name, None)

    def _link(self, unit: "Unit", token: str) -> OneTimeLink:
        stored = unit.one_time_links.find(token_hash(token), self.clock.now())
        person = None if stored is None else unit.people.by_id(stored.person)
        if stored is None or person is None:
            raise PeopleError(LinkIsOver())
        return OneTimeLink(person, stored.purpose, token, stored.ends_at)

    def _begin(self, unit: "Unit", person: Person, place: Place) -> SignedIn:
        token, now = new_token(), self.clock.now()
        unit.sessions.begin(
            Session(
                token=token_hash(token),
                person=person.id,
                began_at=now,
                ends_at=now + SESSION_LASTS,
                browser=without_invisible(place.browser)[:LONGEST_BROWSER],
                address=place.address,
            )
        )
        return SignedIn(person, token)
