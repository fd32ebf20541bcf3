"""Figures and mentions on Bluesky: a real server, and a simulated AppView held to the lexicons."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from bluesky_accounts import Connect, connecting, publish
from servers.bluesky import Account, BlueskyServer
from servers.simulators.bluesky_appview import BlueskyNetwork

from crosspromo.connectors.base import (
    Content,
    Figures,
    Heard,
    HeardPage,
    Measured,
    MentionKind,
    NotRead,
    Sent,
)
from crosspromo.connectors.bluesky.account import BlueskyAccount
from crosspromo.testing.simulator.faults import FaultKind
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

GET_POSTS = "/xrpc/app.bsky.feed.getPosts"
NOTIFICATIONS = "/xrpc/app.bsky.notification.listNotifications"


class Network(BlueskyNetwork):
    """Without the account's own host in a session: the library would go there, past us."""

    strange: object = None
    """What the AppView answers instead, if anything."""

    def answer(self, request: Request) -> Answer:
        if self.strange is not None and "/app.bsky." in request.path:
            return json_answer(200, self.strange)
        answer = super().answer(request)
        if request.path.endswith("Session"):
            body = answer.body.replace(b'"didDoc"', b'"another"')
            return Answer(answer.status, body, answer.headers, accepted=answer.accepted)
        return answer


@pytest.fixture
def network(bluesky_server: BlueskyServer) -> Iterator[Network]:
    with Network(bluesky_server.url) as network:
        yield network


@pytest.fixture
def connect(
    bluesky_server: BlueskyServer, bluesky_account: Account, tmp_path: Path
) -> Iterator[Connect]:
    with connecting(bluesky_server, bluesky_account, tmp_path) as connect:
        yield connect


@pytest.fixture
def account(connect: Connect, network: Network) -> BlueskyAccount:
    return connect(server=network.url)


def posted(account: BlueskyAccount, text: str = "Hello") -> str:
    outcome = publish(account, Content(text))
    assert isinstance(outcome, Sent)
    return outcome.receipt.remote_id


def heard(account: BlueskyAccount, most: int = 2) -> tuple[list[Heard], str]:
    """All that is to be heard from the beginning, page by page, and the last cursor."""
    return heard_after(account, None, most)


def heard_after(
    account: BlueskyAccount, cursor: str | None, most: int = 2
) -> tuple[list[Heard], str]:
    found: list[Heard] = []
    while True:
        page = account.listen(cursor, most)
        assert isinstance(page, HeardPage)
        found += page.mentions
        cursor = page.cursor
        if not page.more:
            return found, cursor


class TestFigures:
    def test_are_those_of_the_appview_and_views_are_not_known(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        one, two = posted(account, "One"), posted(account, "Two")
        network.told.counts[one] = {"likeCount": 4, "repostCount": 3, "replyCount": 2}
        assert account.measure([one, two]) == Measured(
            {
                one: Figures(likes=4, reposts=3, replies=2, quotes=0, views=None),
                two: Figures(likes=0, reposts=0, replies=0, quotes=0, views=None),
            }
        )

    def test_of_what_the_appview_does_not_know_yet_are_unknown(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        one = posted(account)
        network.told.not_indexed.add(one)
        assert account.measure([one]) == Measured({})

    def test_of_a_deleted_post_are_gone(
        self, account: BlueskyAccount, bluesky_server: BlueskyServer, bluesky_account: Account
    ) -> None:
        one, two = posted(account, "One"), posted(account, "Two")
        bluesky_server.delete_record(bluesky_account.did, one.rpartition("/")[2])
        answer = account.measure([one, two])
        assert isinstance(answer, Measured)
        assert (answer.gone, list(answer.figures)) == (frozenset({one}), [two])

    def test_are_asked_for_25_at_a_time_as_the_lexicon_allows(
        self, account: BlueskyAccount
    ) -> None:
        one = posted(account)
        assert isinstance(account.measure([one] * 25), Measured)
        assert isinstance(account.measure([one] * 26), NotRead)

    def test_of_what_is_no_post_are_not_asked_for(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        assert account.measure(["x", "at://did:plc:a/app.bsky.feed.repost/b"]) == Measured({})
        assert all(each.path != GET_POSTS for each in network.reads)

    @pytest.mark.parametrize(
        "strange",
        [{}, {"posts": 3}, {"posts": [3, {}, {"uri": 5}]}, [1]],
        ids=["nothing", "a number", "no posts", "a list"],
    )
    def test_that_make_no_sense_are_no_figures(
        self, account: BlueskyAccount, network: Network, strange: object
    ) -> None:
        one = posted(account)
        network.strange = strange
        answer = account.measure([one])
        assert isinstance(answer, NotRead) or answer == Measured({})

    def test_below_zero_or_in_words_are_not_known(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        one = posted(account)
        network.strange = {"posts": [{"uri": one, "likeCount": -1, "replyCount": "7"}]}
        assert account.measure([one]) == Measured({one: Figures()})


class TestFollowers:
    def test_are_counted_where_the_appview_tells(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        assert account.followers() == 12
        network.told.followers = None
        assert account.followers() is None


class TestMentions:
    def test_are_mentions_replies_quotes_and_reposts_alone(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        reasons = ("mention", "like", "reply", "follow", "quote", "repost")
        told = [network.speak(each, "keepers.example", "Thanks") for each in reasons]
        found, _ = heard(account)
        assert [each.kind for each in reversed(found)] == [
            MentionKind.MENTION,
            MentionKind.REPLY,
            MentionKind.QUOTE,
            MentionKind.RESHARE,
        ]
        newest, *_, oldest = found
        assert (newest.remote_id, newest.author, newest.text) == (
            told[-1].uri,
            "keepers.example",
            "",
        )
        assert oldest.text == "Thanks"
        assert oldest.url.startswith("https://bsky.app/profile/did:plc:")

    def test_are_read_on_from_where_the_last_reading_ended(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        first = {network.speak("mention", "a.example", str(n)).uri for n in range(5)}
        found, cursor = heard(account)
        assert {each.remote_id for each in found} == first
        later = network.speak("mention", "a.example", "later").uri
        found, cursor = heard_after(account, cursor)
        new = {each.remote_id for each in found} - first
        assert new == {later}
        assert len(found) <= 3  # what stands on the mark may come once more

    def test_that_come_while_one_reads_are_heard_the_next_time(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        first = {network.speak("mention", "a.example", str(n)).uri for n in range(4)}
        page = account.listen(None, 2)
        assert isinstance(page, HeardPage)
        assert page.more
        later = network.speak("mention", "a.example", "later").uri
        rest, cursor = heard_after(account, page.cursor)
        assert {each.remote_id for each in (*page.mentions, *rest)} == first
        found, _ = heard_after(account, cursor)
        assert later in {each.remote_id for each in found}

    def test_of_long_ago_are_not_read_at_the_first_time(
        self, account: BlueskyAccount, network: Network
    ) -> None:
        old = network.speak("mention", "a.example", "old")
        network.told.notices[0] = type(old)(
            old.number, old.reason, old.handle, old.text, old.at - timedelta(days=30)
        )
        new = network.speak("mention", "a.example", "new")
        found, _ = heard(account)
        assert [each.remote_id for each in found] == [new.uri]

    @pytest.mark.parametrize(
        "strange",
        [{}, {"notifications": 3}, {"notifications": [3, {}, {"uri": 5, "reason": "reply"}]}],
        ids=["nothing", "a number", "no notifications"],
    )
    def test_that_make_no_sense_are_none(
        self, account: BlueskyAccount, network: Network, strange: object
    ) -> None:
        network.strange = strange
        answer = account.listen(None, 10)
        assert isinstance(answer, NotRead) or not answer.mentions


def test_a_failing_appview_is_not_read(account: BlueskyAccount, network: Network) -> None:
    assert account.verify()
    network.fail_next(FaultKind.SERVER_ERROR, path=NOTIFICATIONS)
    failed = account.listen(None, 10)
    assert isinstance(failed, NotRead)
    assert failed.reason


def test_a_server_without_an_appview_is_not_read(connect: Connect) -> None:
    alone = connect()
    assert isinstance(alone.followers(), NotRead)
    assert isinstance(alone.listen(None, 10), NotRead)
