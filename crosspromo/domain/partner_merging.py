"""Merging of two records of one partner: what the record that stays has then.

Nothing is lost. Where both records say something and only one can stand, that of the partner who
stays does, and the other is kept as a note. Where consent is in doubt, there is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from crosspromo.domain.partner_rows import LISTS, PLAIN
from crosspromo.domain.partners import Partner

BARRED = ("candidate", "527")
"""Legal statuses whose posts some may not share: of two statuses, they stand."""


def merged(into: Partner, gone: Partner) -> Partner:
    """Partner `into` with all that is known of `gone`.

    Both have to ask for tags, for a tag to stand. Of limits on posts the stricter one stands. The
    people at both, who may sign off, are rows of their own and move with the others.
    """
    texts: dict[str, Any] = {name: getattr(into, name) or getattr(gone, name) for name in PLAIN}
    texts["status"] = _status(into.status, gone.status)
    lists: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(into, name), *getattr(gone, name)))) for name in LISTS
    }
    stricter = min((into, gone), key=_posts_a_day)
    hours = [each.notice_hours for each in (into, gone) if each.notice_hours is not None]
    return replace(
        into,
        **texts,
        **lists,
        cadence_days=into.cadence_days or gone.cadence_days,
        most_posts=stricter.most_posts,
        most_posts_days=stricter.most_posts_days,
        notice_hours=max(hours, default=None),
        tag_ok=into.tag_ok and gone.tag_ok,
        handles=MappingProxyType({**gone.handles, **into.handles}),
        notes=_notes(into, gone),
    )


def _status(into: str, gone: str) -> str:
    return gone if gone in BARRED and into not in BARRED else into or gone


def _posts_a_day(partner: Partner) -> float:
    if partner.most_posts is None or not partner.most_posts_days:
        return float("inf")
    return partner.most_posts / partner.most_posts_days


def _notes(into: Partner, gone: Partner) -> Mapping[str, str]:
    notes = dict(into.notes)
    for heading, text in (*gone.notes.items(), *_given_up(into, gone)):
        if notes.get(heading, text) == text:
            notes[heading] = text
        else:
            notes[_free(f"{heading} of {gone.slug}", notes)] = text
    return MappingProxyType(notes)


def _given_up(into: Partner, gone: Partner) -> Iterator[tuple[str, str]]:
    """Values of either record in whose place another one stands, as notes."""
    for name in PLAIN:
        one, other = getattr(into, name), getattr(gone, name)
        if one and other and one != other:
            stays = _status(one, other) if name == "status" else one
            loser, value = (gone, other) if stays == one else (into, one)
            yield f"{name} of {loser.slug}", value
    for network, handle in gone.handles.items():
        if into.handles.get(network, handle) != handle:
            yield f"{network} of {gone.slug}", handle
    if gone.cadence_days and into.cadence_days and gone.cadence_days != into.cadence_days:
        yield f"cadence of {gone.slug}", f"{gone.cadence_days} days"
    if into.tag_ok != gone.tag_ok:
        yield f"tag_ok of {gone.slug}", "yes" if gone.tag_ok else "no"
    yield from _limits_given_up(into, gone)


def _limits_given_up(into: Partner, gone: Partner) -> Iterator[tuple[str, str]]:
    looser = max((gone, into), key=_posts_a_day)
    limits = {(each.most_posts, each.most_posts_days) for each in (into, gone)}
    if looser.most_posts is not None and len(limits) > 1:
        words = f"at most {looser.most_posts} posts in {looser.most_posts_days} days"
        yield f"limit of {looser.slug}", words
    if into.notice_hours and gone.notice_hours and into.notice_hours != gone.notice_hours:
        shorter = min((gone, into), key=lambda each: each.notice_hours or 0)
        yield f"notice of {shorter.slug}", f"{shorter.notice_hours} hours"


def _free(heading: str, notes: Mapping[str, str]) -> str:
    """Heading that no note has yet."""
    number, free = 2, heading
    while free in notes:
        free, number = f"{heading} ({number})", number + 1
    return free
