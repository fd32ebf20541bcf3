"""What the Bluesky connector relies on, asked of a real PDS through the SDK the connector uses.

A failure here after an upgrade of `atproto` or `@atproto/pds` means that the ground has moved:
look at the connector before touching the test.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
import pytest

# atproto ships no types. "unused-ignore" is for the day it does.
from atproto import (  # type: ignore[import-untyped, unused-ignore]
    Client,
    Request,
    Session,
    SessionEvent,
)
from atproto.exceptions import (  # type: ignore[import-untyped, unused-ignore]
    BadRequestError,
    LoginRequiredError,
    NetworkError,
    RateLimitExceededError,
    RequestErrorBase,
    RequestException,
    UnauthorizedError,
)
from servers.bluesky import POST, Account, BlueskyServer, BlueskyServerError

REPOST = "app.bsky.feed.repost"
PUT = "com.atproto.repo.putRecord"
RKEY = "3l4abcdefgh2k"
ANOTHER_RKEY = "3l4abcdefgh2m"
HELLO = {"$type": POST, "text": "Hello", "createdAt": "2026-10-01T12:00:00.000Z"}
GOODBYE = {**HELLO, "text": "Goodbye"}

Failure = TypeVar("Failure", bound=RequestErrorBase)


@contextmanager
def new_client(server: BlueskyServer, sent: list[str] | None = None) -> Iterator[Client]:
    """A client that nobody has logged in; what it requests is noted in `sent`."""
    noted = [] if sent is None else sent
    hooks = {"request": [lambda request: noted.append(request.url.path)]}
    client = Client(base_url=server.url, request=Request(timeout=30, event_hooks=hooks))
    yield client
    client.request.close()


@pytest.fixture
def client(bluesky_server: BlueskyServer, bluesky_account: Account) -> Iterator[Client]:
    """Logged in to `bluesky_account`."""
    with new_client(bluesky_server) as client:
        client.login(bluesky_account.handle, bluesky_account.password, fetch_bsky_profile=False)
        yield client


def did_of(client: Client) -> str:
    """Not `client.me.did`: without an AppView there is no `me`."""
    did: str = Session.decode(client.export_session_string()).did
    return did


def put(
    client: Client, record: dict[str, Any], rkey: str = RKEY, collection: str = POST
) -> dict[str, Any]:
    """The exactly-once write: only if there is no such record, or this very one."""
    body = {
        "repo": did_of(client),
        "collection": collection,
        "rkey": rkey,
        "record": record,
        "swapRecord": None,
    }
    response = client.invoke_procedure(PUT, json=body)
    assert response.status_code == 200
    assert isinstance(response.content, dict)
    return response.content


def refusal(kind: type[Failure], call: Callable[[], object]) -> Failure:
    """The error of exactly this class that the call ends in."""
    with pytest.raises(kind) as caught:
        call()
    assert type(caught.value) is kind
    return caught.value


def status_and_name(error: RequestErrorBase) -> tuple[int, str]:
    assert error.response is not None
    return error.response.status_code, error.response.content.error


class TestLogin:
    def test_works_without_an_appview_and_then_knows_no_profile(self, client: Client) -> None:
        assert client.me is None
        assert did_of(client).startswith("did:plc:")

    def test_that_looks_up_the_profile_fails_because_there_is_no_appview(
        self, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        with new_client(bluesky_server) as client:
            error = refusal(
                BadRequestError,
                lambda: client.login(bluesky_account.handle, bluesky_account.password),
            )
        assert status_and_name(error) == (400, "InvalidRequest")

    @pytest.mark.parametrize("handle", [None, "nobody.test"])
    def test_with_a_wrong_password_or_handle_is_401(
        self, bluesky_server: BlueskyServer, bluesky_account: Account, handle: str | None
    ) -> None:
        with new_client(bluesky_server) as client:
            error = refusal(
                UnauthorizedError,
                lambda: client.login(handle or bluesky_account.handle, "wrong"),
            )
        assert status_and_name(error) == (401, "AuthenticationRequired")

    def test_is_not_enough_for_the_shortcuts_of_the_sdk_which_need_the_profile(
        self, client: Client
    ) -> None:
        with pytest.raises(LoginRequiredError):
            client.send_post("Hello")
        with pytest.raises(LoginRequiredError):
            client.repost(f"at://{did_of(client)}/{POST}/{RKEY}", "bafy")


class TestPutRecordThatMustBeNew:
    def test_creates_a_record_once_and_answers_the_same_again(
        self, client: Client, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        first = put(client, HELLO)
        second = put(client, HELLO)

        assert first["uri"] == f"at://{bluesky_account.did}/{POST}/{RKEY}"
        assert (first["uri"], first["cid"]) == (second["uri"], second["cid"])
        assert "commit" in first
        assert "commit" not in second  # the one sign that it was there already
        (record,) = bluesky_server.records(bluesky_account.did)
        assert record == {"uri": first["uri"], "cid": first["cid"], "value": HELLO}

    @pytest.mark.parametrize("change", [{"text": "x"}, {"createdAt": "2026-10-01T12:00:01.000Z"}])
    def test_refuses_other_content_under_the_same_key(
        self,
        client: Client,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        change: dict[str, str],
    ) -> None:
        put(client, HELLO)
        error = refusal(BadRequestError, lambda: put(client, {**HELLO, **change}))

        assert status_and_name(error) == (400, "InvalidSwap")
        assert [r["value"] for r in bluesky_server.records(bluesky_account.did)] == [HELLO]

    def test_loses_its_null_and_overwrites_when_sent_through_the_typed_method(
        self, client: Client, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        put(client, HELLO)
        client.com.atproto.repo.put_record(
            {
                "repo": bluesky_account.did,
                "collection": POST,
                "rkey": RKEY,
                "record": GOODBYE,
                "swap_record": None,
            }
        )
        assert [r["value"] for r in bluesky_server.records(bluesky_account.did)] == [GOODBYE]

    def test_brings_back_what_was_deleted_meanwhile(
        self, client: Client, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        put(client, HELLO)
        bluesky_server.delete_record(bluesky_account.did, RKEY)
        assert bluesky_server.records(bluesky_account.did) == []
        put(client, HELLO)
        assert len(bluesky_server.records(bluesky_account.did)) == 1

    @pytest.mark.parametrize("rkey", ["my-post", "3l4abcdefgh2", "zl4abcdefgh2k", "3L4ABCDEFGH2K"])
    def test_takes_only_a_tid_as_key(self, client: Client, rkey: str) -> None:
        error = refusal(BadRequestError, lambda: put(client, HELLO, rkey=rkey))
        assert status_and_name(error) == (400, "InvalidRequest")

    @pytest.mark.parametrize(
        "record",
        [
            pytest.param({**HELLO, "text": "x" * 301}, id="301 graphemes"),
            pytest.param({**HELLO, "text": "👩‍👩‍👧‍👧" * 121}, id="3025 bytes"),
            pytest.param({"$type": POST, "text": "Hello"}, id="no createdAt"),
        ],
    )
    def test_refuses_a_record_that_breaks_the_lexicon(
        self, client: Client, record: dict[str, str]
    ) -> None:
        error = refusal(BadRequestError, lambda: put(client, record))
        assert status_and_name(error) == (400, "InvalidRequest")

    def test_stores_facets_that_point_nowhere_so_our_own_tests_must_look(
        self, client: Client
    ) -> None:
        link = {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org"}
        beyond = {"index": {"byteStart": 90, "byteEnd": 99}, "features": [link]}
        assert put(client, {**HELLO, "facets": [beyond]})["validationStatus"] == "valid"

    def test_too_large_a_request_is_413_which_the_sdk_calls_a_network_error(
        self, client: Client
    ) -> None:
        error = refusal(NetworkError, lambda: put(client, {**HELLO, "text": "x" * 1_100_000}))
        assert status_and_name(error) == (413, "PayloadTooLargeError")


def test_create_record_under_a_key_that_exists_is_a_500(
    client: Client, bluesky_account: Account
) -> None:
    put(client, HELLO)
    error = refusal(
        RequestException,
        lambda: client.com.atproto.repo.create_record(
            {"repo": bluesky_account.did, "collection": POST, "rkey": RKEY, "record": HELLO}
        ),
    )
    assert status_and_name(error) == (500, "InternalServerError")


class TestGetRecord:
    @staticmethod
    def get(client: Client, did: str, rkey: str) -> tuple[str, str, str]:
        """uri, cid and text"""
        key = {"repo": did, "collection": POST, "rkey": rkey}
        answer = client.com.atproto.repo.get_record(key)
        return answer.uri, answer.cid, answer.value.text

    def test_finds_what_was_put(self, client: Client) -> None:
        stored = put(client, HELLO)
        assert self.get(client, did_of(client), RKEY) == (stored["uri"], stored["cid"], "Hello")

    def test_names_what_is_absent(self, client: Client) -> None:
        error = refusal(BadRequestError, lambda: self.get(client, did_of(client), ANOTHER_RKEY))
        assert status_and_name(error) == (400, "RecordNotFound")

    def test_does_not_say_record_not_found_of_an_account_it_does_not_know(
        self, client: Client
    ) -> None:
        stranger = "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"
        error = refusal(BadRequestError, lambda: self.get(client, stranger, RKEY))
        assert status_and_name(error) == (400, "InvalidRequest")


class TestRepost:
    @staticmethod
    def record(of: dict[str, Any]) -> dict[str, Any]:
        subject = {"uri": of["uri"], "cid": of["cid"]}
        return {"$type": REPOST, "subject": subject, "createdAt": HELLO["createdAt"]}

    def test_under_one_key_is_one_record_however_often_it_is_put(
        self, client: Client, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        repost = self.record(put(client, HELLO))
        first = put(client, repost, collection=REPOST)
        second = put(client, repost, collection=REPOST)

        assert first["uri"] == second["uri"] == f"at://{bluesky_account.did}/{REPOST}/{RKEY}"
        assert len(bluesky_server.records(bluesky_account.did, REPOST)) == 1

    def test_under_two_keys_is_two_records(
        self, client: Client, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        repost = self.record(put(client, HELLO))
        put(client, repost, RKEY, REPOST)
        put(client, repost, ANOTHER_RKEY, REPOST)
        assert len(bluesky_server.records(bluesky_account.did, REPOST)) == 2


class TestDeleteRecord:
    def test_that_is_gone_already_is_no_error(self, client: Client) -> None:
        uri = put(client, HELLO)["uri"]
        assert client.delete_post(uri)
        assert client.delete_post(uri)

    def test_tells_by_its_commit_whether_there_was_something_to_delete(
        self, client: Client
    ) -> None:
        put(client, HELLO)
        key = {"repo": did_of(client), "collection": POST, "rkey": RKEY}
        assert client.com.atproto.repo.delete_record(key).commit is not None
        assert client.com.atproto.repo.delete_record(key).commit is None


class TestSession:
    @staticmethod
    @contextmanager
    def resumed(
        server: BlueskyServer, session: Session, sent: list[str] | None = None
    ) -> Iterator[tuple[Client, list[tuple[SessionEvent, str]]]]:
        """A new client with a stored session, and the changes it reports to be stored."""
        changes: list[tuple[SessionEvent, str]] = []
        with new_client(server, sent) as client:
            client.on_session_change(lambda event, new: changes.append((event, new.export())))
            client.login(session_string=session.export(), fetch_bsky_profile=False)
            yield client, changes

    @staticmethod
    def put_unrefreshed(client: Client, token: str) -> None:
        """As `put`, past the SDK's own look at the token's age."""
        client.request.post(
            f"{client._base_url}/{PUT}", json={}, headers={"Authorization": f"Bearer {token}"}
        )

    @pytest.fixture
    def session(self, client: Client) -> Session:
        return Session.decode(client.export_session_string())

    def test_is_reported_when_it_begins(
        self, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        stored: list[tuple[SessionEvent, str]] = []
        with new_client(bluesky_server) as client:
            client.on_session_change(lambda event, new: stored.append((event, new.export())))
            client.login(bluesky_account.handle, bluesky_account.password, fetch_bsky_profile=False)
            assert stored == [(SessionEvent.CREATE, client.export_session_string())]

    def test_is_taken_up_again_without_a_request(
        self, bluesky_server: BlueskyServer, session: Session
    ) -> None:
        sent: list[str] = []
        with self.resumed(bluesky_server, session, sent) as (client, changes):
            assert put(client, HELLO)["uri"].startswith(f"at://{session.did}/")
        assert sent == [f"/xrpc/{PUT}"]
        assert changes == [(SessionEvent.IMPORT, session.export())]

    def test_is_renewed_and_reported_before_a_call_when_its_token_is_old(
        self, bluesky_server: BlueskyServer, session: Session
    ) -> None:
        session.access_jwt = bluesky_server.expired(session.access_jwt)
        with self.resumed(bluesky_server, session) as (client, changes):
            put(client, HELLO)
            assert [event for event, _ in changes] == [SessionEvent.IMPORT, SessionEvent.REFRESH]
            renewed = Session.decode(changes[-1][1])
        assert renewed.access_jwt != session.access_jwt
        assert renewed.refresh_jwt != session.refresh_jwt

    def test_survives_a_crash_between_renewal_and_storing_it(
        self, bluesky_server: BlueskyServer, session: Session
    ) -> None:
        session.access_jwt = bluesky_server.expired(session.access_jwt)
        for _ in range(2):  # the second time with a refresh token that has been exchanged already
            with self.resumed(bluesky_server, session) as (client, _):
                put(client, HELLO)

    def test_expired_token_is_a_400(
        self, bluesky_server: BlueskyServer, client: Client, session: Session
    ) -> None:
        expired = bluesky_server.expired(session.access_jwt)
        error = refusal(BadRequestError, lambda: self.put_unrefreshed(client, expired))
        assert status_and_name(error) == (400, "ExpiredToken")
        assert str(error) == "400 ExpiredToken: Token has expired"

    def test_invalid_token_is_a_400(self, client: Client, session: Session) -> None:
        forged = session.access_jwt[:-8] + "AAAAAAAA"
        error = refusal(BadRequestError, lambda: self.put_unrefreshed(client, forged))
        assert status_and_name(error) == (400, "InvalidToken")

    def test_missing_token_is_a_401(self, bluesky_server: BlueskyServer) -> None:
        with new_client(bluesky_server) as client:
            url = f"{bluesky_server.url}/xrpc/{PUT}"
            error = refusal(UnauthorizedError, lambda: client.request.post(url, json={}))
        assert status_and_name(error) == (401, "AuthMissing")

    def test_with_both_tokens_expired_ends_in_the_same_400(
        self, bluesky_server: BlueskyServer, session: Session
    ) -> None:
        session.access_jwt = bluesky_server.expired(session.access_jwt)
        session.refresh_jwt = bluesky_server.expired(session.refresh_jwt)
        with self.resumed(bluesky_server, session) as (client, changes):
            error = refusal(BadRequestError, lambda: put(client, HELLO))
        assert status_and_name(error) == (400, "ExpiredToken")
        assert [event for event, _ in changes] == [SessionEvent.IMPORT]

    def test_writing_to_the_account_of_another_is_a_401(
        self, bluesky_server: BlueskyServer, client: Client, bluesky_account: Account
    ) -> None:
        other = bluesky_server.create_account(f"o{bluesky_account.handle[2:]}")
        body = {"repo": other.did, "collection": POST, "rkey": RKEY, "record": HELLO}
        error = refusal(UnauthorizedError, lambda: client.invoke_procedure(PUT, json=body))
        assert status_and_name(error) == (401, "AuthenticationRequired")


@pytest.fixture(scope="module")
def limited_server() -> Iterator[BlueskyServer]:
    with BlueskyServer(rate_limits=True) as server:
        yield server


class TestRateLimits:
    def test_the_31st_login_in_five_minutes_is_told_when_to_come_back(
        self, limited_server: BlueskyServer
    ) -> None:
        account = limited_server.create_account("limited.test")
        too_long = "x" * 600  # counts like any other, and is refused before the costly hashing
        with new_client(limited_server) as client:
            for _ in range(30):
                refusal(UnauthorizedError, lambda: client.login(account.handle, too_long))
            before = datetime.now(UTC)
            error = refusal(
                RateLimitExceededError,
                lambda: client.login(account.handle, account.password, fetch_bsky_profile=False),
            )

        assert status_and_name(error) == (429, "RateLimitExceeded")
        assert (error.limit, error.remaining, error.policy) == (30, 0, "30;w=300")
        assert error.retry_after is not None
        assert 0 < error.retry_after <= 300
        assert error.reset_at is not None
        assert before < error.reset_at <= before + timedelta(minutes=5, seconds=1)

    def test_writes_tell_of_the_tightest_limit_only_which_hides_the_points_for_writing(
        self, limited_server: BlueskyServer
    ) -> None:
        """3,000 requests in 5 minutes from one address, where a write has 5,000 points an hour."""
        account = limited_server.create_account("writer.test")
        body = {"repo": account.did, "collection": POST, "rkey": RKEY, "record": HELLO}
        with new_client(limited_server) as client:
            client.login(account.handle, account.password, fetch_bsky_profile=False)
            headers = client.invoke_procedure(PUT, json=body).headers
        assert headers["ratelimit-policy"] == "3000;w=300"
        assert 0 < int(headers["ratelimit-remaining"]) < 3000

    def test_are_off_unless_asked_for(self, client: Client) -> None:
        headers = client.invoke_query("com.atproto.server.getSession").headers
        assert not [name for name in headers if name.startswith("ratelimit")]


class TestTheServerItself:
    def test_tells_all_records_however_many_pages_they_fill(
        self,
        client: Client,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("servers.bluesky.PAGE", 2)
        rkeys = [f"3l4abcdefgh2{last}" for last in "abcde"]
        for rkey in rkeys:
            put(client, HELLO, rkey)
        found = [r["uri"].rpartition("/")[2] for r in bluesky_server.records(bluesky_account.did)]
        assert found == rkeys[::-1]

    def test_says_why_an_account_cannot_be_made(
        self, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        with pytest.raises(httpx.HTTPStatusError, match="Handle already taken"):
            bluesky_server.create_account(bluesky_account.handle)

    def test_says_what_node_wrote_when_it_does_not_start(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("servers.bluesky.BlueskyServer._environment", lambda *_: {})
        with pytest.raises(BlueskyServerError, match="PDS_DIR is not set"), BlueskyServer():
            pass

    def test_ends_with_its_stdin_so_that_it_cannot_outlive_a_killed_test_run(self) -> None:
        with BlueskyServer() as server:
            process = server._process
            assert process.stdin is not None
            process.stdin.close()
            assert process.wait(10) == 0
