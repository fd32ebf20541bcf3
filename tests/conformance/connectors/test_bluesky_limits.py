"""The Bluesky connector against a real PDS that limits as the real network does."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from pathlib import Path

import httpx
import pytest
from bluesky_accounts import HELLO, Connect, MemorySessions, connecting, prepared, publish
from servers.bluesky import POST, Account, BlueskyServer

from crosspromo.connectors.base import Content, Found, NotSent, Outcome, Sent
from crosspromo.domain.clock import SystemClock

SIGN_INS = 30
"""In five minutes, for one account."""

WRITES_AT_ONCE = 200
"""Deletions in one applyWrites, each a point; 5,000 points an hour."""


@pytest.fixture(scope="module")
def limited_server() -> Iterator[BlueskyServer]:
    with BlueskyServer(rate_limits=True) as server:
        yield server


numbers = count(1)


@pytest.fixture
def account(limited_server: BlueskyServer) -> Account:
    return limited_server.create_account(f"limited-{next(numbers)}.test")


@pytest.fixture
def connect(limited_server: BlueskyServer, account: Account, tmp_path: Path) -> Iterator[Connect]:
    with connecting(limited_server, account, tmp_path) as connect:
        yield connect


def assert_waits_for_the_reset(outcome: Outcome | None, within: timedelta) -> None:
    """It was not sent, and the server has said when to come back."""
    now = SystemClock().now()
    assert isinstance(outcome, NotSent)
    assert not outcome.account_fault
    assert outcome.retry_at is not None
    assert now - timedelta(seconds=30) < outcome.retry_at <= now + within


def use_up_writes(server: BlueskyServer, account: Account) -> None:
    """Write until the server takes nothing more of this account."""
    url = f"{server.url}/xrpc"
    with httpx.Client(trust_env=False, timeout=30) as client:
        signed_in = client.post(
            f"{url}/com.atproto.server.createSession",
            json={"identifier": account.handle, "password": account.password},
        ).json()
        deletion = {
            "$type": "com.atproto.repo.applyWrites#delete",
            "collection": POST,
            "rkey": "3l4abcdefgh2k",
        }
        status = 500
        while status != 429:
            answer = client.post(
                f"{url}/com.atproto.repo.applyWrites",
                json={"repo": account.did, "writes": [deletion] * WRITES_AT_ONCE},
                headers={"authorization": f"Bearer {signed_in['accessJwt']}"},
            )
            status = answer.status_code
            # 500: there is nothing to delete. It costs its points all the same.
            assert status in {429, 500}, answer.text


def test_posts_as_ever_below_the_limits(
    connect: Connect, limited_server: BlueskyServer, account: Account
) -> None:
    connector = connect()
    sent = [publish(connector, Content(f"Post {number}")) for number in range(5)]
    assert all(isinstance(outcome, Sent) for outcome in sent)
    assert len(limited_server.records(account.did)) == 5


def test_waits_until_it_may_sign_in_again(connect: Connect) -> None:
    for _ in range(SIGN_INS):
        assert connect().ready(HELLO) is None
    assert_waits_for_the_reset(connect().ready(HELLO), timedelta(minutes=5))


def test_signs_in_once_for_many_processes(connect: Connect) -> None:
    sessions = MemorySessions()
    for _ in range(SIGN_INS + 5):
        assert connect(sessions).ready(HELLO) is None


def test_waits_until_it_may_write_again(
    connect: Connect, limited_server: BlueskyServer, account: Account
) -> None:
    connector = connect()
    before = prepared(connector)
    assert isinstance(connector.send(before), Sent)
    post = prepared(connector, Content("Too many"))
    use_up_writes(limited_server, account)

    assert_waits_for_the_reset(connector.send(post), timedelta(hours=1))
    assert len(limited_server.records(account.did)) == 1
    assert isinstance(connector.look_up(before, SystemClock().now()), Found)  # reading is free
