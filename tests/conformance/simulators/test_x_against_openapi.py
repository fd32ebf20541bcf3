"""Requests to and answers of the simulated X, held against X's OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its types are a package of their own
import pytest
import tweepy  # type: ignore[import-untyped]  # tweepy ships no types
from servers.simulators import XSimulator
from servers.simulators.x_posts import XPost

from crosspromo.testing.simulator.messages import Request

# tweepy asks for `tweet.fields`; the document of version 2.167 calls the same `post.fields`.
RENAMED = {"tweet.fields": "post.fields"}


def call(client: Any, method: str, path: str, **body: object) -> Any:
    """One request through tweepy, which signs it; the bare response."""
    return client.request(method, path, json=body or None, user_auth=True)


def upload(client: Any) -> str:
    path = "/2/media/upload/initialize"
    started = call(client, "POST", path, media_type="image/png", total_bytes=3).json()
    return str(started["data"]["id"])


def filled(client: Any) -> str:
    media = upload(client)
    call(client, "POST", f"/2/media/upload/{media}/append", media="YWJj", segment_index=0)
    return media


def finished(client: Any) -> str:
    media = filled(client)
    call(client, "POST", f"/2/media/upload/{media}/finalize")
    return media


def published(client: Any) -> str:
    return str(client.create_tweet(text="See https://example.org @someone #tag").data["id"])


def create(x: XSimulator, client: Any) -> Any:
    return call(
        client,
        "POST",
        "/2/tweets",
        text="With https://example.org",
        media={"media_ids": [finished(client)]},
        made_with_ai=False,
        paid_partnership=True,
    )


def delete(x: XSimulator, client: Any) -> Any:
    return call(client, "DELETE", f"/2/tweets/{published(client)}")


def repost(x: XSimulator, client: Any) -> Any:
    return call(client, "POST", f"/2/users/{x.user_id}/retweets", tweet_id=published(client))


def undo_repost(x: XSimulator, client: Any) -> Any:
    return call(client, "DELETE", f"/2/users/{x.user_id}/retweets/{published(client)}")


def me(x: XSimulator, client: Any) -> Any:
    return client.request("GET", "/2/users/me", {"user.fields": "created_at"}, user_auth=True)


def timeline(x: XSimulator, client: Any) -> Any:
    for number in range(6):
        client.create_tweet(text=f"{number} at https://example.org/{number} for @someone")
    fields = "created_at,entities,note_tweet,author_id,referenced_tweets"
    query = {"tweet.fields": fields, "max_results": 5, "start_time": "2026-01-01T00:00:00Z"}
    return client.request("GET", f"/2/users/{x.user_id}/tweets", query, user_auth=True)


def initialize(x: XSimulator, client: Any) -> Any:
    body = {"media_type": "image/png", "media_category": "tweet_image", "total_bytes": 3}
    return call(client, "POST", "/2/media/upload/initialize", **body)


def append(x: XSimulator, client: Any) -> Any:
    path = f"/2/media/upload/{upload(client)}/append"
    return call(client, "POST", path, media="YWJj", segment_index=0)


def finalize(x: XSimulator, client: Any) -> Any:
    return call(client, "POST", f"/2/media/upload/{filled(client)}/finalize")


def upload_whole(x: XSimulator, client: Any) -> Any:
    return call(client, "POST", "/2/media/upload", media="YWJj", media_category="tweet_image")


def status(x: XSimulator, client: Any) -> Any:
    query = {"media_id": upload(client), "command": "STATUS"}
    return client.request("GET", "/2/media/upload", query, user_auth=True)


def processing(x: XSimulator, client: Any) -> Any:
    """The status of a GIF that is not ready for a post yet."""
    x.media.polls_before_a_gif = 1
    body = {"media_type": "image/gif", "media_category": "tweet_gif", "total_bytes": 3}
    media = call(client, "POST", "/2/media/upload/initialize", **body).json()["data"]["id"]
    call(client, "POST", f"/2/media/upload/{media}/append", media="YWJj", segment_index=0)
    call(client, "POST", f"/2/media/upload/{media}/finalize")
    query = {"media_id": media, "command": "STATUS"}
    return client.request("GET", "/2/media/upload", query, user_auth=True)


def thread(x: XSimulator, client: Any) -> Any:
    """A timeline with replies and a repost in it."""
    root = published(client)
    client.create_tweet(text="and more", in_reply_to_tweet_id=root)
    client.retweet(x.publish_elsewhere("riverkeeper", "Clean-up"))
    query = {"tweet.fields": "conversation_id,referenced_tweets", "since_id": str(int(root) - 1)}
    return client.request("GET", f"/2/users/{x.user_id}/tweets", query, user_auth=True)


def metadata(x: XSimulator, client: Any) -> Any:
    described = {"alt_text": {"text": "A river"}}
    return call(client, "POST", "/2/media/metadata", id=finished(client), metadata=described)


def counted(x: XSimulator, client: Any) -> Any:
    """Posts with their figures, and one that is not there."""
    post = published(client)
    x.counted[post] = {"like_count": 3, "impression_count": 40}
    query = {"ids": f"{post},42", "tweet.fields": "public_metrics"}
    return client.request("GET", "/2/tweets", query, user_auth=True)


def followed(x: XSimulator, client: Any) -> Any:
    return client.request("GET", "/2/users/me", {"user.fields": "public_metrics"}, user_auth=True)


def mentions(x: XSimulator, client: Any) -> Any:
    post = published(client)
    x.speak("riverkeeper", "Thank you, @crosspromo")
    x.speak("riverkeeper", "So true", reply_to=post)
    query = {
        "tweet.fields": "created_at,author_id,referenced_tweets",
        "expansions": "author_id",
        "user.fields": "username",
        "max_results": 5,
        "start_time": "2026-01-01T00:00:00Z",
    }
    return client.request("GET", f"/2/users/{x.user_id}/mentions", query, user_auth=True)


Ask = Callable[[XSimulator, Any], Any]
ENDPOINTS: list[tuple[str, str, Ask]] = [
    ("post", "/2/tweets", create),
    ("delete", "/2/tweets/{id}", delete),
    ("post", "/2/users/{id}/retweets", repost),
    ("delete", "/2/users/{id}/retweets/{source_tweet_id}", undo_repost),
    ("get", "/2/users/me", me),
    ("get", "/2/users/{id}/tweets", timeline),
    ("get", "/2/users/{id}/tweets", thread),
    ("get", "/2/tweets", counted),
    ("get", "/2/users/me", followed),
    ("get", "/2/users/{id}/mentions", mentions),
    ("post", "/2/media/upload/initialize", initialize),
    ("post", "/2/media/upload/{id}/append", append),
    ("post", "/2/media/upload/{id}/finalize", finalize),
    ("post", "/2/media/upload", upload_whole),
    ("get", "/2/media/upload", status),
    ("get", "/2/media/upload", processing),
    ("post", "/2/media/metadata", metadata),
]


def check(openapi: dict[str, Any], schema: Any, document: object) -> None:
    jsonschema.Draft202012Validator({**schema, "components": openapi["components"]}).validate(
        document
    )


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda endpoint: endpoint[2].__name__)
def test_request_and_answer_are_as_documented(
    openapi: dict[str, Any], x: XSimulator, client: Any, endpoint: tuple[str, str, Ask]
) -> None:
    method, path, ask = endpoint
    operation = openapi["paths"][path][method]
    response = ask(x, client)
    arrival = x.journal.arrivals[-1]
    answer = operation["responses"][str(response.status_code)]["content"]["application/json"]
    check(openapi, answer["schema"], response.json())
    assert set(response.json()) <= known_members(openapi, answer["schema"])
    if "requestBody" in operation:
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        check(openapi, schema, Request("POST", path, body=arrival.body).json())
    assert {RENAMED.get(name, name) for name in arrival.query} <= parameters(openapi, operation)


def known_members(openapi: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    name = schema["$ref"].rsplit("/", 1)[1]
    return set(openapi["components"]["schemas"][name]["properties"])


def parameters(openapi: dict[str, Any], operation: dict[str, Any]) -> set[str]:
    named = openapi["components"]["parameters"]
    listed = (
        named[each["$ref"].rsplit("/", 1)[1]] if "$ref" in each else each
        for each in operation.get("parameters", [])
    )
    return {each["name"] for each in listed}


def test_a_post_has_no_members_but_the_documented_and_their_old_names(
    openapi: dict[str, Any], x: XSimulator, client: Any
) -> None:
    renamed = {"edit_history_tweet_ids", "referenced_tweets", "note_tweet"}
    documented = set(openapi["components"]["schemas"]["Post"]["properties"])
    for post in timeline(x, client).json()["data"]:
        check(openapi, {"$ref": "#/components/schemas/Post"}, post)
        assert set(post) <= documented | renamed


def test_a_note_is_as_documented_under_both_of_its_names(openapi: dict[str, Any]) -> None:
    text = "word " * 80 + "https://example.org"
    post = XPost("1", "crosspromo", text, datetime(2026, 11, 3, tzinfo=UTC), note_cut_at=250)
    shown = post.as_json({"note_tweet", "note_post", "entities"}, "1001")
    check(openapi, {"$ref": "#/components/schemas/Post"}, shown)
    assert shown["note_tweet"] == shown["note_post"]
    assert len(str(shown["text"])) < 280


def unknown_field(x: XSimulator, client: Any) -> Any:
    return call(client, "POST", "/2/tweets", text="a", colour="red")


def unknown_repost(x: XSimulator, client: Any) -> Any:
    return call(client, "POST", f"/2/users/{x.user_id}/retweets", tweet_id="42")


def unknown_query(x: XSimulator, client: Any) -> Any:
    return client.request("GET", f"/2/users/{x.user_id}/tweets", {"q": "a"}, user_auth=True)


@pytest.mark.parametrize(
    ("wrong", "schema"),
    [
        (unknown_field, "InvalidRequestProblem"),
        (unknown_repost, "ResourceNotFoundProblem"),
        (unknown_query, "InvalidRequestProblem"),
    ],
)
def test_a_documented_problem_has_its_documented_shape(
    openapi: dict[str, Any], x: XSimulator, client: Any, wrong: Ask, schema: str
) -> None:
    with pytest.raises(tweepy.HTTPException) as caught:
        wrong(x, client)
    check(openapi, {"$ref": f"#/components/schemas/{schema}"}, caught.value.response.json())


@pytest.mark.parametrize("fault", ["401", "402", "403", "429", "500", "503"])
def test_every_other_refusal_has_the_observed_shape(x: XSimulator, client: Any, fault: str) -> None:
    x.fail_next(fault)
    with pytest.raises(tweepy.HTTPException) as caught:
        client.create_tweet(text="one")
    body = caught.value.response.json()
    assert body.keys() == {"title", "detail", "type", "status"}
    assert body["status"] == int(fault)
