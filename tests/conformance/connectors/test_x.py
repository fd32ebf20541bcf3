"""The X connector against the simulated X: every way a write can end, and what a look-up then says.

The rows are those of "How a write can end" in NETWORKS.md; the numbers are those of its traps.
"""

from __future__ import annotations

import io
import logging
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unicodedata import normalize

import pytest
import urllib3.connection
from conformance.connectors.x_world import NoSessions, world_in
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from servers.simulators import RateLimit, XSimulator
from servers.simulators.x import CREDENTIALS

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Connector,
    Content,
    Found,
    LookUp,
    NotSent,
    Outcome,
    Prepared,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.x import NETWORK
from crosspromo.connectors.x import timeline as x_timeline
from crosspromo.secrets.redaction import HIDDEN, RedactingFormatter, Redactor
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

PATIENT = timedelta(seconds=20)
IMPATIENT = timedelta(seconds=0.2)
TIMELINE = "/2/users/*/tweets"
SECRETS = {
    "consumer_key": CREDENTIALS.consumer_key,
    "consumer_secret": CREDENTIALS.consumer_secret,
    "access_token": CREDENTIALS.access_token,
    "access_token_secret": CREDENTIALS.access_token_secret,
}
RIVER = Content(
    "Clean-up at the river & a picnic: https://example.org/river?a=1&copy=2 on Saturday"
)

Connect = Callable[..., Connector]


class Answering(XSimulator):
    """An X that gives one answer to everything whose path ends so."""

    def __init__(self, answer: Answer, path: str = "") -> None:
        super().__init__()
        self.only_answer = answer
        self._path = path

    def answer(self, request: Request) -> Answer:
        return self.only_answer if request.path.endswith(self._path) else super().answer(request)


class Stopped:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 10, 1, 12, 0, 0, 700_000, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long anything in this process has wanted to sleep; nothing does."""
    naps: list[float] = []
    monkeypatch.setattr(time, "sleep", naps.append)
    return naps


@pytest.fixture
def x() -> Iterator[XSimulator]:
    with XSimulator() as simulator:
        yield simulator


@pytest.fixture
def connect(tmp_path: Path) -> Iterator[Connect]:
    made: list[Connector] = []

    def connect_to(
        server: str | None, *, timeout: timedelta = PATIENT, **changed: str
    ) -> Connector:
        setup = AccountSetup(
            name="x-main",
            credentials={**SECRETS, **changed},
            options={},
            server=server,
            timeout=timeout,
            workspace=tmp_path,
            sessions=NoSessions(),
        )
        made.append(NETWORK.connect(setup))
        return made[-1]

    yield connect_to
    for connector in made:
        connector.close()


@pytest.fixture
def account(x: XSimulator, connect: Connect) -> Connector:
    return connect(x.url)


def prepared(content: Content = RIVER) -> Prepared:
    return Prepared(content.fingerprint("x-main"), {"texts": [content.text]})


def attempt() -> datetime:
    return datetime.now(UTC)


def reason(outcome: Outcome | LookUp) -> str:
    """What it says to a person, and none of our secrets."""
    assert isinstance(outcome, Unknown | Unclear | NotSent | Rejected)
    words = outcome.detail if isinstance(outcome, Unknown | Unclear) else outcome.reason
    assert words
    assert not any(secret in words for secret in SECRETS.values())
    return words


def is_account_fault(outcome: Outcome) -> bool:
    return isinstance(outcome, NotSent) and outcome.account_fault


# Loading


def test_naming_the_network_loads_no_library() -> None:
    program = (
        "import sys; from crosspromo.connectors.x import NETWORK; "
        "print(*{'tweepy', 'requests'} & sys.modules.keys())"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert loaded.stdout.strip() == ""


# Sending


def test_what_is_prepared_is_exactly_what_is_sent(x: XSimulator, account: Connector) -> None:
    content = Content("Read this: https://example.org", link="https://example.org/other")
    assert account.ready(content) is None
    send = account.prepare(content, attempt())
    assert send == prepared(content)
    assert x.journal.arrivals == ()
    outcome = account.send(send)
    (post,) = x.posts
    assert post.text == content.text
    assert isinstance(outcome, Sent)
    assert outcome.receipt.remote_id == post.id
    assert outcome.receipt.url == f"https://x.com/i/status/{post.id}"
    (write,) = x.writes
    assert write.path == "/2/tweets"


def test_the_receipt_names_the_account_once_it_is_known(x: XSimulator, account: Connector) -> None:
    account.verify()
    outcome = account.send(prepared())
    assert isinstance(outcome, Sent)
    assert outcome.receipt.url == f"https://x.com/crosspromo/status/{x.posts[0].id}"


def test_another_account_prepares_another_token(account: Connector) -> None:
    assert account.prepare(RIVER, attempt()).token != RIVER.fingerprint("x-other")


# How a write can end

AFTER = ["hang", "close", "delay", "500", "503", "unreadable"]
BEFORE_UNKNOWN = ["hang", "close", "500", "503", "301"]
BEFORE_ACCOUNT = {"401": "keys", "402": "out of credits", "403": "suspended"}


@contextmanager
def tls_listener() -> Iterator[str]:
    """A server that shakes hands with a certificate of its own making, once."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(attempt() - timedelta(days=1))
        .not_valid_after(attempt() + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as folder:
        pem = Path(folder) / "both.pem"
        pem.write_bytes(
            key.private_bytes(serialization.Encoding.PEM, *plain)
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context.load_cert_chain(pem)

    def shake_hands() -> None:
        connection, _ = listening.accept()
        with (
            suppress(OSError),
            connection,
            context.wrap_socket(connection, server_side=True) as tls,
        ):
            tls.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=shake_hands)
        thread.start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


def timeout_for(fault: str) -> timedelta:
    return IMPATIENT if fault in {"hang", "delay"} else PATIENT


@pytest.mark.parametrize("fault", AFTER)
def test_an_answer_lost_after_acceptance_is_unknown_and_then_found(
    x: XSimulator, connect: Connect, fault: str
) -> None:
    x.fail_next(fault, "after")
    started = attempt()
    outcome = connect(x.url, timeout=timeout_for(fault)).send(prepared())
    assert isinstance(outcome, Unknown)
    assert not outcome.needs_person
    assert reason(outcome)
    (post,) = x.posts
    assert len(x.writes) == 1
    found = connect(x.url).look_up(prepared(), started)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == post.id
    assert found.receipt.url == f"https://x.com/crosspromo/status/{post.id}"
    assert found.receipt.published_at == post.created_at.replace(microsecond=0)


def test_an_answer_that_drips_is_not_waited_for_beyond_the_time_out(
    x: XSimulator, connect: Connect
) -> None:
    x.fail_next("drip", "after", seconds=IMPATIENT.total_seconds() / 20)
    started = attempt()
    outcome = connect(x.url, timeout=IMPATIENT).send(prepared())
    assert outcome == Unknown("X did not answer in time")
    assert isinstance(connect(x.url).look_up(prepared(), started), Found)


@pytest.mark.parametrize("fault", BEFORE_UNKNOWN)
def test_what_proves_nothing_is_unknown_and_then_absent(
    x: XSimulator, connect: Connect, fault: str
) -> None:
    x.fail_next(fault)
    started = attempt()
    outcome = connect(x.url, timeout=timeout_for(fault)).send(prepared())
    assert isinstance(outcome, Unknown)
    assert reason(outcome)
    assert (x.posts, len(x.writes)) == ((), 1)
    assert connect(x.url).look_up(prepared(), started) == Absent()


@pytest.mark.parametrize("fault", BEFORE_ACCOUNT)
def test_a_refused_account_is_not_sent_and_needs_attention(
    x: XSimulator, account: Connector, fault: str
) -> None:
    x.fail_next(fault)
    outcome = account.send(prepared())
    assert is_account_fault(outcome)
    assert BEFORE_ACCOUNT[fault] in reason(outcome)
    assert (x.posts, len(x.writes)) == ((), 1)


def test_a_wrong_secret_is_an_account_fault(x: XSimulator, connect: Connect) -> None:
    account = connect(x.url, access_token_secret="made up")
    outcome = account.send(prepared())
    assert is_account_fault(outcome)
    assert "made up" not in reason(outcome)
    with pytest.raises(AccountError, match="refuses the keys"):
        account.verify()


def test_a_refused_connection_is_not_sent(connect: Connect) -> None:
    with XSimulator() as gone:
        url = gone.url
    outcome = connect(url).send(prepared())
    assert isinstance(outcome, NotSent)
    assert not outcome.account_fault
    assert "takes no connection" in reason(outcome)


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (ConnectionRefusedError(), "takes no connection"),
        (OSError("no route"), "takes no connection"),
        (socket.gaierror(), "name cannot be resolved"),
        (TimeoutError(), "took too long"),
    ],
)
def test_what_fails_while_connecting_is_not_sent(
    x: XSimulator,
    account: Connector,
    monkeypatch: pytest.MonkeyPatch,
    failure: OSError,
    words: str,
) -> None:
    def connection(*_: object, **__: object) -> None:
        raise failure

    monkeypatch.setattr("urllib3.util.connection.create_connection", connection)
    outcome = account.send(prepared())
    assert isinstance(outcome, NotSent)
    assert words in reason(outcome)
    assert x.journal.arrivals == ()


def test_a_proxy_that_is_down_is_not_sent(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind_a_dead_proxy(monkeypatch)
    outcome = connect(None).send(prepared())
    assert isinstance(outcome, NotSent)
    assert "proxy" in reason(outcome)


def test_a_server_of_ones_own_is_reached_without_the_proxy(
    x: XSimulator, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    behind_a_dead_proxy(monkeypatch)
    assert isinstance(connect(x.url).send(prepared()), Sent)


def behind_a_dead_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    with XSimulator() as gone:
        url = gone.url
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, url)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


def test_a_certificate_nobody_vouches_for_is_not_sent(connect: Connect) -> None:
    with tls_listener() as url:
        outcome = connect(url).send(prepared())
    assert isinstance(outcome, NotSent)
    assert "certificate" in reason(outcome)


def test_a_tls_error_while_the_answer_is_read_is_unknown(
    x: XSimulator, account: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = urllib3.connection.HTTPConnection.getresponse

    def broken(connection: urllib3.connection.HTTPConnection) -> None:
        reading(connection).close()
        raise ssl.SSLError(1, "bad record mac")

    monkeypatch.setattr(urllib3.connection.HTTPConnection, "getresponse", broken)
    assert isinstance(account.send(prepared()), Unknown)
    assert len(x.posts) == 1


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (400, "Your Tweet text is too long."),
        (403, "Your Tweet text is too long."),
        (400, "One or more parameters to your request was invalid."),
        (403, "Your media IDs are invalid."),
        (403, "Quoting this post is not allowed because you have not been mentioned."),
        (403, "Reply to this conversation is not allowed because you were not summoned."),
    ],
)
def test_a_refused_text_is_rejected_in_the_words_of_x(
    connect: Connect, status: int, words: str
) -> None:
    with Answering(json_answer(status, {"detail": words})) as x:
        outcome = connect(x.url).send(prepared())
        assert len(x.writes) == 1
    assert isinstance(outcome, Rejected)
    assert words in reason(outcome)


@pytest.mark.parametrize(
    "answer",
    [
        json_answer(404, {"detail": "Not Found"}),
        json_answer(409, {}),
        json_answer(502, {"detail": "Bad Gateway"}),
        Answer(504, b"<html>Gateway Time-out</html>"),
        json_answer(408, {"detail": "Request Timeout"}),
        json_answer(304, {}),
        json_answer(403, ["not", "an", "object"]),
        json_answer(200, {}),
        json_answer(201, {"data": {"text": "no id"}}),
        json_answer(201, []),
        Answer(200, b"<html>Welcome to the hotel's network</html>"),
        Answer(201),
    ],
)
def test_an_answer_nobody_foresaw_is_unknown(connect: Connect, answer: Answer) -> None:
    with Answering(answer) as x:
        outcome = connect(x.url).send(prepared())
        assert len(x.writes) == 1
    assert isinstance(outcome, Unknown)
    assert reason(outcome)


# Rate limits


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"x-rate-limit-reset": "900"}, 900),
        ({"x-rate-limit-reset": "900", "x-user-limit-24hour-reset": "7000"}, 900),
        (
            {
                "x-rate-limit-reset": "900",
                "x-user-limit-24hour-reset": "7000",
                "x-user-limit-24hour-remaining": "0",
            },
            7000,
        ),
        ({"x-app-limit-24hour-reset": "80", "x-app-limit-24hour-remaining": "0"}, 80),
    ],
)
def test_a_used_up_limit_waits_for_the_reset_of_that_limit(
    connect: Connect, headers: dict[str, str], wait: int
) -> None:
    now = int(time.time())
    sent = {
        name: str(now + int(value)) if name.endswith("reset") else value
        for name, value in headers.items()
    }
    with Answering(json_answer(429, {"detail": "Too Many Requests"}, sent)) as x:
        outcome = connect(x.url).send(prepared())
    assert isinstance(outcome, NotSent)
    assert outcome.retry_at == datetime.fromtimestamp(now + wait, UTC)
    assert not outcome.account_fault


@pytest.mark.parametrize("headers", [{}, {"x-rate-limit-reset": "9" * 30}])
def test_without_a_usable_reset_our_own_backoff_decides(
    connect: Connect, headers: dict[str, str]
) -> None:
    with Answering(json_answer(429, {}, headers)) as x:
        outcome = connect(x.url).send(prepared())
    assert isinstance(outcome, NotSent)
    assert outcome.retry_at is None


def test_the_posts_of_a_window_can_be_used_up(connect: Connect) -> None:
    with XSimulator(limits={"POST /2/tweets": RateLimit(1, 900)}) as x:
        account = connect(x.url)
        assert isinstance(account.send(prepared()), Sent)
        outcome = account.send(prepared(Content("another")))
    assert isinstance(outcome, NotSent)
    assert outcome.retry_at is not None
    assert timedelta(seconds=800) < outcome.retry_at - attempt() <= timedelta(seconds=900)


# Looking up


def test_an_empty_timeline_is_an_absence(account: Connector) -> None:
    assert account.look_up(prepared(), attempt()) == Absent()


def test_other_posts_are_not_ours(x: XSimulator, account: Connector) -> None:
    started = attempt()
    account.send(prepared(Content("Clean-up: https://example.org/1")))
    account.send(prepared(Content("Clean-up: https://example.org/12")))
    assert account.look_up(prepared(Content("Clean-up: https://example.org/2")), started) == (
        Absent()
    )
    assert len(x.posts) == 2


@pytest.mark.parametrize(
    "fault", ["hang", "close", "500", "503", "429", "301", "401", "402", "403"]
)
@pytest.mark.parametrize("path", [TIMELINE, "/2/users/me"])
def test_trap_17_a_failed_read_is_unclear(
    x: XSimulator, connect: Connect, fault: str, path: str
) -> None:
    started = attempt()
    x.fail_next(fault, path=path)
    answer = connect(x.url, timeout=timeout_for(fault)).look_up(prepared(), started)
    assert isinstance(answer, Unclear)
    assert reason(answer)


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"data": []},
        {"meta": {"result_count": 0}, "errors": [{"detail": "partly down"}]},
        {"meta": {}, "data": [{"id": "1", "text": "no time"}]},
    ],
)
def test_a_listing_with_gaps_is_unclear(connect: Connect, document: object) -> None:
    with Answering(json_answer(200, document), path="/tweets") as x:
        answer = connect(x.url).look_up(prepared(), attempt())
        assert x.reads[-1].path.endswith("/tweets")
    assert isinstance(answer, Unclear)


def test_a_look_up_reads_every_page(
    x: XSimulator, account: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_timeline, "PAGE", 5)
    started = attempt()
    account.send(prepared())
    for number in range(11):
        account.send(prepared(Content(f"post {number}")))
    found = account.look_up(prepared(), started)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == x.posts[0].id
    assert sum(read.path.endswith("/tweets") for read in x.reads) == 3


@pytest.mark.parametrize("fault", ["close", "503"])
def test_a_page_that_fails_leaves_it_unclear_unless_it_was_found_before(
    x: XSimulator, account: Connector, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    monkeypatch.setattr(x_timeline, "PAGE", 5)
    started = attempt()
    for number in range(8):
        account.send(prepared(Content(f"post {number}")))
    x.fail_next(fault, path=TIMELINE, skip=1, times=None)
    assert isinstance(account.look_up(prepared(Content("post 0")), started), Unclear)
    x.faults.clear()
    x.fail_next(fault, path=TIMELINE, skip=1)
    assert isinstance(account.look_up(prepared(Content("post 7")), started), Found)


def test_a_look_up_is_bounded(
    x: XSimulator, account: Connector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(x_timeline, "PAGE", 5)
    monkeypatch.setattr(x_timeline, "MOST_PAGES", 2)
    started = attempt()
    for number in range(11):
        account.send(prepared(Content(f"post {number}")))
    answer = account.look_up(prepared(), started)
    assert "more than 10 posts" in reason(answer)
    assert sum(read.path.endswith("/tweets") for read in x.reads) == 2


@pytest.mark.parametrize(
    ("after_the_post", "kind"),
    [
        *((-3600, Found), (-1, Found), (0, Found), (59, Found), (62, Unclear), (3600, Unclear)),
        (86_400, Unclear),
        (86_400 + 62, Absent),
    ],
)
def test_posts_count_since_a_minute_before_the_attempt_and_are_doubted_for_a_day(
    tmp_path: Path, after_the_post: int, kind: type
) -> None:
    with world_in(tmp_path) as world:
        account = world.connect()
        posted_at = world.now()
        account.send(prepared())
        world.clock.advance(timedelta(seconds=max(after_the_post, 0)))
        answer = account.look_up(prepared(), posted_at + timedelta(seconds=after_the_post))
    assert isinstance(answer, kind)


def test_a_second_look_up_does_not_ask_who_we_are(x: XSimulator, account: Connector) -> None:
    for _ in range(2):
        account.look_up(prepared(), attempt())
    assert [read.path for read in x.reads].count("/2/users/me") == 1


# Who we are


def test_verify_gives_the_name(account: Connector) -> None:
    assert account.verify() == "@crosspromo"


@pytest.mark.parametrize("fault", ["close", "500", "429", "301", "401", "402", "403"])
def test_verify_says_in_a_sentence_what_is_wrong(
    x: XSimulator, account: Connector, fault: str
) -> None:
    x.fail_next(fault, path="/2/users/me")
    with pytest.raises(AccountError) as caught:
        account.verify()
    assert " X " in f" {caught.value} "
    assert not any(secret in str(caught.value) for secret in SECRETS.values())


# Traps


@pytest.mark.timeout(20)
@pytest.mark.parametrize("call", ["send", "look_up", "verify"])
def test_trap_3_no_call_waits_for_ever(x: XSimulator, connect: Connect, call: str) -> None:
    account = connect(x.url, timeout=IMPATIENT)
    x.fail_next("hang", path="*", times=None)
    match call:
        case "send":
            assert isinstance(account.send(prepared()), Unknown)
        case "look_up":
            assert isinstance(account.look_up(prepared(), attempt()), Unclear)
        case _:
            with pytest.raises(AccountError, match="in time"):
                account.verify()


@pytest.mark.parametrize("seconds", [0, 600])
def test_trap_4_a_rate_limit_is_not_slept_through(
    x: XSimulator, account: Connector, slept: list[float], seconds: int
) -> None:
    x.fail_next("429", path="*", times=3, seconds=seconds)
    outcome = account.send(prepared())
    assert isinstance(outcome, NotSent)
    assert outcome.retry_at is not None
    waits = outcome.retry_at - attempt()
    assert timedelta(seconds=seconds - 30) < waits <= timedelta(seconds=seconds)
    assert isinstance(account.look_up(prepared(), attempt()), Unclear)
    with pytest.raises(AccountError):
        account.verify()
    assert (slept, len(x.journal.arrivals)) == ([], 3)


def test_trap_10_a_duplicate_is_a_reason_to_look(x: XSimulator, account: Connector) -> None:
    started = attempt()
    x.fail_next("close", "after")
    assert isinstance(account.send(prepared()), Unknown)
    duplicate = account.send(prepared())
    assert isinstance(duplicate, Unknown)
    assert "duplicate content" in reason(duplicate)
    found = account.look_up(prepared(), started)
    assert isinstance(found, Found)
    assert [found.receipt.remote_id] == [post.id for post in x.posts]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_trap_11_a_redirected_write_is_not_followed(connect: Connect, status: int) -> None:
    with Answering(Answer(status)) as x:
        x.only_answer = Answer(status, b"", {"location": f"{x.url}/moved"})
        outcome = connect(x.url).send(prepared())
        assert len(x.journal.arrivals) == 1
    assert isinstance(outcome, Unknown)
    assert "redirect" in reason(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "Clean-up on Saturday",
        "Fish & chips <3 >:( &amp; &copy 2026",
        "Look: https://example.org/?a=1&b=2&copy=3.",
        "Two: https://example.org/1 and https://example.org/2, and https://example.org/1 again",
        "A bare domain: example.org, and example.org/Path",
        "HTTPS://Example.ORG/Path",
        "https://example.org",
        "Ünïcode: https://example.org/wiki/München",
        normalize("NFD", "Café à la crème, Việt Nam: https://example.org/café"),
        "👩‍👩‍👧‍👦 🏳️‍🌈 👍🏽 with @riverkeeper #CleanUp",
        "several\nlines\n\n  and   spaces ",
        "漢字かな混じり文 https://example.org/漢字",
    ],
)
def test_trap_16_a_text_is_found_however_x_gives_it_back(
    x: XSimulator, account: Connector, text: str
) -> None:
    started = attempt()
    x.fail_next("close", "after")
    assert isinstance(account.send(prepared(Content(text))), Unknown)
    found = account.look_up(prepared(Content(text)), started)
    assert isinstance(found, Found)
    assert found.receipt.remote_id == x.posts[0].id


def test_trap_16_a_long_post_is_found_by_all_of_its_text(connect: Connect) -> None:
    text = "A & B at https://example.org/begin " + "word " * 100 + "https://example.org/end"
    with XSimulator(premium=True) as x:
        account = connect(x.url)
        started = attempt()
        assert isinstance(account.send(prepared(Content(text))), Sent)
        assert isinstance(account.look_up(prepared(Content(text)), started), Found)
        assert account.look_up(prepared(Content(f"{text}r")), started) == Absent()


def test_trap_17_an_empty_listing_says_absent_and_no_more(
    x: XSimulator, account: Connector
) -> None:
    started = attempt()
    x.fail_next("close", "after")
    account.send(prepared())
    x.fail_next("stale_listing")
    assert account.look_up(prepared(), started) == Absent()
    assert isinstance(account.look_up(prepared(), started), Found)
    assert len(x.writes) == 1


def test_trap_19_the_debug_logs_of_the_libraries_show_no_secret(
    x: XSimulator, account: Connector
) -> None:
    redactor = Redactor()
    redactor.hide(*SECRETS.values())
    bare, redacted = io.StringIO(), io.StringIO()
    handlers = [logging.StreamHandler(bare), logging.StreamHandler(redacted)]
    handlers[1].setFormatter(RedactingFormatter(redactor, "%(name)s %(message)s"))
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    for handler in handlers:
        root.addHandler(handler)
    try:
        account.verify()
        account.send(prepared())
        x.fail_next("401")
        account.send(prepared())
        account.look_up(prepared(), attempt())
    finally:
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
    assert SECRETS["access_token"] in bare.getvalue()
    assert "Making API request" in redacted.getvalue()
    assert HIDDEN in redacted.getvalue()
    assert [word for word in SECRETS.values() if word in redacted.getvalue()] == []


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 280, True),
        ("a" * 281, False),
        ("漢" * 140, True),
        ("漢" * 141, False),
        ("👩‍👩‍👧‍👦" * 140, True),
        ("👩‍👩‍👧‍👦" * 141, False),
        ("https://example.org/" + "a" * 400, True),
        (normalize("NFD", "é" * 280), True),
    ],
)
def test_trap_20_length_is_what_x_counts(
    x: XSimulator, account: Connector, text: str, fits: bool
) -> None:
    assert NETWORK.capabilities.text.fits(text) is fits
    outcome = account.send(prepared(Content(text)))
    if fits:
        assert isinstance(outcome, Sent)
    else:
        assert isinstance(outcome, Rejected)
        assert "it weighs 28" in reason(outcome)
        assert "too long" in reason(outcome)
    assert len(x.posts) == fits


def test_trap_15_a_link_costs_more_than_ten_times_as_much() -> None:
    capabilities = NETWORK.capabilities
    assert capabilities.cost_per_link_post > 10 * capabilities.cost_per_post > 0
