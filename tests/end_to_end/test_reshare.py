"""Sharing a partner's post on: by the network's own means where it has them."""

from end_to_end.shell import BY_HAND, WORKSPACE, Shell

TWEET = "https://x.com/riverkeepers/status/1234567890"
THREAD = "https://www.reddit.com/r/rivers/comments/abc123/"


def test_each_network_shares_it_in_its_way(shell: Shell) -> None:
    said = shell.ok(
        *("queue", "reshare", f"{TWEET}?s=20", "--partner", "river-keepers"),
        *("--to", "x-main,bluesky-main"),
    ).out
    assert f"(reposts {TWEET}" in said

    repost, linked = shell.deliveries()
    assert (repost["text"], repost["title"], repost["credit"]) == ("", None, "others")
    assert TWEET in linked["text"]
    assert f"\nreposts {TWEET}" in shell.ok("queue", "show", "1").out
    assert f"\nreposts {TWEET}" in shell.ok("queue", "preview", "1").out
    assert shell.ok("queue", "preview", "1", "--json").json["reposts"] == TWEET
    assert "reposts" not in shell.ok("queue", "preview", "2").out

    assert shell.ok("run", "--once", "--json").json["published"] == 2
    assert f'<p>reposted <a href="{TWEET}">{TWEET}</a></p>' in shell.page("x-main")
    assert "reposted" not in shell.page("bluesky-main")
    shell.ok("explain", "1")


def test_words_make_a_text_of_it_where_there_are_no_quotes(shell: Shell) -> None:
    line = ("queue", "reshare", TWEET, "--partner", "river-keepers", "--to", "x-main")
    shell.ok(*line, "--quote", "So true.")

    text = shell.delivery(1)["text"]
    assert text.startswith("So true.")
    assert TWEET in text


def test_two_reposts_are_no_duplicates_and_the_same_one_twice_is(shell: Shell) -> None:
    line = ("queue", "reshare", "--partner", "river-keepers", "--to", "x-main")
    shell.ok(*line, TWEET)
    shell.ok(*line, f"{TWEET}1")

    assert "delivery 1 says the same" in shell.refused(*line, f"{TWEET}?t=again")


def test_a_repost_is_not_edited_into_a_quote_where_there_are_none(shell: Shell) -> None:
    shell.ok("queue", "reshare", TWEET, "--partner", "river-keepers", "--to", "x-main")

    assert "x-main: delivery 1 is a repost" in shell.refused("queue", "edit", "1", "--text", "So.")
    assert "says this already" in shell.ok("queue", "edit", "1", "--text", " ").out


def test_by_hand_a_person_is_sent_to_the_post_itself(shell: Shell) -> None:
    shell.configure(WORKSPACE + BY_HAND)
    shell.ok("queue", "reshare", THREAD, "--partner", "river-keepers", "--to", "reddit-by-hand")
    shell.ok("run", "--once")

    waiting = shell.delivery(1)
    assert waiting["state"] == "unknown"
    assert waiting["error"]["message"] == f"waits for a person to repost it: open {THREAD}"
    assert waiting["error"]["mend"] == {"act": "mark-posted", "delivery": 1}
