"""A coordinator's three days: ten partners, their feeds and calendars, and what is worth sharing.

The clock of the commands does not move: a day is the edition of each feed that stood that day, and
its items say when they appeared.
"""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from end_to_end.shell import WORKSPACE, Shell
from servers.feeds import FeedServer, Served

ALLOW = "\n[sources]\nallow_private = true\n"
HTML = "text/html; charset=utf-8"
CALENDAR = "text/calendar; charset=utf-8"
PARTNERS = (
    *("Alder Trust", "Brook House", "Cedar Choir", "Delta Pantry", "Elm Library"),
    *("Fern School", "Grove Clinic", "Heron Watch", "Iris Shelter", "Juniper Farm"),
)
ONLY_CALENDARS = PARTNERS[8:]
NEWS: tuple[Mapping[str, tuple[str, ...]], ...] = (
    {
        "Alder Trust": ("Forty new trees on Mill Lane",),
        "Brook House": ("We open on Sundays, too",),
        "Cedar Choir": ("A concert in the old barn",),
        "Delta Pantry": ("Ten tonnes of food in a year",),
    },
    {
        "Alder Trust": ("A path through the wet meadow",),
        "Elm Library": ("Books by post for readers at home",),
        "Fern School": ("Our pupils count the swifts",),
        "Grove Clinic": ("Free checks on Thursdays",),
    },
    {
        "Brook House": ("A kitchen for forty guests",),
        "Delta Pantry": ("Volunteers wanted for the harvest",),
        "Heron Watch": ("Two herons have come back",),
        "Elm Library": ("A reading room for teenagers",),
    },
)
"""Titles that each partner published, by day."""


def slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def rss(name: str, items: list[tuple[str, datetime]]) -> bytes:
    told = "".join(
        f"<item><title>{title}</title><link>https://{slug(name)}.example/{slug(title)}</link>"
        f"<pubDate>{format_datetime(at)}</pubDate></item>"
        for title, at in reversed(items)
    )
    return f'<rss version="2.0"><channel><title>{name}</title>{told}</channel></rss>'.encode()


def calendar(name: str, at: datetime) -> bytes:
    lines = (
        *("BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", f"UID:{slug(name)}-1"),
        *(f"SUMMARY:Open day at {name}", f"DTSTART:{at:%Y%m%dT%H%M%SZ}"),
        *(f"DTEND:{at + timedelta(hours=2):%Y%m%dT%H%M%SZ}", "END:VEVENT", "END:VCALENDAR", ""),
    )
    return "\r\n".join(lines).encode()


@dataclass
class Web:
    """The partners' websites, as they stand after some days. `now` is the third day."""

    server: FeedServer
    now: datetime = field(default_factory=lambda: datetime.now(UTC).replace(microsecond=0))

    def open(self) -> None:
        """Each partner has a page, which names its feed or calendar, or links to it."""
        for number, name in enumerate(PARTNERS):
            top = f"/{slug(name)}/"
            kind = "text/calendar" if name in ONLY_CALENDARS else "application/rss+xml"
            leaf = "events.ics" if name in ONLY_CALENDARS else "feed"
            named = f'<link rel="alternate" type="{kind}" href="{leaf}">'
            linked = f'<p>Read <a href="{leaf}" type="{kind}">what we do</a>.</p>'
            body = f"<html><body>{linked if number % 2 else named}</body></html>"
            self.server.documents[top] = Served(body.encode(), HTML)
            if name in ONLY_CALENDARS:
                at = self.now + timedelta(days=30 + number)
                self.server.documents[f"{top}{leaf}"] = Served(calendar(name, at), CALENDAR)
        self.day(0)

    def day(self, last: int) -> None:
        """Let each feed have what was published up to this day; it keeps what was there before."""
        for name in PARTNERS:
            if name in ONLY_CALENDARS:
                continue
            old = [("From last spring", self.now - timedelta(days=200))]
            new = [
                (title, self.now - timedelta(days=2 - day, hours=1))
                for day, news in enumerate(NEWS[: last + 1])
                for title in news.get(name, ())
            ]
            self.server.documents[f"/{slug(name)}/feed"] = Served(rss(name, [*old, *new]))


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """The websites, which stand as on the third day once the three days were played."""
    with FeedServer() as server:
        web = Web(server)
        web.open()
        yield web


class Coordinator:
    """Somebody at a shell."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell

    def types(self, *words: str) -> str:
        return self.shell.ok(*words).out

    def finds_the_sources_of_ten_partners(self, web: Web) -> None:
        for name in PARTNERS:
            website = f"{web.server.url}/{slug(name)}/"
            self.types("partner", "add", name, "--website", website)
            said = self.types("source", "discover", slug(name), "--add")
            assert "added source" in said
            assert "cannot be read" not in said

    def looks_on_three_days(self, web: Web) -> None:
        for day in range(3):
            web.day(day)
            said = self.types("source", "sync")
            assert said.count("nothing has changed") == len(PARTNERS) - (len(NEWS[day]) * (day > 0))

    def queues_four(self) -> None:
        """Three are shared, and one becomes a spotlight of its partner."""
        found = self.shell.ok("suggestion", "list", "--json").json["suggestions"]
        number = {each["title"]: str(each["suggestion"]) for each in found}
        herons, trees = number["Two herons have come back"], number["Forty new trees on Mill Lane"]
        food = number["Ten tonnes of food in a year"]
        self.types("suggestion", "share", herons, "--to", "bluesky-main")
        self.types("suggestion", "share", trees, "--to", "bluesky-main,x-main")
        self.types("suggestion", "spotlight", food, "--to", "bluesky-main")
        room = number["A reading room for teenagers"]
        self.types("suggestion", "share", room, "--to", "reddit-main", "--at", "tomorrow 9:00")


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory, fresh_workspace: Path, web: Web) -> Path:
    """A workspace after the three days; to be copied, not used."""
    folder = tmp_path_factory.mktemp("played") / "workspace"
    ana = Coordinator(Shell(shutil.copytree(fresh_workspace, folder)))
    ana.shell.configure(WORKSPACE + ALLOW)
    ana.finds_the_sources_of_ten_partners(web)
    ana.looks_on_three_days(web)
    ana.types("suggestion", "list")
    return folder


@pytest.fixture
def ana(played: Path, tmp_path: Path) -> Coordinator:
    """Her after the three days, in a workspace of her own."""
    return Coordinator(Shell(shutil.copytree(played, tmp_path / "workspace")))


def test_after_three_days_twelve_suggestions_stand_and_four_are_queued_with_one_command_each(
    ana: Coordinator,
) -> None:
    found = ana.shell.ok("suggestion", "list", "--json").json["suggestions"]
    assert sorted(each["title"] for each in found) == sorted(
        title for news in NEWS for titles in news.values() for title in titles
    )
    assert len(found) == 12
    assert {each["partner"] for each in found} <= {slug(each) for each in PARTNERS}

    ana.queues_four()
    deliveries = ana.shell.deliveries()
    assert len({each["post"] for each in deliveries}) == 4
    assert {each["credit"] for each in deliveries} == {"others"}
    left = ana.shell.ok("suggestion", "list", "--json").json["suggestions"]
    assert len(left) == 8


def test_what_their_calendars_announce_waits_for_a_person_and_becomes_an_event(
    ana: Coordinator,
) -> None:
    review = ana.types("event", "review")
    assert "Open day at Iris Shelter" in review
    assert "Open day at Juniper Farm" in review
    assert ana.shell.ok("event", "list", "--json").json["events"] == []
    ana.types("event", "review", "--accept", "all")
    events = ana.shell.ok("event", "list", "--json").json["events"]
    assert {tuple(each["partners"]) for each in events} == {("iris-shelter",), ("juniper-farm",)}


def test_to_look_again_costs_the_partners_servers_next_to_nothing(
    ana: Coordinator, web: Web
) -> None:
    before = len(web.server.asked)
    ana.types("source", "sync")
    assert [status for _, status in web.server.asked[before:]] == [304] * len(PARTNERS)
