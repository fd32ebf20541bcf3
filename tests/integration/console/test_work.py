"""The work of a page: a dozen queries, however many posts, accounts and people there are."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from browsers import SETTINGS, Browser, Office
from sqlalchemy import event

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import EventPost
from crosspromo.services.change_event import Hosts

HOURS = timedelta(hours=2)
MOST = 12
MOST_OF_A_POST = 26
"""Queries of the page of a post, which asks the gate, with everything that it looks at."""

PAGES = ("/", "/queue", "/audit", "/accounts", "/accounts/x-main", "/people", "/me", "/pause")
MORE = (
    *("/partners", "/partners/partner-0", "/events", "/events/cleanup-0-2026-05-01", "/reports"),
    *("/reports/2026-03", "/find?q=report", "/media"),
)
"""Pages that are looked at when there are partners and events, too."""


class Counter:
    """Counts the statements of the console's connections."""

    def __init__(self, office: Office) -> None:
        self.statements: list[str] = []
        engine = office.store.engine
        event.listen(
            engine,
            "connect",
            lambda connection, _: connection.set_trace_callback(self.statements.append),
        )
        engine.dispose()

    def queries(self, browser: Browser, path: str) -> int:
        """Queries of a page that was looked at before."""
        browser.get(path)
        self.statements.clear()
        assert browser.get(path).status_code == 200
        aside = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")
        return sum(not each.startswith(aside) for each in self.statements)


def filled(office: Office, posts: int, accounts: int) -> None:
    """Queue posts on all accounts, have people act on them, and have forecasts stored."""
    names = ["x-main", "bluesky-main", *(f"more-{n}" for n in range(accounts))]
    for number in range(posts):
        at = office.clock.now() + timedelta(hours=5 * number + 2)
        office.queue(f"Report {number}", names, at=at, allow_duplicate="tests repeat")
    office.workspace.services.act_on_delivery("kim").move(
        1, office.clock.now() + timedelta(hours=1)
    )
    office.workspace.services.forecasting.renew()


def shared(office: Office, partners: int) -> None:
    """Add partners, each with an event of theirs and a post about it."""
    services = office.workspace.services
    for number in range(partners):
        services.partners.add(Partner(f"partner-{number}", f"Partner {number}"))
        hosts = Hosts.given([f"partner-{number}"], joint=True)
        start = datetime(2026, 5, 1, 14, tzinfo=UTC) + timedelta(days=number)
        event = services.change_event("kim").add(f"Cleanup {number}", start, HOURS, hosts)
        asked = EventPost(author="Kim", event=event.slug, at=start - timedelta(days=2))
        services.queue_post.queue(asked, ["x-main", "bluesky-main"])


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, int]]:
    """Queries by page, in a small and in a larger office."""
    found = []
    for posts, accounts in ((2, 0), (12, 6)):
        more = "".join(
            f'\n[accounts.more-{n}]\nnetwork = "sandbox"\nimitates = "bluesky"\n'
            for n in range(accounts)
        )
        folder: Path = tmp_path_factory.mktemp("office")
        with Office(folder, SETTINGS + more) as office:
            filled(office, posts, accounts)
            admin = office.signed_in(Role.ADMIN)
            counter = Counter(office)
            counted = {path: counter.queries(admin, path) for path in (*PAGES, "/posts/1")}
            shared(office, posts)
            found.append(counted | {path: counter.queries(admin, path) for path in MORE})
    return found


@pytest.mark.parametrize("path", [*PAGES, *MORE])
def test_a_page_makes_at_most_a_dozen_queries(counted: list[dict[str, int]], path: str) -> None:
    stored_apart = 2 if path in PAGES else 0  # forecasts
    assert counted[1][path] <= MOST + stored_apart


@pytest.mark.parametrize("path", [*PAGES, "/posts/1", *MORE])
def test_its_queries_do_not_grow(counted: list[dict[str, int]], path: str) -> None:
    assert counted[0][path] == counted[1][path]


def test_the_page_of_a_post_asks_the_gate_once(counted: list[dict[str, int]]) -> None:
    assert counted[1]["/posts/1"] <= MOST_OF_A_POST


def test_a_forecast_is_compared_with_the_queue_anew_after_an_act(
    office: Office, author: Browser
) -> None:
    office.queue("One", at=office.clock.now() + timedelta(hours=3))
    office.workspace.services.forecasting.renew()
    assert "have changed since" not in author.get("/queue").text
    author.send("/deliveries/1/move", {"at": "+4h"}, page="/deliveries/1/move")
    assert "have changed since" in author.get("/queue").text
