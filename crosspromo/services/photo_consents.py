"""Consents of people on images: recording, listing and withdrawing them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import InputError, QueueingError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.photos import PhotoConsent
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NameMissing
from crosspromo.domain.reasons.permissions import EvidenceMissing, WithdrawnAlready
from crosspromo.domain.reasons.queueing import ImageUnusable
from crosspromo.domain.requests import given_name, given_reason
from crosspromo.publishing.compose import UnusableImageError
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.permissions import known_networks, network_of
from crosspromo.services.withdrawals import Consequences, follow_refusal, withdraw_consent

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit


@dataclass(frozen=True, slots=True)
class NewPhotoConsent:
    """Answer of a person on an image (a path) as somebody records it.

    `given_by` is who answered: for a minor the guardian. `networks` empty: for all. `until` is the
    last local day, None: without end.
    """

    image: str
    person: str
    consent: bool
    given_by: str
    evidence: str
    minor: bool = False
    networks: tuple[str, ...] = ()
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """Recorded or withdrawn answer, and what became of the deliveries that show the image."""

    consent: PhotoConsent
    consequences: Consequences


@dataclass(frozen=True)
class PhotoConsentService:
    """Consents on images, kept by a person (`actor`).

    `source` gives the hash of an image by its path. `zone` is the organisation's.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    rules: Mapping[str, AccountRules]
    source: Callable[[str], str]
    actor: str

    def all(self) -> Sequence[PhotoConsent]:
        """Every answer, withdrawn ones too, by image and person."""
        with self.store.read() as unit:
            return unit.photo_consents.all()

    def add(self, new: NewPhotoConsent) -> Answered:
        """Record an answer, which takes the place of earlier ones of the person on the image.

        Where it does not allow what is queued, that becomes drafts, as by a withdrawal. InputError
        for missing words and unknown networks; QueueingError for a file that is no image.
        """
        given_name(self.actor)
        person, given_by, evidence = map(_words, (new.person, new.given_by, new.evidence))
        if not person:
            raise InputError(NameMissing("person on the image"))
        if not given_by:
            raise InputError(NameMissing("person who answered"))
        if not evidence:
            raise InputError(EvidenceMissing())
        now = self.clock.now()
        consent = PhotoConsent(
            number=0,
            hash=self._hash(new.image),
            image=PurePath(new.image).name,
            person=person,
            minor=new.minor,
            consent=new.consent,
            networks=known_networks(new.networks, self.rules),
            given_by=given_by,
            until=new.until,
            evidence=evidence,
            recorded_at=now,
            recorded_by=self.actor,
        )
        with self.store.write() as unit:
            number = unit.photo_consents.add(consent)
            kept = replace(consent, number=number)
            subject, answer = f"photo consent {number}", "yes" if new.consent else "no"
            what = f"{consent.image}, {answer}"
            unit.audit.add(now, self.actor, "record photo consent", subject, what)
            why = f"the answer is {answer}: {evidence}"
            consequences = self._follow(follow_refusal, unit, kept, why)
            unit.photo_consents.judge_anew(kept.hash, now)
            return Answered(kept, consequences)

    def withdraw(self, number: int, reason: str) -> Answered:
        """Withdraw an answer, ordered against the send; what is queued by it becomes drafts.

        NotFoundError for an unknown number; InputError for a blank reason, and for an answer that
        was withdrawn already.
        """
        given_name(self.actor)
        why = given_reason(without_invisible(reason), Act.WITHDRAW)
        now = self.clock.now()
        with self.store.write() as unit:
            consent = unit.photo_consents.get(number)
            if consent.withdrawn_at is not None:
                raise InputError(WithdrawnAlready(number, consent.withdrawn_at))
            consequences = self._follow(withdraw_consent, unit, consent, why)
            if not consent.consent:
                unit.photo_consents.judge_anew(consent.hash, now)
            return Answered(unit.photo_consents.get(number), consequences)

    def _follow(
        self, act: Callable[..., Consequences], unit: "Unit", consent: PhotoConsent, why: str
    ) -> Consequences:
        now = self.clock.now()
        return act(
            unit,
            consent,
            now=now,
            today=now.astimezone(self.zone).date(),
            who=self.actor,
            why=why,
            network_of=self._network_of,
        )

    def _hash(self, image: str) -> str:
        try:
            return self.source(image)
        except UnusableImageError as error:
            raise QueueingError(ImageUnusable("", str(error))) from None

    def _network_of(self, delivery: Delivery) -> str:
        return network_of(delivery, self.rules)


def _words(text: str) -> str:
    return without_invisible(text).strip()
