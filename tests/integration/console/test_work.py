"""The work of a page: a dozen queries, however many posts, accounts and people there are."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from browsers import SETTINGS, Browser, Office
from integration.console.test_every_route import path_of
from sqlalchemy import event

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import EventPost, OwnPost, Spotlight, Words
from crosspromo.services.change_event import Hosts
from crosspromo.web.counting import forget
from crosspromo.web.routes import Route, table

HOURS = timedelta(hours=2)
MOST = 12
MOST_OF_A_POST = 13
"""The page of a post also asks what the post needs of partners."""

MOST_OF_A_MONTH = 19
"""A month is seen beside the month before: posts, partners, what came back, holds and figures.

Two more tell which share the queue would take.
"""

NOW_AND_THEN = 18
"""More queries of the first page after an act, or after some seconds.

It counts what needs a person, reads what is due with partners, and compares the stored forecasts
with the queue, for all after it; and the person who acted is offered to take that back.
"""

MADE_ANEW = {"/plan"}
"""Pages whose work after an act is a rehearsal with what they propose; else it is remembered."""

PAGES = [route for route in table() if route.method == "GET"]


class Work(NamedTuple):
    """Queries of a page that was looked at before, and of the same page just after an act of the
    person who looks.
    """

    usual: int
    after_an_act: int


class Counter:
    """Counts the statements of the console's connections."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._statements: list[str] = []
        engine = office.store.engine
        event.listen(
            engine,
            "connect",
            lambda connection, _: connection.set_trace_callback(self._statements.append),
        )
        engine.dispose()

    def work(self, looking: Browser, acting: Browser, path: str) -> Work:
        """Queries of a page, for somebody who has not acted lately, and for somebody who has."""
        looking.get(path)
        return Work(self._queries(looking, path), self._queries(acting, path, anew=True))

    def _queries(self, browser: Browser, path: str, *, anew: bool = False) -> int:
        if anew:
            forget(self._office.console_workspace)
        self._statements.clear()
        assert browser.get(path).status_code < 500, path
        aside = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
        return sum(not each.startswith(aside) for each in self._statements)


def filled(office: Office, posts: int, accounts: int) -> Browser:
    """Queue posts on all accounts, have people act on them, and have forecasts stored."""
    names = ["x-main", "bluesky-main", *(f"more-{n}" for n in range(accounts))]
    now = office.clock.now()
    reports = [
        OwnPost(
            author="Kim",
            says=Words(f"Report {number}"),
            at=now + timedelta(hours=5 * number),
            allow_duplicate="tests repeat",
        )
        for number in range(posts)
    ]
    office.workspace.services.queue_post.queue_all(reports, names)  # foretold once
    for number in range(posts):
        office.invite(Role.READER, f"Reader {number}")
    office.hold()
    acts = office.workspace.services.act_on_delivery("kim")
    for number in range(1, posts, 3):
        acts.move(number * len(names) + 1, office.clock.now() + timedelta(hours=1 + number))
    network(office, posts, names[1:2])
    admin = office.signed_in(Role.ADMIN)
    for number in range(posts):
        admin.send(f"/compose/{number:012}/preview", {"text": f"A draft {number}"})
    office.workspace.services.forecasting.renew()
    return admin


def network(office: Office, size: int, accounts: list[str]) -> None:
    """Know partners and events, two of them with posts about them; the first ones are asked for."""
    services = office.workspace.services
    for number in range(size):
        slug, title = ("river-keepers", "Cleanup") if number == 0 else (f"p-{number}", f"{number}")
        services.partners.add(Partner(slug, f"Partner {number}"))
        start = datetime(2026, 5, 1, 14, tzinfo=UTC) + timedelta(days=number)
        event = services.change_event("kim").add(
            title, start, HOURS, Hosts.given([slug], joint=True)
        )
        if number < 2:
            about = EventPost(author="Kim", event=event.slug, at=start - timedelta(days=2))
            services.queue_post.queue(about, accounts)


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Work]]:
    """Work of each page, in a small office and in one of ten times as much."""
    return [
        dict(works(tmp_path_factory.mktemp("office"), posts, accounts))
        for posts, accounts in ((3, 0), (30, 6))
    ]


def works(folder: Path, posts: int, accounts: int) -> Iterator[tuple[str, Work]]:
    more = "".join(
        f'\n[accounts.more-{n}]\nnetwork = "sandbox"\nimitates = "bluesky"\n'
        for n in range(accounts)
    )
    with Office(folder, SETTINGS + more) as office:
        acting = filled(office, posts, accounts)
        looking = office.signed_in(Role.ADMIN, "Lena Looker")
        counter = Counter(office)
        for route in PAGES:
            yield route.name, counter.work(looking, acting, path_of(route))


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_a_page_makes_at_most_a_dozen_queries(counted: list[dict[str, Work]], route: Route) -> None:
    work = counted[1][route.name]
    most = MOST_OF_A_POST if route.path == "/posts/{post:int}" else MOST
    if route.path == "/reports" or route.path.startswith("/reports/{month}"):
        most = MOST_OF_A_MONTH
    assert work.usual <= most
    assert work.after_an_act <= most + NOW_AND_THEN or route.path in MADE_ANEW


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
def test_its_queries_do_not_grow(counted: list[dict[str, Work]], route: Route) -> None:
    few, many = counted[0][route.name], counted[1][route.name]
    assert many.usual <= few.usual  # fewer where a list is full before ended posts are looked for
    assert many.after_an_act <= few.after_an_act or route.path in MADE_ANEW


def test_the_page_of_a_post_that_a_person_moved_makes_a_dozen(
    office: Office, author: Browser
) -> None:
    """It is about a partner: who signs off is read with the signatures, and there are no links."""
    services, now = office.workspace.services, office.clock.now()
    services.partners.add(Partner("wood-keepers", "Wood Keepers"))
    about = Spotlight(author="Kim", partner="wood-keepers", at=now + HOURS)
    services.queue_post.queue(about, ["x-main"])
    services.act_on_delivery("kim").move(1, now + 2 * HOURS)
    reader = office.signed_in(Role.READER, "Lena Looker")
    assert Counter(office).work(reader, author, "/posts/1").usual <= MOST


def test_a_forecast_is_compared_with_the_queue_anew_after_an_act(
    office: Office, author: Browser
) -> None:
    office.queue("One", at=office.clock.now() + timedelta(hours=3))
    office.workspace.services.forecasting.renew()
    assert "have changed since" not in author.get("/queue").text
    author.send("/deliveries/1/move", {"at": "+4h"}, page="/deliveries/1/move")
    assert "have changed since" in author.get("/queue").text
    assert "It is due Wed 1 Apr" in author.get("/posts/1").text  # not where it was foretold before
