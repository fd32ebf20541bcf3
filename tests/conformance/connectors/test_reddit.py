"""The Reddit connector, through the real praw, against a simulated Reddit that fails on request."""

import html
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import NoReturn

import PIL.Image
import pytest
import requests
from conformance.connectors.reddit_world import (
    BY_PASSWORD,
    BY_REFRESH_TOKEN,
    DAY,
    HELLO,
    HISTORY,
    ME,
    TOKEN,
    MemorySessions,
    World,
    assert_discreet,
    prepared,
    publish,
    titles,
)
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from servers.simulators import RateLimit, Subreddit
from servers.simulators.reddit import CREDENTIALS
from servers.simulators.reddit_media import BUCKET, LEASE_SECRET

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    ConfigError,
    Content,
    Deletes,
    Found,
    Image,
    NotSent,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.http_outcomes import never_left
from crosspromo.connectors.reddit import NETWORK
from crosspromo.secrets.redaction import RedactingFormatter, Redactor
from crosspromo.testing.clock import START
from crosspromo.testing.simulator.messages import Answer, json_answer

pytestmark = pytest.mark.usefixtures("nothing_sleeps")


class TestAPost:
    def test_is_sent_with_one_request_exactly_as_prepared(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        assert post.payload == {
            "subreddit": "test",
            "title": "Come & see",
            "text": "See https://example.org/a\n\nand *come*",
        }
        outcome = connector.send(post)

        (shown,) = world.reddit.posts
        url = f"https://www.reddit.com{shown.permalink}"
        assert outcome == Sent(Receipt(shown.fullname, url))
        assert (shown.kind, shown.subreddit.name) == ("self", "test")
        assert (shown.title, shown.text) == (HELLO.title, HELLO.text)
        assert [arrival.path for arrival in world.arrivals] == [TOKEN, "/api/submit"]

    def test_says_who_we_are(self, world: World) -> None:
        publish(world.connect())
        assert all("crosspromo:0" in arrival.headers["user-agent"] for arrival in world.arrivals)

    def test_is_named_after_its_content_and_account(self, world: World) -> None:
        token = prepared(world.connect()).token
        assert token == HELLO.fingerprint("reddit-main")

    @pytest.mark.parametrize("title", [None, "", "  "])
    def test_needs_a_title(self, world: World, title: str | None) -> None:
        obstacle = world.connect().ready(replace(HELLO, title=title))
        assert isinstance(obstacle, Rejected)
        assert world.arrivals == ()

    def test_goes_out_with_a_refresh_token_as_well(self, world: World) -> None:
        assert isinstance(publish(world.connect(credentials=BY_REFRESH_TOKEN)), Sent)

    def test_that_follows_another_needs_no_further_token(self, world: World) -> None:
        connector = world.connect()
        publish(connector)
        publish(connector, Content("More", title="More"))
        assert [arrival.path for arrival in world.arrivals].count(TOKEN) == 1


LOST = [
    *[(kind, when) for kind in ("hang", "close", "500", "503") for when in ("before", "after")],
    ("unreadable", "after"),
    ("301", "before"),
]


class TestALostAnswer:
    """However the answer was lost: one request arrived, we do not know, and the look-up tells."""

    @pytest.mark.parametrize(("kind", "when"), LOST)
    def test_is_unknown_and_is_found_out(self, world: World, kind: str, when: str) -> None:
        connector = world.connect_for(kind)
        post = prepared(connector)
        world.reddit.fail_next(kind, when, times=None)
        outcome = connector.send(post)

        assert isinstance(outcome, Unknown)
        assert_discreet(outcome)
        assert len(world.reddit.writes) == 1
        assert titles(world) == ([HELLO.title] if when == "after" else [])
        seen = connector.look_up(post, world.clock.now())
        assert isinstance(seen, Found if when == "after" else Absent)

    @pytest.mark.parametrize(
        "answer",
        [
            Answer(302, b"", {"location": "/"}),
            Answer(303, b"", {"location": "/"}),
            Answer(302),
            Answer(204),
            Answer(200),
            Answer(206, b"{}"),
            Answer(400, b"<html>"),
            Answer(404),
            json_answer(408, {}),
            json_answer(409, {"message": "Conflict"}),
            Answer(415, b"not JSON"),
            Answer(529, b""),
            json_answer(200, []),
            json_answer(200, {}),
            json_answer(200, {"json": {"errors": [["ODD"]]}}),
            json_answer(200, {"json": {"errors": None}}),
            json_answer(200, {"json": {"errors": [], "data": {"id": "1"}}}),
        ],
        ids=lambda answer: f"{answer.status} {answer.body[:60].decode()}",
    )
    def test_so_is_one_that_nobody_foresaw(self, world: World, answer: Answer) -> None:
        connector = world.connect()
        world.reddit.canned = answer
        assert isinstance(publish(connector), Unknown)
        assert len(world.reddit.writes) == 1


class TestSurelyNotSent:
    @pytest.mark.parametrize(
        ("kind", "seconds", "wait"),
        [
            ("429", 90, 90),
            ("ratelimit", 1, 1),
            ("ratelimit", 0, 0),
            ("ratelimit", 300, 300),
        ],
    )
    def test_too_many_says_when_to_come_back(
        self, world: World, kind: str, seconds: float, wait: float
    ) -> None:
        world.reddit.fail_next(kind, times=None, seconds=seconds)
        connector = world.connect()
        outcome = publish(connector)
        assert isinstance(outcome, NotSent)
        assert (outcome.retry_at, outcome.account_fault) == (world.in_seconds(wait), False)
        assert len(world.reddit.writes) == 1

    @pytest.mark.parametrize(
        ("headers", "wait"),
        [
            ({"retry-after": "7"}, 7),
            ({"retry-after": "7", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9"}, 7),
            ({"x-ratelimit-remaining": "0.0", "x-ratelimit-reset": "9"}, 9),
            ({"retry-after": "999999999"}, 86_400),
            ({"retry-after": "-5"}, 0),
            ({"retry-after": "nan"}, None),
            ({"x-ratelimit-remaining": "none", "x-ratelimit-reset": "inf"}, None),
            ({}, None),
        ],
    )
    def test_too_many_with_odd_headers(
        self, world: World, headers: dict[str, str], wait: float | None
    ) -> None:
        connector = world.connect()
        world.reddit.canned = json_answer(429, {"message": "Too Many Requests"}, headers)
        outcome = publish(connector)
        assert isinstance(outcome, NotSent)
        assert outcome.retry_at == (None if wait is None else world.in_seconds(wait))

    @pytest.mark.parametrize("kind", ["401", "403"])
    def test_an_account_that_is_refused_needs_a_person(self, world: World, kind: str) -> None:
        world.reddit.fail_next(kind, times=None)
        outcome = publish(world.connect())
        assert isinstance(outcome, NotSent)
        assert outcome.account_fault
        assert (len(world.reddit.writes), titles(world)) == (1, [])

    def test_a_token_refused_without_a_challenge_is_no_riddle(self, world: World) -> None:
        connector = world.connect()
        world.reddit.canned = Answer(401)  # over which prawcore stumbles with a KeyError
        outcome = publish(connector)
        assert isinstance(outcome, NotSent)
        assert outcome.account_fault

    def test_a_refused_account_names_the_community_or_the_missing_scope(self, world: World) -> None:
        challenge = {"www-authenticate": 'Bearer realm="reddit", error="insufficient_scope"'}
        connector = world.connect()
        world.reddit.canned = Answer(403, b"", challenge)
        outcome = publish(connector)
        assert isinstance(outcome, NotSent)
        assert "r/test" in outcome.reason
        assert "insufficient_scope" in outcome.reason

    def test_a_token_that_worked_before_is_replaced(self, world: World) -> None:
        connector = world.connect()
        publish(connector)
        world.reddit.expire_tokens()
        outcome = publish(connector, Content("Two", title="Two"))
        assert isinstance(outcome, NotSent)
        assert not outcome.account_fault
        assert isinstance(publish(connector, Content("Two", title="Two")), Sent)

    def test_nobody_listens(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        world.reddit.stop()
        outcome = connector.send(post)
        assert isinstance(outcome, NotSent)
        assert not outcome.account_fault

    @pytest.mark.parametrize("fault", ["name", "time-out"])
    def test_no_connection_is_made(
        self, world: World, monkeypatch: pytest.MonkeyPatch, fault: str
    ) -> None:
        def no_such_host(*_: object, **__: object) -> NoReturn:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

        def too_slow(*_: object) -> NoReturn:
            raise TimeoutError

        connector = world.connect()
        post = prepared(connector)
        with monkeypatch.context() as patch:
            if fault == "name":
                patch.setattr(socket, "getaddrinfo", no_such_host)
            else:
                patch.setattr(socket.socket, "connect", too_slow, raising=False)
            outcome = connector.send(post)
        assert isinstance(outcome, NotSent)
        assert world.reddit.writes == ()

    def test_nobody_vouches_for_the_server(self, tmp_path: Path) -> None:
        with stranger(tmp_path) as port, requests.Session() as session:
            session.trust_env = False
            with pytest.raises(requests.exceptions.SSLError) as raised:
                session.get(f"https://127.0.0.1:{port}/", timeout=5)
        assert never_left(raised.value)


@contextmanager
def stranger(folder: Path) -> Iterator[int]:
    """The port of a server whose certificate it signed itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, START, START + 3650 * DAY)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate
    (folder / "stranger.pem").write_bytes(pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "stranger.pem")

    def greet() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError), context.wrap_socket(connection, server_side=True):
            pass

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=greet)
        thread.start()
        yield server.getsockname()[1]
        thread.join()


TOO_LONG = replace(HELLO, title="a" * 301)


class TestARefusal:
    def test_of_the_content_is_final_in_reddits_words(self, world: World) -> None:
        outcome = publish(world.connect(), TOO_LONG)
        assert outcome == Rejected("TOO_LONG: this is too long (max: 300) (title)", "TOO_LONG")
        assert len(world.reddit.writes) == 1

    def test_by_a_rule_of_the_community_is_final(self, new_world: Callable[..., World]) -> None:
        world = new_world(subreddits=(Subreddit("test", forbidden_title_words=("see",)),))
        outcome = publish(world.connect())
        assert isinstance(outcome, Rejected)
        assert outcome.code == "SUBMIT_VALIDATION_TITLE_BLACKLISTED_STRING"
        assert 'may not have "see" in your title' in outcome.reason

    @pytest.mark.parametrize(
        "fault",
        [
            {"reason": "ODD", "explanation": "Both are odd", "fields": ["title", "text"]},
            {"reason": "ODD"},
            {"message": "Bad Request", "error": 400},
            {"message": "Bad Request", "explanation": "no reason", "fields": ["title"]},
        ],
    )
    def test_that_praw_itself_stumbles_over_is_final(
        self, world: World, fault: dict[str, object]
    ) -> None:
        connector = world.connect()
        world.reddit.canned = json_answer(400, fault)
        assert isinstance(publish(connector), Rejected)

    @pytest.mark.parametrize("place", ["nowhere", "closed", "links"])
    def test_of_the_community_needs_a_person(
        self, new_world: Callable[..., World], place: str
    ) -> None:
        closed = Subreddit("closed", open_to_us=False)
        links = Subreddit("links", kinds=frozenset({"link"}))
        world = new_world(subreddits=(closed, links))
        outcome = publish(world.connect(place))
        assert isinstance(outcome, NotSent)
        assert outcome.account_fault
        assert f"r/{place}" in outcome.reason


class TestBeforeTheSend:
    @pytest.mark.parametrize(
        "credentials",
        [
            BY_PASSWORD | {"password": "wrong-password"},
            BY_PASSWORD | {"client_secret": "wrong-secret"},
            BY_REFRESH_TOKEN | {"refresh_token": "wrong-token"},
        ],
        ids=["password", "application", "refresh token"],
    )
    def test_refused_credentials_need_a_person(
        self, world: World, credentials: dict[str, str]
    ) -> None:
        connector = world.connect(credentials=credentials)
        obstacle = connector.ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.account_fault
        assert "wrong" not in obstacle.reason
        with pytest.raises(AccountError) as raised:
            connector.verify()
        assert "wrong" not in str(raised.value)

    @pytest.mark.parametrize("kind", ["hang", "close", "500", "503", "301", "429", "402"])
    def test_a_network_in_trouble_is_tried_again(self, world: World, kind: str) -> None:
        world.reddit.fail_next(kind, path=TOKEN)
        connector = world.connect_for(kind)
        obstacle = connector.ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault
        assert len(world.arrivals) == 1
        assert connector.ready(HELLO) is None

    def test_an_unreadable_token_is_tried_again(self, world: World) -> None:
        world.reddit.fail_next("unreadable", "after", path=TOKEN)
        connector = world.connect()
        assert isinstance(connector.ready(HELLO), NotSent)
        assert connector.ready(HELLO) is None

    def test_a_server_that_is_not_there_is_tried_again(self, world: World) -> None:
        world.reddit.stop()
        obstacle = world.connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault

    def test_nothing_is_asked_when_we_are_ready(self, world: World) -> None:
        connector = world.connect()
        for _ in range(3):
            assert connector.ready(HELLO) is None
        assert [arrival.path for arrival in world.arrivals] == [TOKEN]

    def test_settings_of_praw_in_the_environment_are_not_ours(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("client_id", "client_secret", "username", "password", "refresh_token"):
            monkeypatch.setenv(f"praw_{name}", "somebody else's")
        assert world.connect(credentials=BY_REFRESH_TOKEN).ready(HELLO) is None


class TestTheLookUp:
    def look(self, world: World, content: Content = HELLO, ago: float = 0) -> object:
        connector = world.connect()
        post = connector.prepare(content, START)
        return connector.look_up(post, world.in_seconds(-ago))

    def put(self, world: World, text: str, title: str = "Come & see") -> str:
        return world.reddit.publish_elsewhere(CREDENTIALS.username, text, title)

    def test_finds_the_post_with_its_address_and_time(self, world: World) -> None:
        outcome = publish(world.connect())
        assert isinstance(outcome, Sent)
        world.clock.advance(timedelta(hours=1))
        expected = replace(outcome.receipt, published_at=START)
        assert self.look(world, ago=3600) == Found(expected)

    @pytest.mark.parametrize(
        "text",
        [
            HELLO.text.replace("\n", "\r\n"),
            f"{HELLO.text}\n\n",
            html.escape(HELLO.text),
        ],
    )
    def test_knows_the_post_as_reddit_writes_it(self, world: World, text: str) -> None:
        self.put(world, text)
        assert isinstance(self.look(world), Found)

    def test_knows_a_text_that_has_entities_of_its_own(self, world: World) -> None:
        self.put(world, "&amp; is how HTML writes &")
        content = replace(HELLO, text="&amp; is how HTML writes &")
        assert isinstance(self.look(world, content), Found)

    def test_is_not_misled_by_other_posts(self, world: World) -> None:
        self.put(world, "Something else")
        self.put(world, HELLO.text, "Another title")
        world.reddit.publish_elsewhere("somebody", HELLO.text, "Come & see")
        publish(world.connect("rivervalley"))
        assert self.look(world) == Absent()

    def test_is_not_misled_by_an_older_one_of_the_same_words(self, world: World) -> None:
        self.put(world, HELLO.text)
        world.clock.advance(timedelta(seconds=62))
        assert isinstance(self.look(world), Unclear)
        assert isinstance(self.look(world, ago=2), Found)
        world.clock.advance(timedelta(days=1))
        assert self.look(world) == Absent()

    def test_finds_nothing_in_an_empty_history(self, world: World) -> None:
        assert self.look(world) == Absent()

    def test_goes_back_page_by_page(self, world: World) -> None:
        self.put(world, HELLO.text)
        for number in range(120):
            self.put(world, f"{number}")
        assert isinstance(self.look(world), Found)
        assert [a.path for a in world.arrivals].count(HISTORY) == 2

    def test_stops_at_posts_that_are_older_than_the_attempt(self, world: World) -> None:
        for number in range(120):
            self.put(world, f"{number}")
        world.clock.advance(timedelta(days=1, minutes=5))
        assert self.look(world) == Absent()
        assert [a.path for a in world.arrivals].count(HISTORY) == 1

    def test_is_unclear_when_it_cannot_reach_back_far_enough(self, world: World) -> None:
        for number in range(501):
            self.put(world, f"{number}")
        assert isinstance(self.look(world), Unclear)

    @pytest.mark.parametrize("path", [ME, HISTORY])
    @pytest.mark.parametrize("kind", ["hang", "close", "500", "429", "401", "403", "301"])
    def test_that_fails_is_unclear_and_asks_once(self, world: World, kind: str, path: str) -> None:
        self.put(world, HELLO.text)
        connector = world.connect_for(kind)
        post = prepared(connector)
        world.reddit.fail_next(kind, path=path, times=None)
        seen = connector.look_up(post, world.clock.now())
        assert isinstance(seen, Unclear)
        assert_discreet(seen)
        assert [arrival.path for arrival in world.arrivals].count(path) == 1

    def test_that_is_unreadable_is_unclear(self, world: World) -> None:
        world.reddit.fail_next("unreadable", "after", path=HISTORY)
        assert isinstance(self.look(world), Unclear)

    def test_uses_a_refresh_token_as_well(self, world: World) -> None:
        connector = world.connect(credentials=BY_REFRESH_TOKEN)
        post = prepared(connector)
        connector.send(post)
        assert isinstance(connector.look_up(post, START), Found)


class TestTheAccount:
    @pytest.mark.parametrize("credentials", [BY_PASSWORD, BY_REFRESH_TOKEN])
    def test_is_named_by_reddit(self, world: World, credentials: dict[str, str]) -> None:
        assert world.connect(credentials=credentials).verify() == "u/crosspromo"

    @pytest.mark.parametrize("kind", ["hang", "500", "403"])
    def test_that_cannot_be_asked_is_an_error(self, world: World, kind: str) -> None:
        world.reddit.fail_next(kind, path=ME)
        with pytest.raises(AccountError):
            world.connect_for(kind).verify()

    @pytest.mark.parametrize("options", [{}, {"subreddit": " "}, {"subreddit": "r/"}])
    def test_needs_a_community(self, world: World, options: dict[str, str]) -> None:
        with pytest.raises(ConfigError, match=r'"reddit-main".*subreddit = '):
            NETWORK.connect(replace(world.setup, options=options))

    @pytest.mark.parametrize("name", ["test", "r/test", "/r/test"])
    def test_has_its_community_by_name(self, world: World, name: str) -> None:
        connector = NETWORK.connect(replace(world.setup, options={"subreddit": name}))
        assert connector.prepare(HELLO, START).payload["subreddit"] == "test"
        connector.close()

    def test_costs_nothing_while_it_is_not_used(self) -> None:
        heavy = "{'praw', 'prawcore', 'requests'}"
        code = f"import sys, crosspromo.connectors.reddit; assert not {heavy} & set(sys.modules)"
        subprocess.run([sys.executable, "-c", code], check=True)


class TestTheTraps:
    """NETWORKS.md, *Traps*, by number: each fails without its remedy in the connector."""

    @pytest.mark.parametrize("kind", ["hang", "close", "500", "503", "401"])
    def test_1_praw_posts_three_times(self, world: World, kind: str) -> None:
        connector = world.connect_for(kind)
        world.reddit.fail_next(kind, times=None)
        publish(connector)
        assert len(world.reddit.writes) == 1

    def test_1_praw_waits_and_posts_again_after_a_short_ratelimit(self, world: World) -> None:
        world.reddit.fail_next("ratelimit", seconds=0)
        assert isinstance(publish(world.connect()), NotSent)
        assert len(world.reddit.writes) == 1

    def test_2_the_time_out_is_ours(self, world: World) -> None:
        world.reddit.fail_next("hang")
        before = time.monotonic()
        assert isinstance(publish(world.connect_for("hang")), Unknown)
        assert time.monotonic() - before < 5

    @pytest.mark.parametrize("path", ["/api/submit", TOKEN, HISTORY])
    def test_2_an_answer_that_drips_is_not_waited_for_beyond_it(
        self, world: World, path: str
    ) -> None:
        connector = world.connect_for("hang")
        post = connector.prepare(HELLO, START)
        world.reddit.fail_next("drip", "after", path=path, seconds=0.05)
        before = time.monotonic()
        if path == TOKEN:
            assert isinstance(connector.ready(HELLO), NotSent)
        elif path == HISTORY:
            assert isinstance(connector.look_up(post, START), Unclear)
        else:
            assert isinstance(publish(connector), Unknown)
            assert isinstance(connector.look_up(post, START), Found)
        assert time.monotonic() - before < 4
        assert world.reddit.faults.pending == ()

    def test_10_a_duplicate_is_a_reason_to_look(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        connector.send(post)
        error = ["ALREADY_SUB", "that link has already been submitted", "url"]
        world.reddit.canned = json_answer(200, {"json": {"errors": [error]}})
        duplicate = connector.send(post)
        assert isinstance(duplicate, Unknown)
        assert "already been submitted" in duplicate.detail
        assert isinstance(connector.look_up(post, START), Found)

    def test_11_a_redirected_post_is_no_success(self, world: World) -> None:
        world.reddit.fail_next("301")
        outcome = publish(world.connect())
        assert isinstance(outcome, Unknown)
        assert "redirect" in outcome.detail
        assert (world.reddit.landed, len(world.reddit.writes)) == (0, 1)

    def test_11_a_redirect_does_not_carry_the_password_elsewhere(self, world: World) -> None:
        world.reddit.fail_next("301", path=TOKEN)
        assert isinstance(world.connect().ready(HELLO), NotSent)
        assert world.reddit.landed == 0

    def test_17_an_empty_look_up_is_not_the_last_word(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        connector.send(post)
        world.reddit.fail_next("stale_listing")
        assert connector.look_up(post, START) == Absent()
        assert isinstance(connector.look_up(post, START), Found)

    def test_17_a_failed_look_up_is_not_an_absence(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        world.reddit.fail_next("503", path=HISTORY)
        assert isinstance(connector.look_up(post, START), Unclear)

    def test_18_the_token_is_there_before_the_send(self, world: World) -> None:
        connector = world.connect()
        post = prepared(connector)
        before = len(world.arrivals)
        connector.send(post)
        assert [arrival.path for arrival in world.arrivals[before:]] == ["/api/submit"]

    def test_18_a_token_about_to_end_is_renewed_before_the_send(self, world: World) -> None:
        connector = world.connect()
        publish(connector)
        world.clock.advance(DAY - timedelta(minutes=1))
        assert connector.ready(HELLO) is None
        assert [arrival.path for arrival in world.arrivals] == [TOKEN, "/api/submit", TOKEN]

    def test_18_a_token_that_ended_meanwhile_is_not_renewed_within_the_send(
        self, world: World
    ) -> None:
        connector = world.connect()
        post = prepared(connector)
        world.clock.advance(DAY)
        assert isinstance(connector.send(post), NotSent)
        assert [arrival.path for arrival in world.arrivals] == [TOKEN]

    def test_19_a_rotated_refresh_token_is_stored_before_it_is_used(
        self, new_world: Callable[..., World]
    ) -> None:
        world = new_world(rotate=True)
        asked_before_it_was_saved: list[tuple[str, ...]] = []
        world.sessions = MemorySessions(
            lambda _: asked_before_it_was_saved.append(tuple(a.path for a in world.arrivals))
        )
        publish(world.connect(credentials=BY_REFRESH_TOKEN))
        assert asked_before_it_was_saved == [(TOKEN,)]
        after_a_crash = world.connect(credentials=BY_REFRESH_TOKEN)
        assert after_a_crash.ready(HELLO) is None

    def test_19_a_token_that_cannot_be_stored_is_not_used(
        self, new_world: Callable[..., World]
    ) -> None:
        def full(_: str) -> NoReturn:
            raise OSError

        world = new_world(rotate=True)
        world.sessions = MemorySessions(full)
        connector = world.connect(credentials=BY_REFRESH_TOKEN)
        assert isinstance(connector.ready(HELLO), NotSent)
        assert isinstance(connector.send(connector.prepare(HELLO, START)), NotSent)
        assert [arrival.path for arrival in world.arrivals] == [TOKEN]

    def test_19_a_newly_configured_refresh_token_replaces_the_stored_one(
        self, new_world: Callable[..., World]
    ) -> None:
        world = new_world(rotate=True)
        assert world.connect(credentials=BY_REFRESH_TOKEN).ready(HELLO) is None
        world.reddit.tokens.refresh_token = "a-new-beginning"
        renewed = BY_REFRESH_TOKEN | {"refresh_token": "a-new-beginning"}
        assert world.connect(credentials=renewed).ready(HELLO) is None

    def test_pacing_by_the_rate_headers_is_not_done_by_sleeping(
        self, new_world: Callable[..., World]
    ) -> None:
        world = new_world(limit=RateLimit(1000, 600))
        connector = world.connect()
        for number in range(3):
            assert isinstance(publish(connector, Content("", title=f"{number}")), Sent)

    def test_pacing_a_limit_that_is_used_up_is_waited_for_outside(
        self, new_world: Callable[..., World]
    ) -> None:
        world = new_world(limit=RateLimit(1, 259))
        connector = world.connect()
        publish(connector)
        obstacle = connector.ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.retry_at == world.in_seconds(259)
        assert len(world.arrivals) == 2
        world.clock.advance(timedelta(seconds=259))
        assert isinstance(publish(connector, Content("", title="Later")), Sent)

    def test_pacing_after_a_429_is_waited_for_outside(self, world: World) -> None:
        connector = world.connect()
        world.reddit.fail_next("429", seconds=90)
        publish(connector)
        obstacle = connector.ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.retry_at == world.in_seconds(90)
        world.clock.advance(timedelta(seconds=90))
        assert isinstance(publish(connector), Sent)

    @pytest.mark.parametrize(("length", "fits"), [(40_000, True), (40_001, False)])
    def test_20_length_is_what_reddit_counts(self, world: World, length: int, fits: bool) -> None:
        content = replace(HELLO, text="🌊" * length)
        assert NETWORK.capabilities.text.fits(content.text) is fits
        assert isinstance(publish(world.connect(), content), Sent if fits else Rejected)


class TestSecrets:
    def test_stand_in_no_debug_log(self, new_world: Callable[..., World], tmp_path: Path) -> None:
        world = new_world(rotate=True)
        PIL.Image.new("RGB", (3, 2)).save(tmp_path / "river.png")
        pictured = replace(HELLO, images=(Image("river.png", "A river"),))
        redactor = Redactor()
        redactor.hide(*BY_PASSWORD.values(), *BY_REFRESH_TOKEN.values())
        log = StringIO()
        handler = logging.StreamHandler(log)
        handler.setFormatter(RedactingFormatter(redactor, "%(name)s %(message)s"))
        root = logging.getLogger()
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        try:
            for credentials in (BY_PASSWORD, BY_REFRESH_TOKEN):
                connector = world.connect(credentials=credentials)
                post = prepared(connector, pictured)
                sent = connector.send(post)
                assert isinstance(sent, Sent)
                assert isinstance(connector.look_up(post, START), Found)
                assert isinstance(connector, Deletes)
                connector.delete(sent.receipt)
                world.reddit.fail_next("401")
                connector.send(post)
                world.reddit.fail_next("500", path=TOKEN)
                connector.ready(HELLO)
        finally:
            root.removeHandler(handler)
            root.setLevel(level)
        assert "prawcore Fetching: POST" in log.getvalue()
        assert f"urllib3.connectionpool {world.reddit.url}" in log.getvalue()
        assert BUCKET in log.getvalue()
        assert world.reddit.tokens.refresh_token != CREDENTIALS.refresh_token
        assert LEASE_SECRET not in log.getvalue()
        assert_discreet(log.getvalue())
