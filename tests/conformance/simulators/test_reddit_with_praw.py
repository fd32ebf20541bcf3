"""The real praw against the simulated Reddit: what each answer and each fault becomes."""

from __future__ import annotations

import praw
import prawcore
import pytest
from praw.exceptions import RedditAPIException
from servers.simulators import RedditSimulator


def titles(reddit: RedditSimulator) -> list[str]:
    return [post.title for post in reddit.posts]


def own(praw_account: praw.Reddit) -> list[str]:
    me = str(praw_account.user.me())
    return [post.title for post in praw_account.redditor(me).submissions.new(limit=25)]


def test_a_text_post_is_created_and_read_back(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    post = praw_account.subreddit("test").submit("A title", selftext="Some *text*")
    assert post is not None
    assert post.permalink == f"/r/test/comments/{post.id}/a_title/"
    assert (post.title, post.selftext, post.is_self) == ("A title", "Some *text*", True)
    assert titles(reddit) == ["A title"]
    assert len(reddit.writes) == 1


def test_a_link_post_and_its_crosspost(reddit: RedditSimulator, praw_account: praw.Reddit) -> None:
    post = praw_account.subreddit("test").submit("A link", url="https://example.org/a")
    assert post is not None
    assert post.url == "https://example.org/a"
    again = post.crosspost(praw_account.subreddit("rivervalley"))
    assert again.crosspost_parent == post.fullname
    assert [each.subreddit.name for each in reddit.posts] == ["test", "rivervalley"]


def test_the_look_up_shows_the_newest_first_and_pages(praw_account: praw.Reddit) -> None:
    place = praw_account.subreddit("test")
    for number in range(4):
        place.submit(f"post {number}", selftext="")
    me = praw_account.redditor("crosspromo")
    pages = me.submissions.new(limit=None, params={"limit": 3})
    assert [post.title for post in pages] == ["post 3", "post 2", "post 1", "post 0"]


def test_reddit_does_not_look_for_duplicates(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    for _ in range(2):
        praw_account.subreddit("test").submit("Same", url="https://example.org", resubmit=False)
    assert titles(reddit) == ["Same", "Same"]


def test_a_deleted_post_leaves_the_history(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    post = praw_account.subreddit("test").submit("Gone", selftext="")
    assert post is not None
    post.delete()
    assert titles(reddit) == own(praw_account) == []
    (info,) = praw_account.info(fullnames=[post.fullname])
    assert info.selftext == "[deleted]"


@pytest.mark.parametrize(
    ("subreddit", "title", "kind", "field"),
    [
        ("nowhere", "A title", "SUBREDDIT_NOEXIST", "sr"),
        ("test", "", "NO_TEXT", "title"),
        ("test", "a" * 301, "TOO_LONG", "title"),
    ],
)
def test_what_is_refused_names_its_type_and_field(
    praw_account: praw.Reddit, subreddit: str, title: str, kind: str, field: str
) -> None:
    with pytest.raises(RedditAPIException) as caught:
        praw_account.subreddit(subreddit).submit(title, selftext="")
    (item,) = caught.value.items
    assert (item.error_type, item.field) == (kind, field)


def test_a_text_of_more_than_forty_thousand_is_too_long(praw_account: praw.Reddit) -> None:
    praw_account.subreddit("test").submit("Long", selftext="a" * 40_000)
    with pytest.raises(RedditAPIException, match="TOO_LONG"):
        praw_account.subreddit("test").submit("Longer", selftext="a" * 40_001)


def test_ratelimit_is_an_error_among_the_answers(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    reddit.fail_next("ratelimit", seconds=300)
    with pytest.raises(RedditAPIException, match=r"try again in 5 minutes") as caught:
        praw_account.subreddit("test").submit("Too soon", selftext="")
    assert caught.value.items[0].error_type == "RATELIMIT"
    assert (titles(reddit), len(reddit.writes)) == ([], 1)


def test_a_wrong_password_is_an_oauth_error(wrong_password: praw.Reddit) -> None:
    with pytest.raises(prawcore.OAuthException, match="invalid_grant"):
        wrong_password.user.me()


def test_a_refresh_token_works_as_well(reddit: RedditSimulator, refreshing: praw.Reddit) -> None:
    assert str(refreshing.user.me()) == "crosspromo"
    refreshing.subreddit("test").submit("Refreshed", selftext="")
    assert titles(reddit) == ["Refreshed"]


def test_an_expired_token_is_replaced_and_the_post_arrives_once(
    reddit: RedditSimulator, stock_praw: praw.Reddit
) -> None:
    assert str(stock_praw.user.me()) == "crosspromo"
    reddit.expire_tokens()
    stock_praw.subreddit("test").submit("After the hour", selftext="")
    assert [write.status for write in reddit.writes] == [401, 200]
    assert titles(reddit) == ["After the hour"]


BEFORE_ANY_SERVER: dict[str, type[Exception]] = {
    "429": prawcore.TooManyRequests,
    "301": prawcore.Redirect,
    "403": prawcore.Forbidden,
}
LOST = ("hang", "close", "500", "503")


@pytest.mark.parametrize("fault", BEFORE_ANY_SERVER)
def test_a_clear_refusal_has_a_type_of_its_own(
    reddit: RedditSimulator, praw_account: praw.Reddit, fault: str
) -> None:
    reddit.fail_next(fault)
    with pytest.raises(BEFORE_ANY_SERVER[fault]):
        praw_account.subreddit("test").submit("One", selftext="")
    assert (titles(reddit), len(reddit.writes)) == ([], 1)


def test_auth_that_keeps_failing_is_an_invalid_token(
    reddit: RedditSimulator, stock_praw: praw.Reddit
) -> None:
    reddit.fail_next("401", times=None)
    with pytest.raises(prawcore.InvalidToken):
        stock_praw.subreddit("test").submit("One", selftext="")
    assert titles(reddit) == []


@pytest.mark.parametrize("fault", LOST)
@pytest.mark.parametrize("when", ["before", "after"])
def test_with_the_remedy_a_lost_answer_means_one_post_at_most(
    reddit: RedditSimulator,
    praw_account: praw.Reddit,
    lost_answer: type[Exception],
    fault: str,
    when: str,
) -> None:
    reddit.fail_next(fault, when, times=None)
    with pytest.raises(lost_answer):
        praw_account.subreddit("test").submit("One", selftext="")
    assert len(reddit.writes) == 1
    assert titles(reddit) == (["One"] if when == "after" else [])


@pytest.mark.parametrize("fault", LOST)
def test_without_it_praw_posts_three_times(
    reddit: RedditSimulator, stock_praw: praw.Reddit, fault: str
) -> None:
    reddit.fail_next(fault, "after", times=None)
    expected = prawcore.ServerError if fault.isdigit() else prawcore.RequestException
    with pytest.raises(expected):
        stock_praw.subreddit("test").submit("One", selftext="")
    assert titles(reddit) == ["One", "One", "One"]


def test_an_unreadable_answer_is_bad_json_and_the_post_is_there(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    reddit.fail_next("unreadable", "after")
    with pytest.raises(prawcore.BadJSON):
        praw_account.subreddit("test").submit("One", selftext="")
    assert titles(reddit) == ["One"]


def test_a_stale_listing_does_not_show_the_newest_post(
    reddit: RedditSimulator, praw_account: praw.Reddit
) -> None:
    praw_account.subreddit("test").submit("Old", selftext="")
    praw_account.subreddit("test").submit("New", selftext="")
    reddit.fail_next("stale_listing")
    assert own(praw_account) == ["Old"]
    assert own(praw_account) == ["New", "Old"]


def test_a_community_can_refuse_us(strict_account: praw.Reddit) -> None:
    with pytest.raises(RedditAPIException, match="SUBREDDIT_NOTALLOWED"):
        strict_account.subreddit("closed").submit("One", selftext="")
    with pytest.raises(RedditAPIException, match="NO_LINKS"):
        strict_account.subreddit("talk").submit("One", url="https://example.org")


def test_a_new_account_must_wait_between_posts(strict_account: praw.Reddit) -> None:
    strict_account.subreddit("talk").submit("One", selftext="")
    with pytest.raises(RedditAPIException, match="try again in 10 minutes"):
        strict_account.subreddit("talk").submit("Two", selftext="")


def test_after_a_429_prawcore_would_sleep_inside_the_next_call(
    reddit: RedditSimulator, praw_account: praw.Reddit, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    praw_account.user.me()
    reddit.fail_next("429", seconds=90)
    with pytest.raises(prawcore.TooManyRequests):
        praw_account.subreddit("test").submit("One", selftext="")
    monkeypatch.setattr("prawcore.rate_limit.time.sleep", slept.append)
    praw_account.subreddit("test").submit("One", selftext="")
    assert len(slept) == 1
    assert 80 < slept[0] <= 90


def test_a_place_that_does_not_exist_redirects(praw_account: praw.Reddit) -> None:
    assert praw_account.subreddit("test").subscribers == 1000
    with pytest.raises(prawcore.Redirect):
        _ = praw_account.subreddit("nowhere").subscribers
