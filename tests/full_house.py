"""A console with something of everything: partners, events, and posts in all states.

The tests in a real browser look at its pages, and so does whoever runs `make screenshots`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from browsers import NAMES, Office
from integration.console.test_every_route import VALUES, path_of

from crosspromo.domain.people import Role
from crosspromo.domain.requests import EventPost, Notice, OwnPost, PostRequest, Spotlight, Words
from crosspromo.phrasing.reports import month as month_words
from crosspromo.phrasing.reports import partner as partner_words
from crosspromo.phrasing.reports.named import NAMED
from crosspromo.reports.page import ReportPage
from crosspromo.services.change_event import Hosts
from crosspromo.services.edited_content import Changes
from crosspromo.web.routes import Route, table

SETTINGS = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[database]
url = "sqlite:///store.db"

[accounts.x-main]
network = "sandbox"
imitates = "x"

[accounts.bluesky-main]
network = "sandbox"
imitates = "bluesky"
approval = "one"

[accounts.reddit-main]
network = "sandbox"
imitates = "reddit"

[accounts.facebook-page]
network = "manual"
imitates = "reddit"
subreddit = "rivervalley"
ratio = "1:1"
"""
EXAMPLES = Path(__file__).parents[1] / "config" / "demo"
PARTNERS = ("river-keepers", "valley-food-bank", "millside-tenants", "spokes-coalition")
CLEANUP = "spring-river-cleanup-2030-04-20"
LONG = (
    "Thank you to everybody who came on Saturday, from the first at seven to those who swept the "
    "landing at dusk. https://rivervalley.example/volunteers/2026/spring/a-page-with-a-long-address"
)
AUTHOR, APPROVER = NAMES[Role.AUTHOR], NAMES[Role.APPROVER]


class State(StrEnum):
    """What a delivery is whose pages are looked at."""

    HELD = "held"
    SENT = "sent"
    BY_HAND = "by hand"
    QUEUED = "queued"
    DRAFT = "draft"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Place:
    """Page of the route table; with a delivery in a state, where the page is about one."""

    route: Route
    state: State | None = None

    def __str__(self) -> str:
        return f"{self.route.path} {self.state}" if self.state else self.route.path


FORMS = {
    "by-hand": State.BY_HAND,
    "resolve": State.BY_HAND,
    "delete": State.SENT,
    "dismiss": State.BY_HAND,
    "reject": State.DRAFT,
    "release": State.HELD,
}
"""State of a delivery for which a form is meant; queued where none stands here."""


FILES = ("/healthz", "/media/{name}", ".csv", ".xlsx", ".ics", ".html")
"""Ends of paths that are no pages, but files."""


def places() -> list[Place]:
    """All pages for people, also those that others add later."""
    found = []
    for route in table():
        if route.method != "GET" or route.is_fragment or route.path.endswith(FILES):
            continue
        if route.path == "/posts/{post:int}":
            found += [Place(route, state) for state in State]
        elif "{delivery" in route.path or "{post" in route.path:
            form = route.path.rpartition("/")[2]
            found.append(Place(route, FORMS.get(form, State.QUEUED)))
        else:
            found.append(Place(route))
    return found


@dataclass(frozen=True)
class FullHouse:
    """An office, the session of an admin there, and a delivery of each state."""

    office: Office
    session: str
    deliveries: Mapping[State, int]

    def path(self, place: Place) -> str:
        """Address of the page here."""
        if place.state is None:
            return path_of(place.route, {**VALUES, "event": CLEANUP})
        delivery = self.deliveries[place.state]
        post, _ = self.office.workspace.services.posts.post_of(delivery)
        values = {"delivery": str(delivery), "post": str(post)}
        return path_of(place.route, {**VALUES, **values})


def filled(office: Office) -> "FullHouse":
    """Ten days of an office: partners and events come in, posts are sent, and others wait."""
    services = office.workspace.services
    found: dict[State, int] = {}
    services.partner_imports(AUTHOR).import_((EXAMPLES / "partners.csv").read_bytes(), "p.csv")
    events = (EXAMPLES / "events.ics").read_bytes()
    services.change_event(AUTHOR).import_(events, "e.ics", Hosts.given(["river-keepers"]))

    def queue(request: PostRequest, *accounts: str) -> int:
        return services.queue_post.queue(request, accounts)[0].view.delivery.id

    def own(text: str, **more: Any) -> OwnPost:
        return OwnPost(author=AUTHOR, says=Words(text), **more)

    report = "Our annual report is out: what 40 neighbours did for one river."
    found[State.HELD] = queue(own(report, title="Our annual report"), "reddit-main", "x-main")
    office.hold()
    for partner in PARTNERS:
        found[State.SENT] = queue(
            Spotlight(author=AUTHOR, partner=partner), "x-main", "reddit-main"
        )
        office.clock.advance(timedelta(days=2))
        office.publish()
    hands = queue(Spotlight(author=AUTHOR, partner="river-keepers"), "facebook-page")
    office.clock.advance(timedelta(days=2))
    office.publish()
    found[State.BY_HAND] = hands
    now = office.clock.now()
    notice = "The river path is closed until Friday. Please take the bridge."
    queue(Notice(author=AUTHOR, text=notice, reason="flood"), "x-main")
    queue(EventPost(author=AUTHOR, event=CLEANUP, at=now + timedelta(hours=3)), "x-main")
    found[State.QUEUED] = queue(own(LONG, at=now + timedelta(days=1, hours=2)), "x-main")
    found[State.DRAFT] = queue(
        own("Year-end appeal: what a river needs.", at=now + timedelta(hours=5)), "bluesky-main"
    )
    services.act_on_delivery(AUTHOR).edit(
        found[State.QUEUED], Changes(text=LONG.replace("Saturday", "Sunday"))
    )
    services.act_on_delivery(APPROVER).move(found[State.QUEUED], now + timedelta(days=1, hours=4))
    found[State.CANCELLED] = queue(own("Photo of the week", at=now + timedelta(days=2)), "x-main")
    services.act_on_delivery(NAMES[Role.ADMIN]).cancel(found[State.CANCELLED])
    services.forecasting.renew()
    return FullHouse(office, office.session(Role.ADMIN), found)


def reports(office: Office) -> Mapping[str, ReportPage]:
    """Every report by name, as of now; that of a partner is of the first one."""
    services = office.workspace.services
    pages = {name: making(services.reports, None) for name, making in NAMED.items()}
    pages["month"] = month_words.page(services.month_reports.of())
    pages["partner"] = partner_words.page(services.reports.partner(PARTNERS[0]))
    return pages
