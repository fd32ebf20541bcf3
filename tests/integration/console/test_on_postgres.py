"""The console on PostgreSQL: every page opens, and people act."""

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from browsers import SETTINGS, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight

if TYPE_CHECKING:
    from servers.postgres import PostgresServer

PAGES = (
    *("/", "/.json", "/posts/1", "/queue", "/audit", "/accounts", "/people", "/me", "/strip"),
    *("/calendar/2026-04", "/calendar/2026-W14?as=forecast", "/deliveries/1/move?at=%2B2h"),
    *("/partners", "/partners.json", "/partners/aspen", "/partners.csv", "/events", "/reports"),
    *("/reports/2026-03.json", "/reports/2026-04.csv", "/find?q=hello", "/media"),
)


def test_pages_and_acts(tmp_path: Path, postgres_server: "PostgresServer") -> None:
    url = postgres_server.database()
    settings = SETTINGS.replace("sqlite:///store.db", url)
    try:
        with Office(tmp_path, settings) as office:
            office.queue("Hello", ("x-main", "bluesky-main"))
            office.workspace.services.partners.add(Partner("aspen", "Aspen"))
            asked = Spotlight(author="Kim", partner="aspen", at=office.clock.now())
            office.workspace.services.queue_post.queue(asked, ["x-main"])
            office.publish()
            office.workspace.services.forecasting.renew()
            admin = office.signed_in(Role.ADMIN)
            assert {path: admin.get(path).status_code for path in PAGES} == dict.fromkeys(
                PAGES, 200
            )

            (aspen,) = admin.get("/partners.json").json()["partners"]
            assert (aspen["given"], aspen["last_shared_at"]) == (1, "2026-04-01T12:00:00Z")

            at = (office.clock.now() + timedelta(hours=3)).isoformat()
            assert admin.send("/posts/1/move", {"at": at}).status_code == 303
            assert admin.send("/posts/1/cancel").status_code == 303
            group = admin.get("/").text.partition('name="group" value="')[2].partition('"')[0]
            assert admin.send("/undo", {"group": group}).status_code == 303
            states = [each["state"] for each in admin.get("/posts/1.json").json()["deliveries"]]
            assert states == ["queued", "queued"]

            fields = {"name": "Dan Okafor", "role": "approver"}
            assert admin.send("/people", fields, page="/people").status_code == 303
            own = {"person": "Maria Alvarez", "role": "reader"}
            assert admin.send("/people/role", own, page="/people").status_code == 409
            assert office.browser().sign_in("Maria Alvarez").status_code == 303
    finally:
        postgres_server.drop(url)
