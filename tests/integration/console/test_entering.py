"""Signing in, invitations, sessions, and what an attacker would try there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from browsers import NAMES, PASSWORD, SETTINGS, Browser, Office

from crosspromo.domain.people import Role

MARIA = NAMES[Role.ADMIN]


def cookie(browser: Browser) -> str | None:
    return browser.client.cookies.get("crosspromo")


class TestSigningIn:
    def test_a_person_signs_in_and_goes_on_to_where_they_wanted(self, office: Office) -> None:
        office.person(Role.ADMIN)
        browser = office.browser()
        asked = browser.get("/?x=1")
        assert asked.headers["location"] == "/sign-in?next=%2F%3Fx%3D1"

        fields = {"name": MARIA.upper(), "password": PASSWORD, "next": "/?x=1"}
        answer = browser.send("/sign-in", fields, page="/sign-in")

        assert (answer.status_code, answer.headers["location"]) == (303, "/?x=1")
        assert MARIA in browser.get("/").text

    def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(self, office: Office) -> None:
        office.person(Role.ADMIN)
        browser = office.browser()
        wrong = browser.sign_in(MARIA, "a wrong password")
        unknown = browser.sign_in("Nobody Here", "a wrong password")
        assert wrong.status_code == unknown.status_code == 401
        assert strip(wrong.text, MARIA) == strip(unknown.text, "Nobody Here")

    def test_after_some_failures_a_name_waits_even_with_the_right_password(
        self, office: Office
    ) -> None:
        office.person(Role.ADMIN)
        browser = office.browser()
        for _ in range(8):
            browser.sign_in(MARIA, "a wrong password")
        answer = browser.sign_in(MARIA)
        assert answer.status_code == 401
        assert "too many tries" in answer.text

        office.clock.advance(timedelta(minutes=16))
        assert browser.sign_in(MARIA).status_code == 303

    def test_a_cookie_from_before_is_worth_nothing_after_signing_in(self, office: Office) -> None:
        """Session fixation: an attacker who planted the cookie does not share the session."""
        office.person(Role.ADMIN)
        victim, planted = office.browser(), "planted-by-somebody-else"
        victim.client.cookies.set("crosspromo", planted)
        victim.sign_in(MARIA)

        attacker = office.browser()
        attacker.client.cookies.set("crosspromo", planted)
        assert attacker.get("/").status_code == 303
        answer = victim.get("/")
        assert answer.status_code == 200

    @pytest.mark.parametrize(
        "elsewhere",
        [
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/%09/evil.example",
            "///evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "http:evil.example",
        ],
    )
    def test_nobody_is_led_to_another_host(self, office: Office, elsewhere: str) -> None:
        office.person(Role.ADMIN)
        browser = office.browser()
        fields = {"name": MARIA, "password": PASSWORD, "next": elsewhere}
        location = browser.send("/sign-in", fields, page="/sign-in").headers["location"]
        assert re.match(r"/(?![/\\\t])", location)
        assert "evil" not in location or location.startswith("/%")

    def test_the_cookie_is_kept_from_scripts_and_other_sites(self, office: Office) -> None:
        office.person(Role.ADMIN)
        answer = office.browser().sign_in(MARIA)
        set_cookie = answer.headers["set-cookie"]
        assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(set_cookie.split("; "))

    def test_behind_https_the_cookie_is_of_this_host_alone(self, tmp_path: Path) -> None:
        settings = SETTINGS + '[serve]\npublic_url = "https://posts.rva.example"\n'
        with Office(tmp_path, settings) as office:
            set_cookie = office.browser().get("/sign-in").headers["set-cookie"]
        assert set_cookie.startswith("__Host-crosspromo=")
        assert set_cookie.endswith("; Secure")


def strip(text: str, name: str) -> str:
    """A page without what was typed and without its token."""
    return re.sub(r'value="[0-9a-f]{64}"', "", text).replace(name, "")


class TestInvitations:
    def test_an_invited_person_chooses_a_password_and_is_in(self, office: Office) -> None:
        path, browser = office.invite(Role.AUTHOR, "Amira Haddad"), office.browser()
        assert "Welcome, Amira Haddad" in browser.get(path).text

        answer = browser.send(path, {"password": PASSWORD, "again": PASSWORD}, page=path)

        assert answer.headers["location"] == "/"
        assert "Amira Haddad" in browser.get("/").text

    def test_looking_at_a_link_does_not_use_it_and_using_it_does(self, office: Office) -> None:
        path, browser = office.invite(Role.AUTHOR), office.browser()
        for _ in range(3):
            assert browser.get(path).status_code == 200
        browser.send(path, {"password": PASSWORD, "again": PASSWORD}, page=path)
        over = office.browser().get(path)
        assert over.status_code == 410
        assert "This link is over" in over.text

    def test_a_link_ends_after_a_week(self, office: Office) -> None:
        path = office.invite(Role.AUTHOR)
        office.clock.advance(timedelta(days=7, seconds=1))
        assert office.browser().get(path).status_code == 410

    @pytest.mark.parametrize(
        ("password", "again", "says"),
        [
            ("too short", "too short", "at least 10 characters"),
            ("long enough password", "another password", "differ"),
            ("Amira Author", "Amira Author", "not the name"),
            ("x" * 201, "x" * 201, "at most 200 characters"),
        ],
    )
    def test_an_unfit_password_leaves_the_link_unused(
        self, office: Office, password: str, again: str, says: str
    ) -> None:
        path, browser = office.invite(Role.AUTHOR), office.browser()
        answer = browser.send(path, {"password": password, "again": again}, page=path)
        assert answer.status_code == 422
        assert says in answer.text
        assert browser.get(path).status_code == 200

    def test_no_link_and_no_token_is_stored_as_it_is(self, office: Office) -> None:
        path = office.invite(Role.AUTHOR)
        browser, own = office.browser(), office.invite(Role.ADMIN)
        browser.send(own, {"password": PASSWORD, "again": PASSWORD}, page=own)
        content = b"".join(
            file.read_bytes() for file in office.folder.glob("store.db*") if file.is_file()
        )
        token = cookie(browser)
        assert token is not None
        assert path.rpartition("/")[2].encode() not in content
        assert own.rpartition("/")[2].encode() not in content
        assert token.encode() not in content
        assert PASSWORD.encode() not in content


class TestSessions:
    def test_signing_out_ends_the_session_for_good(self, office: Office) -> None:
        browser = office.signed_in(Role.READER)
        token = cookie(browser)
        assert browser.send("/sign-out").headers["location"] == "/sign-in"
        assert "You are signed out." in browser.open("/sign-in").text
        assert token is not None
        browser.client.cookies.set("crosspromo", token)
        assert browser.get("/").status_code == 303

    def test_a_session_ends_after_two_weeks(self, office: Office) -> None:
        office.person(Role.READER)
        browser = office.browser()
        browser.sign_in(NAMES[Role.READER])
        office.clock.advance(timedelta(days=14, seconds=-1))
        assert browser.get("/").status_code == 200
        office.clock.advance(timedelta(seconds=1))
        assert browser.get("/").status_code == 303

    def test_a_reset_ends_all_sessions_and_the_password(self, office: Office) -> None:
        browser = office.signed_in(Role.ADMIN)
        office.workspace.services.people("kim").reset(MARIA)
        assert browser.get("/").status_code == 303
        assert office.browser().sign_in(MARIA).status_code == 401

    def test_another_role_counts_at_once(self, office: Office) -> None:
        browser = office.signed_in(Role.ADMIN)
        office.signed_in(Role.ADMIN, "Somebody Else")
        office.workspace.services.people("kim").set_role(MARIA, Role.READER)
        assert browser.get("/people").status_code in {403, 404}

    def test_a_removed_person_is_out_at_once(self, office: Office) -> None:
        browser = office.signed_in(Role.AUTHOR)
        office.workspace.services.people("kim").remove(NAMES[Role.AUTHOR])
        assert browser.get("/").status_code == 303


class TestSecondStep:
    def test_a_code_is_asked_for_and_works_once(self, office: Office) -> None:
        person, secret = office.person(Role.ADMIN), pyotp.random_base32()
        code = pyotp.TOTP(secret).at(office.clock.now())
        office.second_step(person, secret, code)

        browser = office.browser()
        assert "code is wrong" in browser.sign_in(MARIA, PASSWORD).text
        assert "code is wrong" in browser.sign_in(MARIA, PASSWORD, code).text  # it was used
        office.clock.advance(timedelta(seconds=30))
        following = pyotp.TOTP(secret).at(office.clock.now())
        assert browser.sign_in(MARIA, PASSWORD, following).status_code == 303
        assert "code is wrong" in office.browser().sign_in(MARIA, PASSWORD, following).text


class TestForms:
    def test_a_form_of_another_site_is_refused(self, office: Office, admin: Browser) -> None:
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ):
            assert admin.send("/sign-out", headers=headers).status_code == 403
        assert admin.get("/").status_code == 200
        fine = {"Sec-Fetch-Site": "same-origin", "Origin": office.address}
        assert admin.send("/sign-out", headers=fine).status_code == 303

    def test_the_token_of_another_person_is_refused(self, office: Office, admin: Browser) -> None:
        token = office.signed_in(Role.READER).form_token()
        answer = admin.client.post("/sign-out", data={"form-token": token})
        assert answer.status_code == 403

    def test_a_body_that_is_too_large_is_not_read(self, admin: Browser) -> None:
        answer = admin.client.post("/sign-out", data={"x": "y" * 300_000})
        assert answer.status_code == 413
        assert "too large" in answer.text

        def endless() -> Iterator[bytes]:
            for _ in range(400):
                yield b"x" * 1000

        answer = admin.client.post(
            "/sign-out",
            content=endless(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        assert answer.status_code == 413


class TestWhatWasTyped:
    TYPED = "Come to the boathouse & bring <b>boots</b>"
    SHOWN = "Come to the boathouse &amp; bring &lt;b&gt;boots&lt;/b&gt;"

    @pytest.mark.parametrize("path", ["/compose/xxxxxxxxxxxx", "/deliveries/1/edit"])
    def test_a_session_that_ends_while_somebody_writes_loses_no_words(
        self, office: Office, path: str
    ) -> None:
        writer = office.signed_in(Role.AUTHOR)
        form = {"form-token": writer.form_token(), "text": self.TYPED, "title": "Boots"}
        writer.send("/sign-out")
        over = writer.client.post(path, data=form)
        assert over.status_code == 401
        other = office.signed_in(Role.AUTHOR, "Amira Again")  # a new session
        too_old = other.client.post(path, data=form)
        assert too_old.status_code == 403
        for page in (over.text, too_old.text):
            assert "readonly" in page
            assert self.SHOWN in page
            assert "Boots" in page
            assert form["form-token"] not in page.partition("<textarea")[2].partition("</")[0]

    def test_another_site_places_nothing_into_a_form(self, office: Office) -> None:
        author = office.signed_in(Role.AUTHOR)
        elsewhere = {"Sec-Fetch-Site": "cross-site"}
        answer = author.client.post(
            "/compose/xxxxxxxxxxxx", data={"text": "Buy gold"}, headers=elsewhere
        )
        assert answer.status_code == 403
        shown = answer.text.partition("Buy gold")[0].rpartition("<")[2]
        assert "readonly" in shown
        assert " name=" not in shown
        assert "Buy gold" not in author.get("/compose").text

    def test_no_password_is_shown(self, office: Office, admin: Browser) -> None:
        typed = {"old": PASSWORD, "new": "six quiet otters swim", "again": "six quiet otters swim"}
        answer = admin.client.post("/me/password", data=typed)
        assert answer.status_code == 403
        assert "otters" not in answer.text
        assert PASSWORD not in answer.text

    def test_a_body_that_is_too_large_is_still_in_the_browser(self, admin: Browser) -> None:
        answer = admin.client.post("/pause", data={"reason": "y" * 300_000})
        assert answer.status_code == 413
        assert "Your browser has it still: go back" in answer.text


class TestBehindAProxy:
    SETTINGS = SETTINGS + '[serve]\nproxies = ["{}"]\nuser_header = "X-Remote-User"\n'

    def test_a_named_proxy_says_who_is_signed_in(self, tmp_path: Path) -> None:
        with Office(tmp_path, self.SETTINGS.format("127.0.0.1")) as office:
            office.person(Role.AUTHOR)
            browser = office.browser(**{"X-Remote-User": NAMES[Role.AUTHOR]})
            assert NAMES[Role.AUTHOR] in browser.get("/").text
            stranger = office.browser(**{"X-Remote-User": "Somebody Unknown"})
            assert stranger.get("/").status_code == 403

    def test_the_header_of_anybody_else_is_not_believed(self, tmp_path: Path) -> None:
        with Office(tmp_path, self.SETTINGS.format("10.1.2.3")) as office:
            office.person(Role.AUTHOR)
            browser = office.browser(**{"X-Remote-User": NAMES[Role.AUTHOR]})
            assert browser.get("/").status_code == 303


def test_a_hostile_name_is_shown_as_it_is(office: Office) -> None:
    name = "<script>alert(1)</script> & \"Ana\" 'x'"
    text = office.signed_in(Role.AUTHOR, name).get("/").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; &#34;Ana&#34; &#39;x&#39;" in text
