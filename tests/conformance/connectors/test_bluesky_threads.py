"""Threads on a real PDS: in their order, gone on with where they broke off, and taken off whole."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from bluesky_accounts import HELLO, NOW, WRONG, Connect, connecting, prepared, publish
from servers.bluesky import POST, Account, BlueskyServer
from servers.misbehaving import CLOSE, HANG, Answer, MisbehavingServer, Silence
from stories import put_of

from crosspromo.connectors.base import (
    Absent,
    Begun,
    Content,
    Found,
    NotRemoved,
    Receipt,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.bluesky.records import TidSequence

THREAD = Content(
    text="One. Two. Three. Four.", parts=("One. 1/4", "Two. 2/4", "Three. 3/4", "Four. 4/4")
)
PUT = "com.atproto.repo.putRecord"


@pytest.fixture
def connect(
    bluesky_server: BlueskyServer, bluesky_account: Account, tmp_path: Path
) -> Iterator[Connect]:
    with connecting(bluesky_server, bluesky_account, tmp_path) as connect:
        yield connect


def whole(server: BlueskyServer, account: Account) -> bool:
    """Whether every part is there once, and a reply to the one before."""
    records = server.records(account.did)[::-1]
    refs = [{"uri": record["uri"], "cid": record["cid"]} for record in records]
    replies = [None, *({"root": refs[0], "parent": parent} for parent in refs[:-1])]
    return [r["value"]["text"] for r in records] == list(THREAD.parts) and [
        r["value"].get("reply") for r in records
    ] == replies


class TestAThread:
    def test_is_its_parts_each_a_reply_to_the_one_before(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        outcome = publish(connect(), THREAD)
        assert whole(bluesky_server, bluesky_account)
        assert isinstance(outcome, Sent)
        assert outcome.receipt.remote_id == bluesky_server.records(bluesky_account.did)[-1]["uri"]

    @pytest.mark.parametrize("sent", [1, 2, 3])
    def test_that_broke_off_has_begun_and_the_same_send_completes_it(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        sent: int,
    ) -> None:
        thread = prepared(connect(), THREAD)
        with closing(MisbehavingServer([], upstream=bluesky_server.url)) as server:
            server.fails_after[PUT] = (sent, CLOSE)
            broken = connect(server=server.url)
            assert broken.ready(THREAD) is None
            assert isinstance(broken.send(thread), Unknown)
        assert len(bluesky_server.records(bluesky_account.did)) == sent

        after_a_restart = connect()
        begun = after_a_restart.look_up(thread, NOW)
        assert begun == Begun({})
        assert isinstance(after_a_restart.send(thread), Sent)
        assert whole(bluesky_server, bluesky_account)
        assert isinstance(after_a_restart.look_up(thread, NOW), Found)

    def test_of_which_nothing_is_there_is_absent(self, connect: Connect) -> None:
        connector = connect()
        assert connector.look_up(prepared(connector, THREAD), NOW) == Absent()

    @pytest.mark.parametrize("part", [1, 2, 3])
    def test_from_which_somebody_took_a_part_is_not_gone_on_with(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account, part: int
    ) -> None:
        connector = connect()
        thread = prepared(connector, THREAD)
        connector.send(thread)
        bluesky_server.delete_record(bluesky_account.did, put_of(thread, part)["rkey"])
        answer = connector.look_up(thread, NOW)
        assert isinstance(answer, Unclear)
        assert f"part {part} of 4" in answer.detail


class TestDelete:
    def test_takes_a_post_off(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        kept = publish(connect(), HELLO)
        sent = publish(connect(), HELLO)
        assert isinstance(kept, Sent)
        assert isinstance(sent, Sent)
        assert connect().delete(sent.receipt) == Removed()
        (record,) = bluesky_server.records(bluesky_account.did)
        assert record["uri"] == kept.receipt.remote_id

    def test_of_what_is_gone_already_is_no_failure(self, connect: Connect) -> None:
        sent = publish(connect())
        assert isinstance(sent, Sent)
        assert connect().delete(sent.receipt) == Removed()
        assert connect().delete(sent.receipt) == Removed()

    @pytest.mark.parametrize("gone", [None, 1, 3])
    def test_takes_all_of_a_thread_off_whichever_part_is_gone_and_nothing_else(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        gone: int | None,
    ) -> None:
        connector = connect()
        before = publish(connector)
        thread = prepared(connector, THREAD)
        sent = connector.send(thread)
        after = publish(connector)
        assert isinstance(sent, Sent)
        assert isinstance(before, Sent)
        assert isinstance(after, Sent)
        if gone is not None:
            bluesky_server.delete_record(bluesky_account.did, put_of(thread, gone)["rkey"])

        assert connector.delete(sent.receipt) == Removed()
        left = {record["uri"] for record in bluesky_server.records(bluesky_account.did)}
        assert left == {before.receipt.remote_id, after.receipt.remote_id}

    def test_leaves_what_a_person_replied_to_the_thread(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        connector = connect()
        sent = publish(connector, THREAD)
        assert isinstance(sent, Sent)
        root = bluesky_server.records(bluesky_account.did)[-1]
        reference = {"uri": root["uri"], "cid": root["cid"]}
        later = prepared(connector)
        put: Any = put_of(later)
        put["rkey"] = TidSequence().next(NOW + timedelta(seconds=90))
        put["record"]["reply"] = {"root": reference, "parent": reference}
        assert isinstance(connector.send(later), Sent)

        assert connector.delete(sent.receipt) == Removed()
        (record,) = bluesky_server.records(bluesky_account.did)
        assert record["value"]["text"] == "Hello"

    @pytest.mark.parametrize("failure", [CLOSE, HANG], ids=["close", "hang"])
    def test_that_broke_off_leaves_a_beginning_and_is_completed_by_another(
        self,
        connect: Connect,
        bluesky_server: BlueskyServer,
        bluesky_account: Account,
        failure: Silence,
    ) -> None:
        sent = publish(connect(), THREAD)
        assert isinstance(sent, Sent)
        with closing(MisbehavingServer([], upstream=bluesky_server.url)) as server:
            server.fails_after["com.atproto.repo.deleteRecord"] = (2, failure)
            broken = connect(server=server.url, timeout=timedelta(seconds=1))
            assert isinstance(broken.delete(sent.receipt), NotRemoved)
        left = [r["value"]["text"] for r in bluesky_server.records(bluesky_account.did)[::-1]]
        assert left == list(THREAD.parts[:2])

        assert connect().delete(sent.receipt) == Removed()
        assert bluesky_server.records(bluesky_account.did) == []

    def test_of_another_accounts_post_is_refused(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        sent = publish(connect())
        assert isinstance(sent, Sent)
        other = bluesky_server.create_account(f"o{bluesky_account.handle[1:]}")
        connector = connect(identifier=other.handle, password=other.password)
        assert isinstance(connector.delete(sent.receipt), NotRemoved)
        assert len(bluesky_server.records(bluesky_account.did)) == 1

    @pytest.mark.parametrize("strange", ["", "https://example.org", f"at://alice.test/{POST}/x"])
    def test_of_what_is_no_record_is_refused(self, connect: Connect, strange: str) -> None:
        assert isinstance(connect().delete(Receipt(strange)), NotRemoved)

    @pytest.mark.parametrize("body", [b"[]", b"{}", b'{"records": 1}', b"<html>"])
    def test_takes_nothing_off_where_the_list_of_parts_cannot_be_read(
        self, connect: Connect, bluesky_server: BlueskyServer, bluesky_account: Account, body: bytes
    ) -> None:
        sent = publish(connect(), THREAD)
        assert isinstance(sent, Sent)
        with closing(MisbehavingServer([], upstream=bluesky_server.url)) as server:
            listed = Answer(200, body, {"content-type": "application/json"})
            server.answers["com.atproto.repo.listRecords"] = listed
            assert isinstance(connect(server=server.url).delete(sent.receipt), NotRemoved)
        assert whole(bluesky_server, bluesky_account)

    def test_is_refused_where_we_cannot_sign_in(self, connect: Connect) -> None:
        sent = publish(connect())
        assert isinstance(sent, Sent)
        refused = connect(password=WRONG).delete(sent.receipt)
        assert isinstance(refused, NotRemoved)
        assert "401" in refused.reason
