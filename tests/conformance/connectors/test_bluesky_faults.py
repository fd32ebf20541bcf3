"""The Bluesky connector and servers that misbehave, as no real one can be made to.

The server here answers as it is told, and passes on to the real PDS what it is to have accepted
before it fails. It notes every request, and the sessions are noted where they are saved.
"""

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.bluesky import Account, BlueskyServer
from servers.misbehaving import CLOSE, HANG, Answer, Behaviour, MisbehavingServer
from stories import put_of

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Connector,
    Content,
    Found,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.bluesky.account import BlueskyAccount
from crosspromo.domain.clock import Clock, SystemClock

NOW = datetime(2026, 10, 1, 12, 0, 0, tzinfo=UTC)
HELLO = Content("Hello")
DID = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
PASSWORD = "correct-horse-battery"

SIGN_IN = "com.atproto.server.createSession"
RENEW = "com.atproto.server.refreshSession"
SESSION = "com.atproto.server.getSession"
RESOLVE = "com.atproto.identity.resolveHandle"
PUT = "com.atproto.repo.putRecord"
GET = "com.atproto.repo.getRecord"
SAVED = "saved"
PATIENT, IMPATIENT = timedelta(seconds=30), timedelta(seconds=0.3)


def document(content: object, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status, json.dumps(content).encode(), {"content-type": "application/json"} | named
    )


def refusal(status: int, name: str, **headers: str) -> Answer:
    return document({"error": name, "message": "In the server's words"}, status, **headers)


DRIP = Answer(200, drips=True)


def redirect(status: int) -> Answer:
    return Answer(status, headers={"location": "/elsewhere"})


def token(ends_at: datetime) -> str:
    claims = json.dumps({"exp": int(ends_at.timestamp())}).encode()
    part = base64.urlsafe_b64encode(claims).rstrip(b"=").decode()
    return f"e30.{part}.{'c2ln' * 12}"


def session(ends_at: datetime) -> Answer:
    tokens = {"accessJwt": token(ends_at), "refreshJwt": token(NOW + timedelta(days=60))}
    return document({"did": DID, "handle": "alice.test", **tokens})


def at_host(session: Answer, host: str) -> Answer:
    """The session of an account whose data lie with another host than we signed in at."""
    service = {
        "id": "#atproto_pds",
        "type": "AtprotoPersonalDataServer",
        "serviceEndpoint": host,
    }
    return document(json.loads(session.body) | {"didDoc": {"id": DID, "service": [service]}})


SDK_NOW = SystemClock().now()
"""The library looks at the machine's own clock; the connector's is set to the same."""
FRESH = session(SDK_NOW + timedelta(hours=2))
SOON_OVER = session(SDK_NOW + timedelta(minutes=9))


@dataclass(frozen=True)
class FixedClock:
    time: datetime = SDK_NOW

    def now(self) -> datetime:
        return self.time


class NotedSessions:
    """A SessionStore that notes in the journal when it is written to."""

    def __init__(self, journal: list[str], session: str | None = None) -> None:
        self.journal = journal
        self.session = session
        self.broken = False

    def load(self) -> str | None:
        return self.session

    def save(self, session: str) -> None:
        if self.broken:
            raise OSError("disk full")
        self.journal.append(SAVED)
        self.session = session


@pytest.fixture
def journal() -> list[str]:
    return []


@pytest.fixture
def server(journal: list[str]) -> Iterator[MisbehavingServer]:
    with closing(MisbehavingServer(journal)) as server:
        server.answers[SIGN_IN] = FRESH
        yield server


@pytest.fixture
def sessions(journal: list[str]) -> NotedSessions:
    return NotedSessions(journal)


Connect = Callable[..., Connector]


@pytest.fixture
def connect(
    server: MisbehavingServer, sessions: NotedSessions, tmp_path: Path
) -> Iterator[Connect]:
    made: list[Connector] = []

    def new(
        timeout: timedelta = PATIENT,
        identifier: str = "alice.test",
        password: str = PASSWORD,
        clock: Clock = FixedClock(),
    ) -> Connector:
        setup = AccountSetup(
            name="bluesky-main",
            credentials={"identifier": identifier, "password": password},
            options={},
            server=server.url,
            timeout=timeout,
            workspace=tmp_path,
            sessions=sessions,
        )
        made.append(BlueskyAccount(setup, clock))
        return made[-1]

    yield new
    for connector in made:
        connector.close()


RESET = SDK_NOW.replace(microsecond=0) + timedelta(minutes=5)


def too_many(**headers: str) -> Answer:
    return refusal(429, "RateLimitExceeded", **headers)


OTHER_RECORD = document({"uri": f"at://{DID}/app.bsky.feed.post/2222222222222", "cid": "bafy"})
UNKNOWN: dict[str, Behaviour] = {
    "closed without an answer": CLOSE,
    "hang": HANG,
    "drip": DRIP,
    "answer cut short": Answer(200, b'{"uri": "at:', {"content-type": "application/json"}, cut=40),
    "unreadable JSON": Answer(200, b'{"uri": "at:', {"content-type": "application/json"}),
    "unreadable compression": Answer(200, b"{}", {"content-encoding": "gzip"}),
    "a page": Answer(200, b"<html>", {"content-type": "text/html"}),
    "a list": document([]),
    "no content": Answer(204),
    "no uri": document({}),
    "the uri of another record": OTHER_RECORD,
    "302": redirect(302),
    "303": redirect(303),
    "304": Answer(304),
    "400 without a word": Answer(400),
    "400 of a new kind": refusal(400, "SomethingNew"),
    "400 InvalidSwap": refusal(400, "InvalidSwap"),
    "404": Answer(404, b"<html>"),
    "409": refusal(409, "Conflict"),
    "418": Answer(418),
    "429 the library cannot read": document("slow down", 429),
    "500": refusal(500, "InternalServerError"),
    "500 without a word": Answer(500),
    "502": Answer(502, b"<html>Bad gateway", {"content-type": "text/html"}),
    "503": refusal(503, "ServiceUnavailable"),
    "504": Answer(504),
}
NOT_SENT: dict[str, Behaviour] = {
    "301": redirect(301),
    "301 to nowhere": Answer(301),
    "307": redirect(307),
    "308": redirect(308),
    "400 ExpiredToken": refusal(400, "ExpiredToken"),
    "400 InvalidToken": refusal(400, "InvalidToken"),
    "401 ExpiredToken": refusal(401, "ExpiredToken"),
    "429": too_many(),
}
ACCOUNT_FAULT: dict[str, Behaviour] = {
    "401": refusal(401, "AuthenticationRequired"),
    "401 without a word": Answer(401),
    "401 of a suspended account": refusal(401, "AccountTakedown"),
    "403": refusal(403, "Forbidden"),
}
REJECTED: dict[str, Behaviour] = {
    "400 InvalidRequest": refusal(400, "InvalidRequest"),
    "413": refusal(413, "PayloadTooLargeError"),
    "413 without a word": Answer(413),
}
ALL = UNKNOWN | NOT_SENT | ACCOUNT_FAULT | REJECTED


def cases(*tables: dict[str, Behaviour]) -> pytest.MarkDecorator:
    """Runs a test on every behaviour of these tables, as `answer`."""
    rows = [pytest.param(answer, id=name) for table in tables for name, answer in table.items()]
    return pytest.mark.parametrize("answer", rows)


def patience(answer: Behaviour) -> timedelta:
    return IMPATIENT if answer is HANG or answer is DRIP else PATIENT


class TestSend:
    @pytest.fixture
    def send(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> Callable[[Behaviour], Outcome]:
        """The outcome of a send that is answered so. It is one request, whatever the answer."""

        def send(answer: Behaviour) -> Outcome:
            connector = connect(patience(answer))
            assert connector.ready(HELLO) is None
            post = connector.prepare(HELLO, NOW)
            server.answers[PUT] = answer
            journal.clear()
            outcome = connector.send(post)
            assert [entry for entry in journal if entry != SAVED] == [PUT]
            return outcome

        return send

    @cases(UNKNOWN)
    def test_proves_nothing(self, send: Callable[[Behaviour], Outcome], answer: Behaviour) -> None:
        outcome = send(answer)
        assert isinstance(outcome, Unknown)
        assert not outcome.needs_person

    @cases(NOT_SENT)
    def test_is_tried_again(self, send: Callable[[Behaviour], Outcome], answer: Behaviour) -> None:
        outcome = send(answer)
        assert isinstance(outcome, NotSent)
        assert not outcome.account_fault
        assert outcome.retry_at is None

    @cases(ACCOUNT_FAULT)
    def test_parks_the_account(
        self, send: Callable[[Behaviour], Outcome], answer: Behaviour
    ) -> None:
        outcome = send(answer)
        assert isinstance(outcome, NotSent)
        assert outcome.account_fault

    @cases(REJECTED)
    def test_is_rejected(self, send: Callable[[Behaviour], Outcome], answer: Behaviour) -> None:
        outcome = send(answer)
        assert isinstance(outcome, Rejected)
        assert isinstance(answer, Answer)
        assert str(answer.status) in outcome.reason

    @pytest.mark.parametrize(
        ("headers", "retry_at"),
        [
            ({"ratelimit_reset": str(int(RESET.timestamp()))}, RESET),
            ({"retry_after": "90"}, SDK_NOW + timedelta(seconds=90)),
            ({"ratelimit_reset": "9" * 11}, SDK_NOW + timedelta(days=1)),
            ({"ratelimit_reset": "9" * 30}, None),
            ({"ratelimit_reset": "soon"}, None),
        ],
    )
    def test_is_tried_again_when_the_rate_limit_ends(
        self,
        send: Callable[[Behaviour], Outcome],
        headers: dict[str, str],
        retry_at: datetime | None,
    ) -> None:
        outcome = send(too_many(**headers))
        assert isinstance(outcome, NotSent)
        assert outcome.retry_at == retry_at

    def test_does_not_renew_a_session_on_the_way(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers |= {SIGN_IN: SOON_OVER, PUT: OTHER_RECORD}
        connector = connect(clock=FixedClock(SDK_NOW - timedelta(hours=1)))  # sees no need yet
        assert connector.ready(HELLO) is None
        journal.clear()
        connector.send(connector.prepare(HELLO, NOW))
        assert journal == [PUT]

    def test_is_not_sent_where_nobody_listens(
        self, connect: Connect, server: MisbehavingServer
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        post = connector.prepare(HELLO, NOW)
        server.close()
        outcome = connector.send(post)
        assert isinstance(outcome, NotSent)
        assert (outcome.retry_at, outcome.account_fault) == (None, False)
        assert "cannot be reached" in outcome.reason

    def test_that_the_server_confirms_is_sent(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        post = connector.prepare(HELLO, NOW)
        uri = f"at://{DID}/app.bsky.feed.post/{post.token}"
        server.answers[PUT] = document({"uri": uri, "cid": "bafy"})
        url = f"https://bsky.app/profile/{DID}/post/{post.token}"
        assert connector.send(post) == Sent(Receipt(uri, url))


class TestSentButTheAnswerIsLost:
    """The real PDS takes the post; what it says does not reach us."""

    @pytest.mark.parametrize(
        "answer",
        [
            pytest.param(UNKNOWN[name], id=name)
            for name in ("hang", "drip", "500", "unreadable JSON")
        ]
        + [pytest.param(CLOSE, id="close")],
    )
    def test_is_found_by_the_look_up_and_not_doubled_by_another_send(
        self,
        connect: Connect,
        server: MisbehavingServer,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        answer: Behaviour,
    ) -> None:
        server.upstream, server.answers = bluesky_server.url, {}
        account = (bluesky_account.handle, bluesky_account.password)
        patient, connector = connect(PATIENT, *account), connect(patience(answer), *account)
        assert patient.ready(HELLO) is None
        assert connector.ready(HELLO) is None  # with the session that is stored by now
        post = connector.prepare(HELLO, NOW)
        server.accepted.clear()
        server.answers, server.accepting = {PUT: answer}, True

        assert isinstance(connector.send(post), Unknown)

        assert server.accepted.wait(PATIENT.total_seconds())
        server.answers = {}
        found = patient.look_up(post, NOW)
        again = patient.send(post)
        assert isinstance(found, Found)
        assert isinstance(again, Sent)
        assert found.receipt.remote_id == again.receipt.remote_id
        (record,) = bluesky_server.records(bluesky_account.did)
        assert record["value"] == put_of(post)["record"]


class TestReady:
    @cases(UNKNOWN, NOT_SENT)
    def test_waits_when_signing_in_fails(
        self, connect: Connect, server: MisbehavingServer, answer: Behaviour
    ) -> None:
        server.answers[SIGN_IN] = answer
        obstacle = connect(patience(answer)).ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault
        assert PASSWORD not in obstacle.reason

    @cases(ACCOUNT_FAULT, REJECTED)
    def test_parks_an_account_that_cannot_sign_in(
        self, connect: Connect, server: MisbehavingServer, answer: Behaviour
    ) -> None:
        server.answers[SIGN_IN] = answer
        obstacle = connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.account_fault

    def test_waits_when_nobody_listens(self, connect: Connect, server: MisbehavingServer) -> None:
        server.close()
        obstacle = connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert (obstacle.retry_at, obstacle.account_fault) == (None, False)

    def test_waits_as_long_as_sign_ins_are_limited(
        self, connect: Connect, server: MisbehavingServer
    ) -> None:
        server.answers[SIGN_IN] = too_many(ratelimit_reset=str(int(RESET.timestamp())))
        obstacle = connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.retry_at == RESET

    def test_does_not_carry_the_password_to_where_it_is_redirected(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers[SIGN_IN] = redirect(308)
        assert isinstance(connect().ready(HELLO), NotSent)
        assert journal == [SIGN_IN]

    def test_quotes_no_token_from_an_answer_it_cannot_read(
        self, connect: Connect, server: MisbehavingServer
    ) -> None:
        secret = token(SDK_NOW)
        server.answers[SIGN_IN] = document({"accessJwt": secret, "refreshJwt": 5})
        obstacle = connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert secret[:6] not in obstacle.reason

    def test_does_not_use_a_server_without_encryption(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers[SIGN_IN] = at_host(FRESH, "http://pds.example.org")
        obstacle = connect().ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.account_fault
        assert "pds.example.org" in obstacle.reason
        assert journal == [SIGN_IN]


class TestMentions:
    CONTENT = Content("With @Bob.test and @carol.test")

    def facets(self, connector: Connector) -> int:
        record: Any = put_of(connector.prepare(self.CONTENT, NOW))["record"]
        return len(record.get("facets", []))

    def test_are_resolved_once(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers[RESOLVE] = document({"did": "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"})
        connector = connect()
        assert connector.ready(self.CONTENT) is None
        assert journal == [SIGN_IN, SAVED, RESOLVE, RESOLVE]
        assert connector.ready(self.CONTENT) is None
        assert journal == [SIGN_IN, SAVED, RESOLVE, RESOLVE]
        assert self.facets(connector) == 2

    @pytest.mark.parametrize("name", ["HandleNotFound", "InvalidRequest"])
    def test_nobody_has_are_plain_text_and_asked_for_again(
        self, connect: Connect, server: MisbehavingServer, journal: list[str], name: str
    ) -> None:
        server.answers[RESOLVE] = refusal(400, name)
        connector = connect()
        assert connector.ready(self.CONTENT) is None
        assert self.facets(connector) == 0
        server.answers[RESOLVE] = document({"did": "did:plc:bbbbbbbbbbbbbbbbbbbbbbbb"})
        assert connector.ready(self.CONTENT) is None
        assert self.facets(connector) == 2

    @pytest.mark.parametrize("name", ["close", "hang", "502", "429", "ExpiredToken"])
    def test_that_cannot_be_resolved_now_make_the_post_wait(
        self, connect: Connect, server: MisbehavingServer, name: str
    ) -> None:
        answers: dict[str, Behaviour] = {
            "close": CLOSE,
            "hang": HANG,
            "502": Answer(502),
            "429": too_many(),
            "ExpiredToken": refusal(400, "ExpiredToken"),
        }
        server.answers[RESOLVE] = answers[name]
        obstacle = connect(patience(answers[name])).ready(self.CONTENT)
        assert isinstance(obstacle, NotSent)
        assert not obstacle.account_fault


class TestSession:
    def test_is_stored_before_it_is_used_and_then_costs_no_request(
        self, connect: Connect, sessions: NotedSessions, journal: list[str]
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        assert connector.ready(HELLO) is None
        assert connect().ready(HELLO) is None
        assert journal == [SIGN_IN, SAVED]

    def test_that_is_soon_over_is_renewed_before_the_send_and_not_in_it(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers[SIGN_IN] = SOON_OVER
        connector = connect()
        assert connector.ready(HELLO) is None
        server.answers |= {RENEW: FRESH, SESSION: document({"handle": "alice.test"})}
        journal.clear()
        assert connector.ready(HELLO) is None
        assert journal == [RENEW, SAVED, SESSION]
        assert connector.ready(HELLO) is None
        assert journal == [RENEW, SAVED, SESSION]

    def test_that_another_process_has_renewed_is_taken_over(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        server.answers[SIGN_IN] = SOON_OVER
        one, another = connect(), connect()
        assert one.ready(HELLO) is None
        server.answers |= {RENEW: FRESH, SESSION: document({"handle": "alice.test"})}
        assert another.ready(HELLO) is None
        journal.clear()
        assert one.ready(HELLO) is None
        assert journal == []

    @cases({name: answer for name, answer in UNKNOWN.items() if "400" not in name})
    def test_is_not_given_up_for_a_renewal_that_failed_on_the_way(
        self, connect: Connect, server: MisbehavingServer, journal: list[str], answer: Behaviour
    ) -> None:
        server.answers[SIGN_IN] = SOON_OVER
        connector = connect(patience(answer))
        assert connector.ready(HELLO) is None
        server.answers[RENEW] = answer
        journal.clear()
        assert isinstance(connector.ready(HELLO), NotSent)
        assert journal == [RENEW]

    @pytest.mark.parametrize("status", [400, 401, 403])
    def test_that_cannot_be_renewed_is_begun_anew_with_the_password(
        self, connect: Connect, server: MisbehavingServer, journal: list[str], status: int
    ) -> None:
        server.answers[SIGN_IN] = SOON_OVER
        connector = connect()
        assert connector.ready(HELLO) is None
        server.answers |= {RENEW: refusal(status, "ExpiredToken"), SIGN_IN: FRESH}
        journal.clear()
        assert connector.ready(HELLO) is None
        assert journal == [RENEW, SIGN_IN, SAVED]

    def test_leads_to_the_accounts_host_and_is_begun_anew_at_our_server(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        seen_by_host: list[str] = []
        with closing(MisbehavingServer(seen_by_host)) as host:
            host.answers |= {RENEW: refusal(400, "ExpiredToken"), PUT: OTHER_RECORD}
            server.answers[SIGN_IN] = at_host(SOON_OVER, host.url)
            connector = connect()
            assert connector.ready(HELLO) is None
            connector.send(connector.prepare(HELLO, NOW))
            assert connector.ready(HELLO) is None
        assert seen_by_host == [PUT, RENEW]
        assert journal == [SIGN_IN, SAVED, SIGN_IN, SAVED]

    def test_of_an_account_with_a_host_of_its_own_is_used_again(
        self, connect: Connect, server: MisbehavingServer, journal: list[str]
    ) -> None:
        seen_by_host: list[str] = []
        with closing(MisbehavingServer(seen_by_host)) as host:
            host.answers[PUT] = OTHER_RECORD
            server.answers[SIGN_IN] = at_host(FRESH, host.url)
            assert connect().ready(HELLO) is None
            after_a_restart = connect()
            assert after_a_restart.ready(HELLO) is None
            after_a_restart.send(after_a_restart.prepare(HELLO, NOW))
        assert seen_by_host == [PUT]
        assert journal == [SIGN_IN, SAVED]

    def test_that_cannot_be_stored_is_not_used(
        self, connect: Connect, sessions: NotedSessions, journal: list[str]
    ) -> None:
        sessions.broken = True
        connector = connect()
        with pytest.raises(OSError, match="disk full"):
            connector.ready(HELLO)
        with pytest.raises(RuntimeError):
            connector.prepare(HELLO, NOW)
        sessions.broken = False
        assert connector.ready(HELLO) is None
        assert journal == [SIGN_IN, SIGN_IN, SAVED]

    @cases(ACCOUNT_FAULT, {"400 ExpiredToken": refusal(400, "ExpiredToken")})
    def test_that_a_send_was_refused_with_is_not_used_again(
        self, connect: Connect, server: MisbehavingServer, journal: list[str], answer: Behaviour
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        server.answers[PUT] = answer
        connector.send(connector.prepare(HELLO, NOW))
        journal.clear()
        assert connect().ready(HELLO) is None
        assert connector.ready(HELLO) is None
        assert journal == [SIGN_IN, SAVED]


class TestLookUp:
    @cases(ALL)
    def test_that_fails_is_unclear(
        self, connect: Connect, server: MisbehavingServer, answer: Behaviour
    ) -> None:
        connector = connect(patience(answer))
        assert connector.ready(HELLO) is None
        server.answers[GET] = answer
        assert isinstance(connector.look_up(connector.prepare(HELLO, NOW), NOW), Unclear)

    def test_is_absent_only_in_the_servers_own_words(
        self, connect: Connect, server: MisbehavingServer
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        server.answers[GET] = refusal(400, "RecordNotFound")
        assert connector.look_up(connector.prepare(HELLO, NOW), NOW) == Absent()

    @pytest.mark.parametrize("value", [None, [], {}, {"text": "Hello"}])
    def test_is_unclear_about_a_record_that_is_not_ours(
        self, connect: Connect, server: MisbehavingServer, value: object
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        server.answers[GET] = document({"uri": "at://", "value": value})
        assert isinstance(connector.look_up(connector.prepare(HELLO, NOW), NOW), Unclear)

    def test_finds_a_post_to_which_something_was_added(
        self, connect: Connect, server: MisbehavingServer
    ) -> None:
        connector = connect()
        assert connector.ready(HELLO) is None
        post = connector.prepare(HELLO, NOW)
        record: Any = put_of(post)["record"]
        server.answers[GET] = document({"uri": "at://", "value": record | {"langs": ["de"]}})
        assert isinstance(connector.look_up(post, NOW), Found)


@cases(ALL)
def test_verify_says_in_a_sentence_what_is_wrong(
    connect: Connect, server: MisbehavingServer, answer: Behaviour
) -> None:
    server.answers[SIGN_IN] = answer
    with pytest.raises(AccountError, match=r"\w+ \w+") as caught:
        connect(patience(answer)).verify()
    assert PASSWORD not in str(caught.value)
    assert "\n" not in str(caught.value)
