"""Posts that wait and still say what a partner was before a change.

A post is written when it is queued (0010): a change of its partner leaves it as it is, and the
person who changes the partner is told.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.partner_rows import FieldChange, PartnerChange
from crosspromo.text import own_links

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
            phrases = old.get(partner, {}).items()
            known = delivery.content.known_addresses
            fields = [field for field, each in phrases if each.stands_in(said, known)]
            if fields:
                found.append(OutdatedPost(delivery.id, partner, tuple(fields)))
    return found


def _old_words(fields: Iterable[FieldChange], before: "Partner") -> Iterator[tuple[str, "_Phrase"]]:
    """Words by field that a post of before may have and that are right no more."""
    for field, old, new in fields:
        if not old:
            continue
        network = field.removeprefix("handles.")
        if field == "website":
            yield field, _address(str(old).partition("://")[2].rstrip("/"))
        elif field in {"name", "why"}:
            yield field, _words(str(old))
        elif network != field:
            yield field, _words(f"@{old}")
        elif field == "tag_ok" and not new and before.handles:
            yield field, _words(*(f"@{handle}" for handle in before.handles.values()))


def _words(*phrases: str) -> "_Phrase":
    """Any of the phrases, as whole words outside addresses."""
    each = "|".join(re.escape(" ".join(phrase.split())) for phrase in phrases)
    return _Phrase(re.compile(rf"(?<!\w)(?:{each})(?!\w)", re.IGNORECASE), in_addresses=False)


def _address(address: str) -> "_Phrase":
    """An address with the pages below it; not another host, nor a page that only begins alike."""
    whole = rf"(?<![\w.@-])(?<![^/]/)(?:www\.)?{re.escape(address)}(?![\w@-]|\.\w)"
    return _Phrase(re.compile(whole, re.IGNORECASE), in_addresses=True)


_LONGER_WORD = re.compile(
    r"(?<![\w.+-])[\w.+-]*@\w+(?:[\w.-]*\.[\w-]*\w)?(?:@[\w.-]*\w)?"
    r"|(?<!\w)\w+(?:[-'\u2019](?!s\b)\w+)+",
    re.IGNORECASE,
)
"""A handle, an address of mail, or words with a hyphen or apostrophe, but not `River's`."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    """Words that a post may have; `in_addresses`: also as a part of a longer address."""

    pattern: re.Pattern[str]
    in_addresses: bool

    def stands_in(self, said: str, addresses: Iterable[str]) -> bool:
        """Whether the text has the phrase; `addresses` are those known to be links in it.

        A name such as `change.org` may be an address itself.
        """
        found = [match.span() for match in self.pattern.finditer(said)]
        if self.in_addresses or not found:
            return bool(found)
        longer = [match.span() for match in _LONGER_WORD.finditer(said)]
        links = (*own_links.known(said, addresses), *own_links.links(said))
        longer += [(link.start, link.end) for link in links]
        return not all(any(_is_inside(each, other) for other in longer) for each in found)


def _is_inside(span: tuple[int, int], longer: tuple[int, int]) -> bool:
    return span != longer and longer[0] <= span[0] and span[1] <= longer[1]


def _said(delivery: "Delivery") -> str:
    """All words of the delivery, on one line."""
    content = delivery.content
    parts = (content.title or "", content.text, *content.parts, content.link or "")
    return " ".join(" ".join(parts).split())
