"""Partners: whom we shared longest ago, and one partner with the posts about them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from urllib.parse import quote

from crosspromo import documents, documents_partners, documents_people
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.services.partner_view import (
    MOST_ENTRIES,
    MOST_POSTS,
    PartnerPage,
    PartnerStanding,
)
from crosspromo.web.routes import Answer, Done, File, Page, act, form, page
from crosspromo.web.visit import Visit
from crosspromo.web.words import partner_diary, posts
from crosspromo.web.words import partners as words
from crosspromo.web.words import permissions as permission_words

HERE = "/partners"
CSV = "text/csv; charset=utf-8"
MOST_ROWS = 100
"""Partners of a list before all are asked for."""


@dataclass(frozen=True, slots=True)
class PostRow:
    """Post about a partner, or about an event, on some of its accounts."""

    first: Delivery
    deliveries: Sequence[Delivery]
    at: datetime
    states: str


FILTERS: Mapping[str, Callable[[PartnerStanding, Visit], bool]] = MappingProxyType(
    {
        "due": lambda each, visit: words.over(each, visit.moments) > 0,
        "close": lambda each, _: each.partner.closeness == "close",
        "never": lambda each, _: each.last_shared_at is None,
    }
)
"""Choices of `?show=`, beside all who are offered and `archived`."""


def partners(visit: Visit) -> Answer:
    """Partners who are offered: those past due first, then those shared longest ago.

    `?show=archived` has the others, and the names of FILTERS some of those who are offered.
    """
    show = visit.query.get("show", "")
    archived = show == "archived"
    found = visit.services.partner_views.list(archived=archived)
    late_first = sorted(found.standings, key=lambda each: -words.over(each, visit.moments))
    counts = {
        name: sum(fit(each, visit) for each in found.standings) for name, fit in FILTERS.items()
    }
    fits = FILTERS.get(show)
    chosen = [each for each in late_first if fits is None or fits(each, visit)]
    everybody = visit.query.get("all") == "yes"
    shown = chosen if everybody else chosen[:MOST_ROWS]
    return Page(
        "partners.html",
        words.TITLE,
        words,
        {
            "heading": words.heading(found.standings, archived=archived),
            "standings": found.standings,
            "shown": shown,
            "show": show if archived or show in FILTERS else "",
            "archived": archived,
            "others": found.others,
            "counts": counts,
            "suggestions": visit.services.suggestions.count(),
            "more": len(chosen) - len(shown),
        },
        document=lambda: {"partners": [documents.of_partner_standing(each) for each in chosen]},
        command="partner list",
    )


def download(visit: Visit) -> Answer:
    """All partners as the CSV file that can be imported again."""
    return File(visit.services.partners.export().encode(), CSV, "partners.csv")


def partner(visit: Visit) -> Answer:
    """One partner: what we shared of theirs, what is queued, and what we know of them."""
    found = visit.services.partner_views.get(visit.values["partner"])
    partner_ = found.standing.partner
    return Page(
        "partner.html",
        partner_.name,
        words,
        {
            "partner": partner_,
            "lead": words.about(found.standing, visit.moments),
            "shared": rows_of(found.posts, waiting=False),
            "queued": rows_of(found.posts, waiting=True),
            "cut": len(found.posts) >= MOST_POSTS,
            "events": found.events,
            "facts": _facts(found, visit),
            "permissions": permission_words.rows(found.permissions),
            "permission_words": permission_words,
            "people": found.people,
            "entries": found.entries,
            "entries_cut": len(found.entries) >= MOST_ENTRIES,
            "diary": partner_diary,
            "posts": posts,
        },
        document=lambda: {
            **documents.of_partner_standing(found.standing),
            "last_received_at": found.contacts.received_at,
            "last_noted_contact": found.contacts.noted,
            "deliveries": [documents.of_announcing(one) for each in found.posts for one in each],
            "events": [documents.of_event(each) for each in found.events],
            "people": [documents_people.of_partner_person(each) for each in found.people],
            "diary": [documents_partners.of_entry(each) for each in found.entries],
        },
        command=f"partner show {partner_.slug}",
    )


def rows_of(found: Sequence[Sequence[Delivery]], *, waiting: bool) -> list[PostRow]:
    """Rows of posts with their waiting deliveries, or with the other deliveries.

    Posts that wait are in order of their time, the others have the latest first.
    """
    rows = []
    for post in found:
        some = [each for each in post if (each.state in words.WAITS) is waiting]
        if some:
            at = (min if waiting else max)(each.published_at or each.due_at for each in some)
            rows.append(PostRow(some[0], some, at, words.states_of(some)))
    return sorted(rows, key=lambda row: row.at, reverse=not waiting)


def _facts(found: PartnerPage, visit: Visit) -> list[tuple[str, str]]:
    """Known fields of a partner as labels and values."""
    partner_ = found.standing.partner
    facts = [
        (words.WHY, partner_.why),
        *words.last_of(found.contacts, visit.moments),
        (words.LIST, _list_of(partner_)),
        *((network.capitalize(), f"@{handle}") for network, handle in partner_.handles.items()),
        (words.TAGGING, words.MAY_TAG if partner_.tag_ok else words.MAY_NOT_TAG),
        (words.SIGN_OFF, words.SIGNS if found.standing.signs_off else words.SIGNS_NOT),
        (words.TOPICS, ", ".join(partner_.topics)),
        (words.KIND, partner_.kind),
        (words.STATUS, partner_.status),
        *words.record_of(partner_),
        *partner_.notes.items(),
    ]
    if partner_.archived_at is not None:
        facts.append((words.SINCE, visit.moments.full(partner_.archived_at)))
    return [(label, value) for label, value in facts if value]


def _list_of(partner_: Partner) -> str:
    return ", ".join(each for each in (partner_.list, partner_.closeness, partner_.tier) if each)


def archive(visit: Visit) -> Answer:
    """Offer the partner no more."""
    slug = visit.values["partner"]
    done = visit.services.partner_archive(visit.me.name).archive([slug])
    return Done(_path(slug), told=words.archived(done))


def unarchive(visit: Visit) -> Answer:
    """Offer the partner again."""
    slug = visit.values["partner"]
    visit.services.partner_archive(visit.me.name).unarchive([slug])
    return Done(_path(slug), told=[words.unarchived(slug)])


def _path(slug: str) -> str:
    return f"{HERE}/{quote(slug, safe='')}"


ROUTES = (
    page(HERE, partners, section=HERE),
    form("/partners.csv", download, Role.READER, section=HERE),
    page("/partners/{partner}", partner, section=HERE),
    act("/partners/{partner}/archive", archive, Role.AUTHOR, section=HERE),
    act("/partners/{partner}/unarchive", unarchive, Role.AUTHOR, section=HERE),
)
