"""What is held of a person: exported, and erased."""

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import normalize
from zoneinfo import ZoneInfo

from crosspromo.domain.approval import name_key
from crosspromo.domain.clock import Clock
from crosspromo.domain.erasure import Traces
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.people import Role, clean_name
from crosspromo.domain.reasons.people import LastAdmin, NothingHeld, StillToBeSaid
from crosspromo.domain.requests import given_name
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.kept_away import KeptAway
from crosspromo.services.permissions import network_of
from crosspromo.services.withdrawals import withdraw_consent

if TYPE_CHECKING:
    from crosspromo.store.personal_traces import Trace
    from crosspromo.store.unit import Store, Unit

DIGITS = 8
"""Hex digits of a pseudonym."""

CONSENT_ENDS = "the person was erased"
"""Why a consent on an image was withdrawn, of somebody of whom nothing is to be held."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased, or would be: the pseudonym, and the number of rows by table.

    `drafts` (ids) waited, show the person on an image, and are drafts now.
    """

    pseudonym: str
    rows: Mapping[str, int]
    drafts: tuple[int, ...] = ()


@dataclass(frozen=True)
class PersonalData:
    """What is held of people, on behalf of a person (`actor`).

    `key` reads the key of the workspace. The pseudonym is made with it, so that one person has one,
    and that nobody without the key can tell whose it is. `zone` is the organisation's.
    """

    store: "Store"
    clock: Clock
    key: Callable[[], bytes]
    kept_away: KeptAway
    zone: ZoneInfo
    rules: Mapping[str, AccountRules]
    actor: str

    def __post_init__(self) -> None:
        given_name(self.actor)

    def export(self, name: str) -> "Sequence[Trace]":
        """Every row that names the person; PeopleError where there is none."""
        with self.store.read() as unit:
            found = list(unit.personal_traces.found(self._traces(unit, name)))
        if not found:
            raise PeopleError(NothingHeld(clean_name(name)))
        return found

    def erase(self, name: str, *, keep_away: bool = False, dry_run: bool = False) -> Erased:
        """Erase a person everywhere but in texts that were published; audited by pseudonym.

        What they agreed to on images is withdrawn: posts that wait and show them become drafts.
        `keep_away`: the person is refused from then on. PeopleError where nothing is held, for the
        only admin, and while something that waits to be published names the person.
        """
        now = self.clock.now()
        with self.store.write() as unit:
            traces = self._traces(unit, name)
            unit.people.lock()
            ours = unit.people.find(traces.name)
            if ours is not None and ours.role is Role.ADMIN and unit.people.admins() == 1:
                raise PeopleError(LastAdmin(ours.name))
            waiting = unit.personal_traces.in_the_way(traces, now)
            if waiting:
                raise PeopleError(StillToBeSaid(traces.name, tuple(waiting)))
            actor = traces.without(self.actor)
            drafts = self._withdrawn(unit, traces, actor, now)
            rows = unit.personal_traces.erase(traces)
            if not any(rows.values()) and not keep_away:
                raise PeopleError(NothingHeld(traces.name))
            if keep_away:
                self.kept_away.add(unit, [traces.name, *traces.details], now)
            unit.audit.add(now, actor, "erase person", traces.pseudonym, None)
            if dry_run:
                unit.roll_back()
        changed = {table: count for table, count in rows.items() if count}
        return Erased(traces.pseudonym, changed, drafts)

    def _withdrawn(
        self, unit: "Unit", traces: Traces, actor: str, now: datetime
    ) -> tuple[int, ...]:
        """Withdraw what the person agreed to on images; a no stays, under the pseudonym."""
        drafts: set[int] = set()
        for consent in unit.photo_consents.all():
            if consent.stands and consent.consent and traces.is_name(consent.person):
                done = withdraw_consent(
                    unit,
                    consent,
                    now=now,
                    today=now.astimezone(self.zone).date(),
                    who=actor,
                    why=CONSENT_ENDS,
                    network_of=lambda delivery: network_of(delivery, self.rules),
                )
                drafts.update(done.drafts)
        return tuple(sorted(drafts))

    def _traces(self, unit: "Unit", name: str) -> Traces:
        name = clean_name(name)
        words = name_key(normalize("NFC", name)).encode("utf-8", "surrogatepass")
        digest = hmac.new(self.key(), b"pseudonym:" + words, hashlib.sha256).hexdigest()
        traces = Traces(name, f"person {digest[:DIGITS]}")
        return replace(
            traces,
            details=unit.personal_traces.details(traces),
            slugs=frozenset(unit.personal_traces.individuals(traces)),
        )
