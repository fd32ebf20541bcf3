"""Consents of the people on an image: who they are, whether they agreed, where, and until when.

An image without any record is allowed: nothing is known of it. An image with records may go where
each person on it agreed.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from crosspromo.domain.values import Value


class PhotoConsent(Value, frozen=True):
    """Answer of a person on the image with this hash (SHA-256 of its file).

    `image` is the name of the file, for people. `given_by` is who answered: for a minor the
    guardian. `networks` are those for which it holds; empty: all. `until` is the last local day,
    None: without end. Times are aware, in UTC; `withdrawn_at` None: the answer stands.
    """

    number: int
    hash: str
    image: str
    person: str
    minor: bool
    consent: bool
    networks: tuple[str, ...]
    given_by: str
    until: date | None
    evidence: str
    recorded_at: datetime
    recorded_by: str
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_why: str | None = None

    @property
    def stands(self) -> bool:
        """Whether nobody has withdrawn it."""
        return self.withdrawn_at is None

    @property
    def lacks_guardian(self) -> bool:
        """Whether it is the yes of a minor that no other person has given."""
        return self.minor and _key(self.given_by) in {"", _key(self.person)}

    def covers(self, network: str, day: date) -> bool:
        """Whether the person agrees to the network on this local day."""
        here = not self.networks or network in self.networks
        ended = self.until is not None and day > self.until
        return self.stands and self.consent and here and not ended and not self.lacks_guardian


class WhyNot(StrEnum):
    """Reason why an image may not go where it is to go."""

    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    OTHER_NETWORK = "other-network"
    NO_GUARDIAN = "no-guardian"


class PhotoLack(NamedTuple):
    """Consent of a person that an image needs on a network and that is not there.

    `day` is the last day of one that has ended, or the day of its withdrawal; else None.
    """

    image: str
    person: str
    network: str
    why: WhyNot
    day: date | None = None


def photos_lacking(
    records: Iterable[PhotoConsent], network: str, day: date
) -> tuple[PhotoLack, ...]:
    """Consents that are not there, by these records of the images of one delivery.

    Of each person on an image the last answer counts; a no that was withdrawn is none.
    """
    return tuple(_lacks(records, network, day))


def _lacks(records: Iterable[PhotoConsent], network: str, day: date) -> Iterator[PhotoLack]:
    latest: dict[tuple[str, str], PhotoConsent] = {}
    answers = (each for each in records if each.consent or each.stands)
    for each in sorted(answers, key=lambda record: record.number):
        latest[each.hash, _key(each.person)] = each
    for record in latest.values():
        if not record.covers(network, day):
            why, when = _why(record, network)
            yield PhotoLack(record.image, record.person, network, why, when)


def _why(record: PhotoConsent, network: str) -> tuple[WhyNot, date | None]:
    if record.withdrawn_at is not None:
        return WhyNot.WITHDRAWN, record.withdrawn_at.date()
    if not record.consent:
        return WhyNot.REFUSED, None
    if record.lacks_guardian:
        return WhyNot.NO_GUARDIAN, None
    if record.networks and network not in record.networks:
        return WhyNot.OTHER_NETWORK, None
    return WhyNot.EXPIRED, record.until


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
