"""Choice of several partners: by slug, by topic, or by a list with one slug a line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.errors import InputError, NotFoundError
from crosspromo.domain.naming import slugify
from crosspromo.domain.reasons.inputs import NoPartnerChosen
from crosspromo.domain.reasons.not_found import NoSuchTopic

if TYPE_CHECKING:
    from crosspromo.domain.partners import Partner
    from crosspromo.store.unit import Store

COMMENT = "#"
"""Beginning of a comment in a list of slugs."""


@dataclass(frozen=True)
class PartnerChoice:
    """Chooses partners of a workspace."""

    store: "Store"

    def chosen(
        self, slugs: Sequence[str], *, topics: Sequence[str] = (), lines: Iterable[str] = ()
    ) -> Sequence[str]:
        """Slugs of partners, without repetition: those named, those of a list, those with a topic.

        The former slug of a partner who was merged stays as it was typed.
        Empty lines of a list, and what follows a # there, are left out, and of a topic archived
        partners. Capitals, spaces and hyphens in topics do not matter. NotFoundError for an unknown
        slug or topic; InputError where no partner is chosen.
        """
        listed = [line.partition(COMMENT)[0].strip() for line in lines]
        with self.store.read() as unit:
            typed = (*slugs, *filter(None, listed))
            named = [(unit.partners.get(slug).slug, slug) for slug in typed]
            known = unit.partners.all() if topics else ()
        for topic in topics:
            having = [
                (partner.slug, partner.slug)
                for partner in known
                if partner.archived_at is None and _has(partner, topic)
            ]
            if not having:
                raise NotFoundError(NoSuchTopic(topic))
            named += having
        if not named:
            raise InputError(NoPartnerChosen())
        chosen: dict[str, str] = {}
        for slug, word in named:
            chosen.setdefault(slug, word)
        return list(chosen.values())


def _has(partner: "Partner", topic: str) -> bool:
    return _key(topic) in map(_key, partner.topics)


def _key(topic: str) -> str:
    return slugify(topic).replace("-", "") or topic.strip().casefold()
