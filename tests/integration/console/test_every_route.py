"""Every page and every act of the route table refuses who may not see or do it; each page that has
a document has it under `.json`.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from browsers import Browser, Office

from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.services.change_event import Hosts
from crosspromo.web.headers import HEADERS
from crosspromo.web.routes import JSON_SUFFIX, Route, table

VALUES = {"post": "1", "delivery": "1", "account": "x-main", "token": "x" * 43, "name": "nobody"}
VALUES |= {"draft": "x" * 12, "span": "2026-W48", "number": "1", "month": "2026-04"}
VALUES |= {"suggestion": "1", "partner": "river-keepers", "event": "cleanup-2026-05-01"}
"""What stands in a path in place of its parameters."""

GUARDED = [route for route in table() if route.role is not None]
OPEN = [route for route in table() if route.role is None]


@pytest.fixture(autouse=True)
def known(office: Office) -> None:
    """The partner and the event whose pages are asked for."""
    services = office.workspace.services
    services.partners.add(Partner("river-keepers", "River Keepers"))
    at = datetime(2026, 5, 1, 14, tzinfo=UTC)
    services.change_event("tester").add("Cleanup", at, timedelta(hours=2), Hosts())


def path_of(route: Route, values: Mapping[str, str] = VALUES) -> str:
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda found: values[found[1]], route.path)


def ask(browser: Browser, route: Route, path: str | None = None) -> httpx.Response:
    """Ask for the page, or send the act an empty form of ours."""
    path = path or path_of(route)
    if route.method == "GET":
        return browser.get(path)
    return browser.send(path, page="/sign-in")


def is_refused(answer: httpx.Response) -> bool:
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    return answer.status_code in {401, 403} or (answer.status_code == 303 and to_sign_in)


def test_only_the_pages_for_entering_and_links_are_open_to_all() -> None:
    by_link = {route.path for route in OPEN if route.is_by_link}
    assert {route.path for route in OPEN} - by_link <= {
        "/sign-in",
        "/invited/{token}",
        "/enter/{token}",
        "/healthz",
    }
    assert by_link == {"/a/{token}", "/a/{token}/pictures/{delivery:int}/{number:int}"}
    assert GUARDED


def test_a_link_that_never_was_shows_and_does_nothing(office: Office) -> None:
    office.queue()
    for browser in (office.browser(), office.signed_in(Role.ADMIN)):
        before = rows(office)
        for route in OPEN:
            if route.is_by_link:
                answer = ask(browser, route)
                assert answer.status_code == 404, route.name
                assert "set-cookie" not in answer.headers
                assert answer.headers["referrer-policy"] == "no-referrer"
        assert rows(office) == before


def test_the_answer_of_a_link_needs_no_cookie_but_no_other_site(office: Office) -> None:
    stranger = office.browser()
    for route in OPEN:
        if route.is_by_link and route.method == "POST":
            elsewhere = {"origin": "https://evil.example"}
            assert stranger.client.post(path_of(route)).status_code == 404
            assert stranger.client.post(path_of(route), headers=elsewhere).status_code == 403


def test_no_two_routes_are_one() -> None:
    names = [route.name for route in table()]
    assert len(set(names)) == len(names)


def test_nobody_sees_or_does_anything_without_a_session(office: Office) -> None:
    office.queue()
    stranger = office.browser()
    for route in GUARDED:
        answer = ask(stranger, route)
        assert is_refused(answer), (route.name, answer.status_code)
        if route.has_json:
            assert stranger.get(f"{path_of(route)}{JSON_SUFFIX}").status_code == 401, route.name


@pytest.mark.parametrize("role", [Role.READER, Role.AUTHOR, Role.APPROVER])
def test_nobody_sees_or_does_what_is_beyond_their_role(office: Office, role: Role) -> None:
    office.queue()
    browser = office.signed_in(role)
    for route in GUARDED:
        assert route.role is not None
        if role.includes(route.role):
            continue
        answer = ask(browser, route)
        assert answer.status_code == 403, (route.name, answer.status_code)
        if route.has_json:
            assert browser.get(f"{path_of(route)}{JSON_SUFFIX}").status_code == 403, route.name


def test_an_act_is_refused_without_the_token_of_its_form(office: Office) -> None:
    office.queue()
    browser = office.signed_in(Role.ADMIN)
    for route in table():
        if route.method == "POST" and not route.is_by_link:
            answer = browser.client.post(path_of(route), data={"reason": "x"})
            assert answer.status_code == 403, route.name
            another = {"form-token": "0" * 64}
            assert browser.client.post(path_of(route), data=another).status_code == 403


def test_every_page_opens_for_an_admin_and_is_whole(office: Office) -> None:
    office.queue()
    browser = office.signed_in(Role.ADMIN)
    for route in table():
        if route.method != "GET":
            continue
        answer = browser.open(path_of(route))
        assert answer.status_code in {200, 404, 409, 410}, (route.name, answer.text)
        is_file = answer.headers.get("content-disposition", "").startswith("attachment")
        if is_file or not answer.headers["content-type"].startswith("text/html"):
            continue
        text = answer.text
        if route.is_fragment:
            assert "<html" not in text, route.name
            continue
        assert text.count("<h1") == 1, route.name
        assert text.count("<main") == 1, route.name
        assert "<title>" in text, route.name
        assert not re.search(r"<(script|style)(?![^>]*\bsrc=)", text), route.name
        assert not re.search(r"\s(style|on\w+)=", text), route.name
        ids = re.findall(r'\sid="([^"]*)"', text)
        assert len(ids) == len(set(ids)), route.name


def test_every_page_with_a_document_has_it_as_json(office: Office) -> None:
    office.queue()
    browser = office.signed_in(Role.ADMIN)
    for route in table():
        if route.has_json:
            answer = browser.get(f"{path_of(route)}{JSON_SUFFIX}")
            assert answer.headers["content-type"] == "application/json", route.name
            assert answer.json() is not None
            assert answer.status_code == 200, (route.name, answer.text)


def test_every_answer_has_the_headers_that_guard_it(office: Office) -> None:
    browser = office.signed_in(Role.ADMIN)
    paths = ["/", "/.json", "/nowhere", "/sign-in", "/static/console.css", "/static/nowhere"]
    for path in paths:
        headers = browser.get(path).headers
        for name, value in HEADERS.items():
            assert headers[name] == value, (path, name)
    assert "unsafe" not in HEADERS["Content-Security-Policy"]
    assert browser.get("/").headers["cache-control"] == "no-store"


def test_looking_changes_nothing(office: Office) -> None:
    office.queue()
    browser = office.signed_in(Role.ADMIN)
    before = rows(office)
    for route in table():
        if route.method == "GET":
            browser.get(path_of(route))
            browser.client.head(path_of(route))
            browser.get(f"{path_of(route)}{JSON_SUFFIX}")
    assert rows(office) == before


def rows(office: Office) -> dict[str, list[object]]:
    """All rows of all tables."""
    with office.store.engine.connect() as connection:
        names = connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
        ).scalars()
        return {
            name: list(connection.exec_driver_sql(f"SELECT * FROM {name}").all())
            for name in names.all()
        }
