"""The Bluesky connector against a real PDS, without rate limits and with those of the network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from bluesky_accounts import (
    HELLO,
    NOW,
    WRONG,
    Connect,
    MemorySessions,
    connecting,
    prepared,
    publish,
)
from servers.bluesky import Account, BlueskyServer
from stories import put_of

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    Content,
    Found,
    NotSent,
    Prepared,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.text import rules

ACCESS, REFRESH = -3, -2


@pytest.fixture(scope="module", params=[False, True], ids=["unlimited", "rate limits"])
def bluesky_server(request: pytest.FixtureRequest) -> Iterator[BlueskyServer]:
    with BlueskyServer(rate_limits=request.param) as server:
        yield server


@pytest.fixture
def connect(
    bluesky_server: BlueskyServer, bluesky_account: Account, tmp_path: Path
) -> Iterator[Connect]:
    with connecting(bluesky_server, bluesky_account, tmp_path) as connect:
        yield connect


def forge(token: str) -> str:
    """As long-lived as it was, and signed by nobody."""
    return token[:-8] + "AAAAAAAA"


class TestAPost:
    def test_is_stored_exactly_as_prepared(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connector = connect()
        post = prepared(connector)
        outcome = connector.send(post)

        did = bluesky_account.did
        uri = f"at://{did}/app.bsky.feed.post/{post.token}"
        url = f"https://bsky.app/profile/{did}/post/{post.token}"
        assert outcome == Sent(Receipt(uri, url))
        (record,) = bluesky_server.records(did)
        assert record["uri"] == uri
        assert record["value"] == {
            "$type": "app.bsky.feed.post",
            "text": "Hello",
            "createdAt": "2026-10-01T12:00:00.250Z",
        }
        assert put_of(post)["record"] == record["value"]

    def test_carries_links_mentions_and_hashtags_on_the_right_bytes(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        other = bluesky_server.create_account(f"o{bluesky_account.handle[1:]}")
        text = (
            f"👩‍👩‍👧‍👧 Grüße! https://example.org/ä?q=1 mit @{other.handle}"
            " und @nobody.test: #KulturFürAlle"
        )
        assert isinstance(publish(connect(), Content(text)), Sent)

        (record,) = bluesky_server.records(bluesky_account.did)
        raw = record["value"]["text"].encode()
        marked: list[tuple[str, dict[str, Any]]] = [
            (
                raw[facet["index"]["byteStart"] : facet["index"]["byteEnd"]].decode(),
                facet["features"][0],
            )
            for facet in record["value"]["facets"]
        ]
        kind = "app.bsky.richtext.facet"
        link = "https://example.org/ä?q=1"
        assert marked == [
            (link, {"$type": f"{kind}#link", "uri": link}),
            (f"@{other.handle}", {"$type": f"{kind}#mention", "did": other.did}),
            ("#KulturFürAlle", {"$type": f"{kind}#tag", "tag": "KulturFürAlle"}),
        ]

    def test_sent_again_is_the_same_post(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connector = connect()
        post = prepared(connector)
        first = connector.send(post)
        after_a_restart = connect()
        assert after_a_restart.ready(HELLO) is None

        assert isinstance(first, Sent)
        assert connector.send(post) == first
        assert after_a_restart.send(post) == first
        assert len(bluesky_server.records(bluesky_account.did)) == 1

    def test_never_overwrites_another(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connector = connect()
        post = prepared(connector)
        connector.send(post)
        other = connector.prepare(Content("Goodbye"), NOW)
        clash = Prepared(
            post.token, {**other.payload, "puts": [{**put_of(other), "rkey": post.token}]}
        )

        assert isinstance(connector.send(clash), Unknown)
        assert isinstance(connector.look_up(clash, NOW), Unclear)
        (record,) = bluesky_server.records(bluesky_account.did)
        assert record["value"]["text"] == "Hello"

    def test_that_breaks_the_networks_rules_is_rejected_in_its_words(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        outcome = publish(connect(), Content("x" * 301))
        assert isinstance(outcome, Rejected)
        assert "400 InvalidRequest" in outcome.reason
        assert "300" in outcome.reason
        assert bluesky_server.records(bluesky_account.did) == []

    @pytest.mark.parametrize("text", ["x" * 300, "👩‍👩‍👧‍👧" * 120, "ä" * 300])
    def test_is_measured_as_the_network_measures_it(self, connect: Connect, text: str) -> None:
        limit = rules.BLUESKY
        assert limit.fits(text)
        assert isinstance(publish(connect(), Content(text)), Sent)
        longer = text + text[-7:] * 181
        assert not limit.fits(longer)
        assert isinstance(publish(connect(), Content(longer)), Rejected)

    def test_that_is_too_large_a_request_is_rejected(self, connect: Connect) -> None:
        assert isinstance(publish(connect(), Content("x" * 1_100_000)), Rejected)

    def test_prepared_for_another_account_is_rejected(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        other = bluesky_server.create_account(f"o{bluesky_account.handle[1:]}")
        theirs = prepared(connect(identifier=other.handle, password=other.password))
        connector = connect()
        assert connector.ready(HELLO) is None
        assert isinstance(connector.send(theirs), Rejected)
        assert bluesky_server.records(other.did) == []

    def test_is_not_sent_by_a_connector_that_is_not_ready(self, connect: Connect) -> None:
        post = prepared(connect())
        assert isinstance(connect().send(post), NotSent)


class TestLookUp:
    def test_finds_what_was_sent_with_the_time_it_bears(self, connect: Connect) -> None:
        connector = connect()
        post = prepared(connector)
        sent = connector.send(post)
        found = connect().look_up(post, NOW)

        assert isinstance(sent, Sent)
        assert isinstance(found, Found)
        assert found.receipt.remote_id == sent.receipt.remote_id
        assert found.receipt.url == sent.receipt.url
        assert found.receipt.published_at == NOW

    def test_says_absent_of_what_was_not_sent(self, connect: Connect) -> None:
        connector = connect()
        assert connector.look_up(prepared(connector), NOW) == Absent()

    def test_says_absent_of_what_was_deleted(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connector = connect()
        post = prepared(connector)
        connector.send(post)
        bluesky_server.delete_record(bluesky_account.did, post.token)
        assert connector.look_up(post, NOW) == Absent()

    def test_is_unclear_about_an_account_the_server_does_not_have(self, connect: Connect) -> None:
        connector = connect()
        post = prepared(connector)
        strange = {**post.payload, "repo": "did:plc:aaaaaaaaaaaaaaaaaaaaaaaa"}
        assert isinstance(connector.look_up(Prepared(post.token, strange), NOW), Unclear)

    def test_is_unclear_when_we_cannot_sign_in(self, connect: Connect) -> None:
        post = prepared(connect())
        assert isinstance(connect(password=WRONG).look_up(post, NOW), Unclear)


class TestSession:
    """With a wrong password, only a session can have been used."""

    @pytest.fixture
    def sessions(self, connect: Connect) -> MemorySessions:
        """As a process leaves them that has signed in."""
        sessions = MemorySessions()
        assert connect(sessions).ready(HELLO) is None
        assert sessions.session is not None
        return sessions

    def test_is_used_again_after_a_restart(
        self, connect: Connect, sessions: MemorySessions
    ) -> None:
        before = sessions.session
        assert isinstance(publish(connect(sessions, password=WRONG)), Sent)
        assert sessions.session == before

    def test_is_renewed_and_stored_when_its_access_token_is_old(
        self, connect: Connect, sessions: MemorySessions, bluesky_server: BlueskyServer
    ) -> None:
        sessions.replace_token(ACCESS, bluesky_server.expired)
        old = sessions.session
        assert isinstance(publish(connect(sessions, password=WRONG)), Sent)

        assert sessions.session != old
        assert isinstance(publish(connect(sessions, password=WRONG)), Sent)

    def test_that_has_ended_is_replaced_by_a_new_one(
        self, connect: Connect, sessions: MemorySessions, bluesky_server: BlueskyServer
    ) -> None:
        sessions.replace_token(ACCESS, bluesky_server.expired)
        sessions.replace_token(REFRESH, bluesky_server.expired)
        assert isinstance(publish(connect(sessions)), Sent)
        assert isinstance(publish(connect(sessions, password=WRONG)), Sent)

    def test_that_the_server_no_longer_takes_costs_one_try(
        self, connect: Connect, sessions: MemorySessions
    ) -> None:
        sessions.replace_token(ACCESS, forge)
        connector = connect(sessions)
        outcome = publish(connector)
        assert isinstance(outcome, NotSent)
        assert not outcome.account_fault
        assert isinstance(publish(connector), Sent)

    def test_that_the_server_no_longer_takes_is_forgotten_by_the_next_process_too(
        self, connect: Connect, sessions: MemorySessions
    ) -> None:
        sessions.replace_token(ACCESS, forge)
        assert isinstance(publish(connect(sessions)), NotSent)
        assert isinstance(publish(connect(sessions)), Sent)

    @pytest.mark.parametrize("place", [ACCESS, REFRESH])
    def test_that_cannot_be_decoded_is_replaced(
        self, connect: Connect, sessions: MemorySessions, place: int
    ) -> None:
        sessions.replace_token(ACCESS, lambda _: "no-token")
        sessions.replace_token(place, lambda _: "a.b.c")
        assert isinstance(publish(connect(sessions)), Sent)

    @pytest.mark.parametrize("kept", [0, 3, 20])
    def test_that_is_damaged_is_replaced(
        self, connect: Connect, sessions: MemorySessions, kept: int
    ) -> None:
        assert sessions.session is not None
        sessions.session = sessions.session[:kept]
        assert isinstance(publish(connect(sessions)), Sent)

    def test_that_lacks_a_part_is_replaced(
        self, connect: Connect, sessions: MemorySessions
    ) -> None:
        assert sessions.session is not None
        without_tokens = sessions.session.split(":::")[:-3]
        sessions.session = ":::".join(without_tokens)
        assert isinstance(publish(connect(sessions)), Sent)

    def test_of_another_server_is_not_used(
        self, connect: Connect, sessions: MemorySessions, bluesky_server: BlueskyServer
    ) -> None:
        same_by_another_name = bluesky_server.url.replace("localhost", "127.0.0.1")
        connector = connect(sessions, password=WRONG, server=same_by_another_name)
        assert isinstance(connector.ready(HELLO), NotSent)

    def test_of_another_account_is_not_used(
        self, connect: Connect, sessions: MemorySessions, bluesky_server: BlueskyServer
    ) -> None:
        other = bluesky_server.create_account("other-account.test")
        connector = connect(sessions, identifier=other.handle, password=other.password)
        assert isinstance(publish(connector), Sent)
        assert len(bluesky_server.records(other.did)) == 1


class TestWrongPassword:
    def test_is_a_fault_of_the_account(self, connect: Connect) -> None:
        obstacle = connect(password=WRONG).ready(HELLO)
        assert isinstance(obstacle, NotSent)
        assert obstacle.account_fault
        assert "401 AuthenticationRequired" in obstacle.reason
        assert WRONG not in obstacle.reason

    def test_is_told_by_verify(self, connect: Connect) -> None:
        with pytest.raises(
            AccountError, match=r"refuses this account: 401 AuthenticationRequired"
        ) as caught:
            connect(password=WRONG).verify()
        assert WRONG not in str(caught.value)


class TestVerify:
    def test_tells_the_handle(self, connect: Connect, bluesky_account: Account) -> None:
        assert connect().verify() == bluesky_account.handle

    def test_takes_an_identifier_written_as_a_mention(
        self, connect: Connect, bluesky_account: Account
    ) -> None:
        assert connect(identifier=f"@{bluesky_account.handle}").verify() == bluesky_account.handle

    def test_asks_the_server_and_signs_in_again_where_the_session_is_refused(
        self, connect: Connect, bluesky_account: Account
    ) -> None:
        sessions = MemorySessions()
        connect(sessions).verify()
        sessions.replace_token(ACCESS, forge)
        assert connect(sessions).verify() == bluesky_account.handle
        sessions.replace_token(ACCESS, forge)
        with pytest.raises(AccountError):
            connect(sessions, password=WRONG).verify()


class TestTheBotLabel:
    PROFILE = "app.bsky.actor.profile"
    BOT: ClassVar = {"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "bot"}]}

    def profiles(self, server: BlueskyServer, account: Account) -> list[dict[str, Any]]:
        return [record["value"] for record in server.records(account.did, self.PROFILE)]

    def test_is_not_set_unless_it_is_wanted(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connect().verify()
        assert self.profiles(bluesky_server, bluesky_account) == []

    def test_is_set_once_where_there_was_no_profile(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        assert connect(bot_label="on").verify() == bluesky_account.handle
        connect(bot_label="on").verify()
        labelled = {"$type": self.PROFILE, "labels": self.BOT}
        assert self.profiles(bluesky_server, bluesky_account) == [labelled]

    def test_leaves_all_else_of_the_profile_as_it_is(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        other: dict[str, Any] = {"val": "!no-unauthenticated"}
        profile = {
            "$type": self.PROFILE,
            "displayName": "River Keepers",
            "description": "We keep rivers.",
            "labels": {**self.BOT, "values": [other]},
        }
        bluesky_server.put_record(bluesky_account.did, "self", profile, self.PROFILE)

        connect(bot_label="on").verify()
        labelled = {**profile, "labels": {**self.BOT, "values": [other, {"val": "bot"}]}}
        assert self.profiles(bluesky_server, bluesky_account) == [labelled]
