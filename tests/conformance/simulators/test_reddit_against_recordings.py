"""Answers of the simulated Reddit, held against what the real one sent when it was recorded."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import praw
import prawcore
import pytest
import requests
from servers.simulators import RedditSimulator, Subreddit

# Of the recordings of 2016; gone from those of 2017.
GONE = {"from", "from_id", "from_kind"}
# Only moderators see these; the recorded account moderates its test community.
MODERATOR = {"approved", "ignore_reports", "removed", "spam"}

RECORDINGS = ("selftext", "url", "crosspost")


def recording(corpus: Path, name: str) -> Iterator[tuple[str, int, Any, dict[str, Any]]]:
    """path, status, JSON body and headers of each recorded answer."""
    (path,) = (corpus / "reddit").glob(f"*{name}.json")
    for interaction in json.loads(path.read_text())["interactions"]:
        response = interaction["response"]
        address = interaction["request"]["uri"].split("reddit.com")[1].split("?")[0]
        body = json.loads(response["body"]["string"])
        yield address, response["status"]["code"], body, response["headers"]


@pytest.fixture
def post(reddit: RedditSimulator, praw_account: praw.Reddit) -> dict[str, praw.models.Submission]:
    place = praw_account.subreddit("test")
    own = place.submit("Test Title", selftext="Test text.")
    link = place.submit("Test Title", url="https://praw.readthedocs.org/en/stable/")
    theirs = praw_account.submission(
        reddit.publish_elsewhere("kwwxis2", "crossposting", "Test Title")
    )
    assert own is not None
    assert link is not None
    return {"selftext": own, "url": link, "crosspost": theirs.crosspost(place)}


def bare(reddit: RedditSimulator, method: str, path: str, **form: str) -> requests.Response:
    """One authorised request without praw, to see the answer as it was sent."""
    mine = reddit.tokens.credentials
    with requests.Session() as session:
        session.trust_env = False
        token = session.post(
            f"{reddit.url}/api/v1/access_token",
            data={"grant_type": "refresh_token", "refresh_token": mine.refresh_token},
            auth=(mine.client_id, mine.client_secret),
            timeout=1,
        ).json()["access_token"]
        headers = {"authorization": f"bearer {token}"}
        url = f"{reddit.url}{path}"
        return session.request(method, url, data=form or None, headers=headers, timeout=1)


def compare(recorded: Any, simulated: Any, where: str = "") -> None:
    """Every recorded key is there with a value of the same type; null stands for any type."""
    if recorded is None or simulated is None:
        return
    assert type(recorded) is type(simulated), where
    if isinstance(recorded, dict):
        missing = recorded.keys() - simulated.keys() - GONE - MODERATOR
        assert not missing, f"{where}: {missing}"
        for key in recorded.keys() & simulated.keys():
            compare(recorded[key], simulated[key], f"{where}.{key}")
    elif isinstance(recorded, list):
        assert len(recorded) == len(simulated), where
        for index, pair in enumerate(zip(recorded, simulated, strict=True)):
            compare(*pair, f"{where}[{index}]")


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_post_has_the_recorded_keys_and_types(
    corpus: Path,
    reddit: RedditSimulator,
    post: dict[str, praw.models.Submission],
    name: str,
) -> None:
    *_, recorded = (
        body for path, _, body, _ in recording(corpus, name) if path.startswith("/comments/")
    )
    simulated = bare(reddit, "GET", f"/comments/{post[name].id}/").json()
    compare(recorded, simulated)
    for key in ("is_self", "domain", "title"):
        if key == "domain" and name != "url":
            continue
        child = recorded[0]["data"]["children"][0]["data"]
        assert simulated[0]["data"]["children"][0]["data"][key] == child[key]


@pytest.mark.parametrize("name", RECORDINGS)
def test_an_accepted_submission_is_answered_as_recorded(
    corpus: Path, reddit: RedditSimulator, name: str
) -> None:
    other = reddit.publish_elsewhere("kwwxis2", "crossposting", "Test Title")
    kinds = {
        "selftext": {"kind": "self", "text": "Test text."},
        "url": {"kind": "link", "url": "https://praw.readthedocs.org/en/stable/"},
        "crosspost": {"kind": "crosspost", "crosspost_fullname": f"t3_{other}"},
    }
    form = {"api_type": "json", "sr": "test", "title": "Test Title", **kinds[name]}
    simulated = bare(reddit, "POST", "/api/submit/", **form)
    ((_, status, recorded, headers),) = (
        each for each in recording(corpus, name) if each[0] == "/api/submit/"
    )
    compare(recorded, simulated.json())
    assert simulated.json()["json"]["data"]["url"].endswith("/test_title/")
    assert simulated.status_code == status
    for header in ("x-ratelimit-remaining", "x-ratelimit-reset", "x-ratelimit-used"):
        (value,) = headers[header]
        assert ("." in value) == ("." in simulated.headers[header]), header


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_token_is_handed_out_as_recorded(
    corpus: Path, reddit: RedditSimulator, name: str
) -> None:
    mine = reddit.tokens.credentials
    form = {"grant_type": "password", "username": mine.username, "password": mine.password}
    with requests.Session() as session:
        session.trust_env = False
        simulated = session.post(
            f"{reddit.url}/api/v1/access_token",
            data=form,
            auth=(mine.client_id, mine.client_secret),
            timeout=1,
        )
    (_, status, recorded, _), *_ = recording(corpus, name)
    compare(recorded, simulated.json())
    assert simulated.status_code == status


def test_a_title_the_community_forbids_is_refused_as_recorded(corpus: Path) -> None:
    ((_, status, recorded, _),) = (
        each for each in recording(corpus, "verify_invalid") if each[0] == "/api/submit/"
    )
    place = Subreddit("strict", forbidden_title_words=("dfgfdgfdgdf",))
    with RedditSimulator(subreddits=[place]) as strict:
        refused = bare(
            strict, "POST", "/api/submit", kind="self", sr="strict", title="dfgfdgfdgdf", text=""
        )
    assert (refused.status_code, refused.json()) == (status, recorded)


def test_a_request_without_a_good_token_says_so_in_its_header(reddit: RedditSimulator) -> None:
    with requests.Session() as session:
        session.trust_env = False
        refused = session.get(f"{reddit.url}/api/v1/me", timeout=1)
    assert refused.status_code == 401
    error = prawcore.util.authorization_error_class(refused)
    assert isinstance(error, prawcore.InvalidToken)
