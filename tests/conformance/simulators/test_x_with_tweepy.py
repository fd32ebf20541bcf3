"""The real tweepy against the simulated X: what each answer and each fault becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types
from servers.simulators import RateLimit, XSimulator
from servers.simulators.x_media import MediaLibrary

from crosspromo.testing.clock import FakeClock
from crosspromo.testing.simulator.messages import Request


def texts(x: XSimulator) -> list[str]:
    return [post.text for post in x.posts]


def test_a_post_is_created_once_and_has_an_id_that_grows(x: XSimulator, client: Any) -> None:
    first = client.create_tweet(text="one").data
    second = client.create_tweet(text="two").data
    assert int(second["id"]) > int(first["id"])
    assert texts(x) == ["one", "two"]
    assert [write.status for write in x.writes] == [201, 201]


def test_the_same_text_again_is_refused_in_the_observed_words(x: XSimulator, client: Any) -> None:
    client.create_tweet(text="again")
    with pytest.raises(tweepy.Forbidden, match="duplicate content") as caught:
        client.create_tweet(text=" again ")
    assert caught.value.response.json() == {
        "detail": "You are not allowed to create a Tweet with duplicate content.",
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
    }
    assert texts(x) == ["again"]


def test_a_deleted_post_is_gone_and_its_text_is_free_again(x: XSimulator, client: Any) -> None:
    created = client.create_tweet(text="gone")
    assert client.delete_tweet(created.data["id"]).data == {"deleted": True}
    assert texts(x) == []
    client.create_tweet(text="gone")


@pytest.mark.parametrize("text", ["a" * 281, "漢" * 141])
def test_what_weighs_more_than_280_is_too_long(client: Any, text: str) -> None:
    with pytest.raises(tweepy.BadRequest, match="too long"):
        client.create_tweet(text=text)
    client.create_tweet(text=text[:-1])


def test_a_long_link_is_not_too_long(client: Any) -> None:
    client.create_tweet(text="https://e.org/" + "a" * 300)


def test_the_measure_can_be_replaced() -> None:
    asked: list[str] = []

    def measure(text: str) -> int:
        asked.append(text)
        return 281

    with XSimulator(measure=measure) as x:
        assert x.posts == ()
        response = signed_post(x, "short")
    assert response.status_code == 400
    assert asked == ["short"]


def signed_post(x: XSimulator, text: str) -> requests.Response:
    """A create through tweepy that gives the bare response."""
    client = tweepy.Client(
        consumer_key=x.credentials.consumer_key,
        consumer_secret=x.credentials.consumer_secret,
        access_token=x.credentials.access_token,
        access_token_secret=x.credentials.access_token_secret,
    )
    auth = tweepy.OAuth1UserHandler(
        x.credentials.consumer_key,
        x.credentials.consumer_secret,
        x.credentials.access_token,
        x.credentials.access_token_secret,
    ).apply_auth()
    client.session.trust_env = False
    with client.session as session:
        response: requests.Response = session.post(
            f"{x.url}/2/tweets", json={"text": text}, auth=auth, timeout=1
        )
    return response


def test_a_look_up_finds_it_by_time_with_expanded_links(x: XSimulator, client: Any) -> None:
    started = datetime.now(UTC) - timedelta(seconds=60)
    client.create_tweet(text="A & B: https://example.org/?a=1&b=2.")
    found = client.get_users_tweets(
        x.user_id,
        start_time=started,
        max_results=5,
        tweet_fields=["created_at", "entities", "note_tweet"],
        user_auth=True,
    )
    (post,) = found.data
    (link,) = post.entities["urls"]
    assert post.text == f"A &amp; B: {link['url']}."
    assert post.text[link["start"] : link["end"]] == link["url"]
    assert link["expanded_url"] == "https://example.org/?a=1&b=2"
    assert post.created_at >= started
    later = client.get_users_tweets(
        x.user_id, start_time=started + timedelta(hours=1), user_auth=True
    )
    assert later.data is None
    assert later.meta == {"result_count": 0}


def test_the_timeline_comes_in_pages_newest_first(x: XSimulator, client: Any) -> None:
    for number in range(12):
        client.create_tweet(text=f"post {number}")
    pages = tweepy.Paginator(
        client.get_users_tweets, x.user_id, max_results=5, user_auth=True
    ).flatten()
    assert [post.text for post in pages] == [f"post {number}" for number in range(11, -1, -1)]


def test_a_repost_happens_once(x: XSimulator, client: Any) -> None:
    theirs = x.publish_elsewhere("riverkeeper", "Clean-up on Saturday")
    assert client.retweet(theirs).data["retweeted"] is True
    assert client.retweet(theirs).data["retweeted"] is True
    (post,) = x.posts
    assert post.repost_of == theirs
    client.unretweet(theirs)
    assert x.posts == ()


def test_quotes_and_replies_nobody_asked_for_are_refused(x: XSimulator, client: Any) -> None:
    theirs = x.publish_elsewhere("riverkeeper", "Clean-up on Saturday")
    with pytest.raises(tweepy.Forbidden, match="Quoting this post is not allowed"):
        client.create_tweet(text="look", quote_tweet_id=theirs)
    with pytest.raises(tweepy.Forbidden, match="Reply to this conversation is not allowed"):
        client.create_tweet(text="look", in_reply_to_tweet_id=theirs)
    own = client.create_tweet(text="1/2").data["id"]
    client.create_tweet(text="2/2", in_reply_to_tweet_id=own)
    assert x.posts[-1].reply_to == own


def test_a_wrong_signature_is_unauthorized(x: XSimulator, stranger: Any) -> None:
    with pytest.raises(tweepy.Unauthorized):
        stranger.get_me()
    with pytest.raises(tweepy.Unauthorized):
        stranger.create_tweet(text="who am I")
    assert x.posts == ()


def test_a_bearer_token_cannot_post(x: XSimulator, client: Any) -> None:
    client.bearer_token = "app-only"
    with pytest.raises(tweepy.Forbidden, match="Application-Only"):
        client.create_tweet(text="as an app", user_auth=False)


def test_the_credentials_are_those_of(x: XSimulator, client: Any) -> None:
    assert client.get_me().data.username == x.username


def test_a_used_up_window_is_429_with_its_reset(x: XSimulator) -> None:
    with XSimulator(limits={"POST /2/tweets": RateLimit(1, 900)}) as small:
        first = signed_post(small, "one")
        second = signed_post(small, "two")
        assert len(small.posts) == 1
    assert first.headers["x-rate-limit-limit"] == "1"
    assert first.headers["x-rate-limit-remaining"] == "0"
    assert second.status_code == 429
    assert second.headers["x-rate-limit-reset"] == first.headers["x-rate-limit-reset"]


BEFORE = {
    "hang": requests.ReadTimeout,
    "close": requests.ConnectionError,
    "500": tweepy.TwitterServerError,
    "503": tweepy.TwitterServerError,
    "429": tweepy.TooManyRequests,
    "401": tweepy.Unauthorized,
    "402": tweepy.HTTPException,
    "403": tweepy.Forbidden,
}
AFTER = {
    "hang": requests.ReadTimeout,
    "close": requests.ConnectionError,
    "500": tweepy.TwitterServerError,
    "503": tweepy.TwitterServerError,
    "unreadable": requests.JSONDecodeError,
}


@pytest.mark.parametrize("fault", BEFORE)
def test_a_fault_before_acceptance_leaves_nothing(x: XSimulator, client: Any, fault: str) -> None:
    x.fail_next(fault)
    with pytest.raises(BEFORE[fault]) as caught:
        client.create_tweet(text="one")
    assert type(caught.value) is BEFORE[fault]
    assert (texts(x), len(x.writes)) == ([], 1)
    client.create_tweet(text="one")
    assert (texts(x), len(x.writes)) == (["one"], 2)


@pytest.mark.parametrize("fault", AFTER)
def test_a_fault_after_acceptance_leaves_the_post(x: XSimulator, client: Any, fault: str) -> None:
    x.fail_next(fault, "after")
    with pytest.raises(AFTER[fault]) as caught:
        client.create_tweet(text="one")
    assert type(caught.value) is AFTER[fault]
    assert (texts(x), len(x.writes)) == (["one"], 1)


def test_the_429_fault_says_when(x: XSimulator, client: Any) -> None:
    x.fail_next("429", seconds=120)
    with pytest.raises(tweepy.TooManyRequests) as caught:
        client.create_tweet(text="one")
    assert 110 < caught.value.reset_time - datetime.now(UTC).timestamp() <= 120


def test_a_followed_redirect_looks_like_success(x: XSimulator, client: Any) -> None:
    x.fail_next("301")
    assert client.create_tweet(text="one").data["text"] == "moved"
    assert texts(x) == []


def test_a_late_answer_is_a_post_the_client_does_not_know_of(x: XSimulator, client: Any) -> None:
    x.fail_next("delay", "after", seconds=5)
    with pytest.raises(requests.ReadTimeout):
        client.create_tweet(text="one")
    assert texts(x) == ["one"]


def test_a_stale_listing_does_not_show_the_newest_post(x: XSimulator, client: Any) -> None:
    client.create_tweet(text="old")
    client.create_tweet(text="new")
    x.fail_next("stale_listing", times=2)
    seen = [
        [post.text for post in client.get_users_tweets(x.user_id, user_auth=True).data]
        for _ in range(3)
    ]
    assert seen == [["old"], ["old"], ["new", "old"]]


def test_a_reply_joins_the_conversation_of_its_root(x: XSimulator, client: Any) -> None:
    root = client.create_tweet(text="1/3").data["id"]
    second = client.create_tweet(text="2/3", in_reply_to_tweet_id=root).data["id"]
    client.create_tweet(text="3/3", in_reply_to_tweet_id=second)
    fields = ["conversation_id", "referenced_tweets"]
    posts = client.get_users_tweets(x.user_id, tweet_fields=fields, user_auth=True).data
    assert {post.conversation_id for post in posts} == {int(root)}
    assert [post.referenced_tweets and post.referenced_tweets[0].id for post in posts] == [
        int(second),
        int(root),
        None,
    ]


def test_an_upload_lives_for_a_day() -> None:
    clock = FakeClock()
    library = MediaLibrary(1, clock.now)
    whole = Request(
        "POST",
        "/2/media/upload",
        headers={"content-type": "application/json"},
        body=b'{"media": "YWJj", "media_category": "tweet_image"}',
    )
    assert library.answer("POST /2/media/upload", whole, []).status == 200
    assert library.keys_of(["1"]) == ("3_1",)
    clock.advance(timedelta(days=1))
    assert library.keys_of(["1"]) is None


def test_media_travels_in_pieces_and_is_shown_as_a_link(x: XSimulator, client: Any) -> None:
    def send(path: str, **body: object) -> dict[str, Any]:
        answer = client.request("POST", f"/2/media/{path}", json=body, user_auth=True).json()
        document: dict[str, Any] = answer["data"]
        return document

    media = send(
        "upload/initialize", media_type="image/png", media_category="tweet_image", total_bytes=6
    )["id"]
    with pytest.raises(tweepy.BadRequest, match="media IDs are invalid"):
        client.create_tweet(text="too early", media_ids=[media])
    send(f"upload/{media}/append", segment_index=1, media="ZGVm")
    send(f"upload/{media}/append", segment_index=0, media="YWJj")
    send(f"upload/{media}/finalize")
    send("metadata", id=media, metadata={"alt_text": {"text": "A river"}})
    created = client.create_tweet(text="With a picture", media_ids=[media])
    assert x.media.uploads[media].content == b"abcdef"
    assert x.media.uploads[media].alt_text == "A river"
    assert created.data["text"].startswith("With a picture https://t.co/")
