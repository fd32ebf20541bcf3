"""Posts that wait and still say what a partner was before a change.

A post is written when it is queued (0010): a change of its partner leaves it as it is, and the
person who changes the partner is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.partner_rows import FieldChange, PartnerChange

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.partners import Partner
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class OutdatedPost:
    """Draft or queued delivery (id) that says old values of the partner's `fields`."""

    delivery: int
    partner: str
    fields: tuple[str, ...]


def outdated_posts(
    unit: "Unit", changes: Iterable[PartnerChange], before: "Mapping[str, Partner]"
) -> Sequence[OutdatedPost]:
    """Deliveries that wait and say what these changes replace, by id.

    `before` has the partners as they were, by slug. A field that was empty before is in no post.
    """
    old = {}
    for change in changes:
        words = {} if change.is_new else dict(_old_words(change.fields, before[change.partner]))
        if words:
            old[change.partner] = words
    found = []
    for delivery in unit.deliveries.waiting_about(old) if old else ():
        said = _said(delivery)
        for partner in delivery.partners:
            fields = [f for f, words in old.get(partner, {}).items() if words.search(said)]
            if fields:
                found.append(OutdatedPost(delivery.id, partner, tuple(fields)))
    return found


def _old_words(
    fields: Iterable[FieldChange], before: "Partner"
) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Words by field that a post of before may have and that are right no more."""
    for field, old, new in fields:
        if not old:
            continue
        network = field.removeprefix("handles.")
        if field == "website":
            yield field, _words(str(old).partition("://")[2].rstrip("/"))
        elif field in {"name", "why"}:
            yield field, _words(str(old))
        elif network != field:
            yield field, _words(f"@{old}")
        elif field == "tag_ok" and not new and before.handles:
            yield field, _words(*(f"@{handle}" for handle in before.handles.values()))


def _words(*phrases: str) -> re.Pattern[str]:
    """Any of the phrases, as whole words."""
    each = "|".join(re.escape(" ".join(phrase.split())) for phrase in phrases)
    return re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE)


def _said(delivery: "Delivery") -> str:
    """All words of the delivery, on one line."""
    content = delivery.content
    parts = (content.title or "", content.text, *content.parts, content.link or "")
    return " ".join(" ".join(parts).split())
