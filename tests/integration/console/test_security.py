"""What people who mean harm may try: on every page, with slow bodies, with files, by the clock."""

import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from browsers import PASSWORD, Browser, Office
from integration.console.test_every_route import is_refused, path_of

from crosspromo.domain.people import Role
from crosspromo.web import bodies
from crosspromo.web.routes import JSON_SUFFIX, table

PAGES = [route for route in table() if route.method == "GET"]
EVIL = ("https://evil.example/", "//evil.example", "/\\evil.example", "/%2F%2Fevil.example")


class TestSessions:
    def test_signing_in_and_being_invited_each_begin_with_another_cookie(
        self, office: Office
    ) -> None:
        """Session fixation: a cookie that somebody planted is never that of a session."""
        office.person(Role.ADMIN)
        invitation = office.invite(Role.READER)
        chosen = {"password": PASSWORD, "again": PASSWORD}
        ways: list[Callable[[Browser], httpx.Response]] = [
            lambda browser: browser.sign_in("Maria Alvarez"),
            lambda browser: browser.send(invitation, chosen, page=invitation),
        ]
        for enter in ways:
            victim, attacker = office.browser(), office.browser()
            for browser in (victim, attacker):
                browser.client.cookies.set("crosspromo", "planted-by-somebody-else")
            begun = enter(victim).headers["set-cookie"].partition(";")[0]
            assert "planted" not in begun
            assert victim.get("/", headers={"Cookie": begun}).status_code == 200
            assert attacker.get("/").headers["location"].startswith("/sign-in")

    def test_a_session_that_was_ended_opens_nothing(self, office: Office) -> None:
        browser = office.signed_in(Role.ADMIN)
        token = browser.client.cookies["crosspromo"]
        browser.send("/sign-out")
        thief = office.browser()
        thief.client.cookies.set("crosspromo", token)
        for route in PAGES:
            if route.role is not None:
                assert is_refused(thief.get(path_of(route))), route.name

    def test_an_unknown_name_and_a_wrong_password_cost_the_same_work(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        office.person(Role.ADMIN)
        office.invite(Role.READER, "Not Here Yet")
        verify, done = PasswordHasher.verify, []

        def counted(hasher: PasswordHasher, stored: str, password: str) -> bool:
            done.append(stored.rpartition("$")[0].rpartition("$")[0])  # without salt and hash
            return verify(hasher, stored, password)

        monkeypatch.setattr(PasswordHasher, "verify", counted)
        browser = office.browser()
        work = []
        for name in ("Maria Alvarez", "Nobody Here", "Not Here Yet", "x" * 10_000):
            done.clear()
            assert browser.sign_in(name, "a wrong password").status_code == 401
            work.append(tuple(done))
        assert len(work[0]) == 1
        assert set(work) == {work[0]}


class TestEveryPage:
    def test_nobody_is_led_to_another_host(self, office: Office, admin: Browser) -> None:
        asked = dict(zip(("next", "account", "to", "back"), EVIL, strict=True))
        for browser in (admin, office.browser()):
            for route in PAGES:
                answer = browser.get(path_of(route), params=asked)
                location = answer.headers.get("location", "/")
                assert not urlsplit(location).netloc, route.name
                assert not location.startswith(("//", "/\\")), route.name

    def test_no_page_and_no_refusal_can_be_put_into_a_frame(
        self, office: Office, admin: Browser
    ) -> None:
        for browser in (admin, office.browser()):
            for route in table():
                ask = browser.client.get if route.method == "GET" else browser.client.post
                headers = ask(path_of(route)).headers
                assert headers["x-frame-options"] == "DENY", route.name
                assert "frame-ancestors 'none'" in headers["content-security-policy"]

    @pytest.mark.parametrize("role", [None, Role.READER, Role.AUTHOR])
    def test_a_document_refuses_as_its_page_does(self, office: Office, role: Role | None) -> None:
        """Pages without a document have none under `.json` either, for anybody."""
        office.queue()
        browser = office.browser() if role is None else office.signed_in(role)
        for route in PAGES:
            page, document = browser.get(path_of(route)), browser.get(path_of(route) + JSON_SUFFIX)
            if is_refused(page):
                assert is_refused(document) or document.status_code == 404, route.name
                assert "deliveries" not in document.text, route.name
            if not route.has_json:
                assert document.status_code != 200, route.name

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../app.py",
            "/static/%2e%2e/app.py",
            "/static/..%2f..%2fassembly.py",
            "/media/..%2fcrosspromo.toml",
            "/media/%2e%2e%2fstore.db",
            "/static//etc/passwd",
        ],
    )
    def test_no_file_beside_ours_is_served(self, admin: Browser, path: str) -> None:
        answer = admin.get(path)
        assert answer.status_code in {400, 401, 404}
        assert "crosspromo" not in answer.headers.get("content-disposition", "")
        assert "import " not in answer.text
        assert "[organisation]" not in answer.text


class TestBodies:
    def test_a_slow_line_sends_ten_megabytes_and_a_slower_one_is_ended(self) -> None:
        def arrives(total: int, a_second: int, piece: int = 1_400) -> bool:
            """Whether each piece of a steady upload comes in time."""
            sent = range(0, total, piece)
            return all((taken + piece) / a_second <= bodies.seconds_for(taken) for taken in sent)

        assert arrives(10_000_000, 40_000)
        assert not arrives(10_000_000, 20_000)
        assert not arrives(256_000, 1_000)
        assert bodies.seconds_for(24_000_000) < 15 * 60

    @pytest.mark.parametrize("begun", [b"", b"name=Mar"])
    def test_a_body_that_does_not_come_is_not_waited_for(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, begun: bytes
    ) -> None:
        monkeypatch.setattr(bodies, "PATIENCE", 0.2)
        place = urlsplit(office.address)
        with socket.create_connection((place.hostname, place.port or 0), timeout=20) as line:
            line.sendall(
                b"POST /sign-in HTTP/1.1\r\nHost: console\r\nContent-Length: 100\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\n" + begun
            )
            assert line.recv(4_000).startswith(b"HTTP/1.1 408 ")

    def test_nothing_is_read_of_what_a_stranger_may_not_send(
        self, office: Office, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The refusal comes before the body, however long the body would be."""
        monkeypatch.setattr(bodies, "PATIENCE", 3_600.0)
        place = urlsplit(office.address)
        with socket.create_connection((place.hostname, place.port or 0), timeout=20) as line:
            line.sendall(
                b"POST /compose/xxxxxxxxxxxx HTTP/1.1\r\nHost: console\r\n"
                b"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: 20000000\r\n\r\n"
            )
            assert line.recv(4_000).startswith(b"HTTP/1.1 401 ")


class TestFiles:
    @pytest.mark.parametrize(
        ("data", "name", "media_type"),
        [
            (b"<svg><script>1</script></svg>", "a.svg", "image/svg+xml"),
            (b"<!doctype html><script>1</script>", "a.jpg", "image/jpeg"),
            (b"GIF89a<script>1</script>", "a.gif", "image/gif"),
            (b"%PDF-1.7\n", "a.png", "image/png"),
            (b"MZ" + bytes(2_000), "../../a.exe", "application/octet-stream"),
        ],
    )
    def test_what_is_no_picture_is_kept_nowhere(
        self, office: Office, author: Browser, data: bytes, name: str, media_type: str
    ) -> None:
        before = files(office.folder)
        answer = author.send(
            "/compose/xxxxxxxxxxxx",
            {"text": "Hello"},
            page="/compose",
            files=[("files", (name, data, media_type))],
        )
        assert answer.status_code == 422
        assert files(office.folder) == before

    def test_a_picture_larger_than_the_form_may_be_is_refused_whole(
        self, office: Office, author: Browser
    ) -> None:
        before = files(office.folder)
        answer = author.send(
            "/compose/xxxxxxxxxxxx",
            page="/compose",
            files=[("files", ("a.jpg", bytes(25_000_000), "image/jpeg"))],
        )
        assert answer.status_code == 413
        assert files(office.folder) == before


def files(folder: Path) -> set[str]:
    """Files in and beside the workspace, without those of the database."""
    found = (each for each in folder.parent.rglob("*") if each.is_file())
    return {str(each) for each in found if not each.name.startswith("store.db")}
