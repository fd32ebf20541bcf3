"""Whatever form people paste a handle in, the same bare handle comes out."""

import pytest

from crosspromo.intake.handles import HandleError, bare_handle


@pytest.mark.parametrize(
    ("network", "pasted", "bare"),
    [
        ("bluesky", "@RiverKeepers.bsky.social", "riverkeepers.bsky.social"),
        ("bluesky", "https://bsky.app/profile/keepers.example", "keepers.example"),
        ("bluesky", "bsky.app/profile/keepers.example/post/3k", "keepers.example"),
        ("bluesky", "\u202akeepers.example\u202c", "keepers.example"),
        ("x", "@RiverKeepers", "RiverKeepers"),
        ("x", "https://x.com/RiverKeepers?s=20", "RiverKeepers"),
        ("x", "https://mobile.twitter.com/RiverKeepers/status/1", "RiverKeepers"),
        ("x", "www.twitter.com/@RiverKeepers", "RiverKeepers"),
        ("reddit", "u/river-keepers", "river-keepers"),
        ("reddit", "/u/river-keepers/", "river-keepers"),
        ("reddit", "river_keepers", "river_keepers"),
        ("reddit", "https://old.reddit.com/user/river-keepers/comments", "river-keepers"),
        ("reddit", "https://www.reddit.com/u/river-keepers", "river-keepers"),
        ("reddit", "r/rivervalley", "r/rivervalley"),
        ("reddit", "https://reddit.com/r/rivervalley/new", "r/rivervalley"),
        ("mastodon", "@keepers@Social.Example", "keepers@social.example"),
        ("mastodon", "keepers@social.example", "keepers@social.example"),
        ("mastodon", "https://social.example/@keepers", "keepers@social.example"),
        ("mastodon", "https://social.example/@keepers/1102", "keepers@social.example"),
        ("mastodon", "https://social.example/users/keepers", "keepers@social.example"),
        ("mastodon", "https://other.example/@keepers@social.example", "keepers@social.example"),
        ("mastodon", "social.example/@keepers", "keepers@social.example"),
        ("mastodon", "https://team.example.org/@keepers", "keepers@team.example.org"),
        ("mastodon", "acct:keepers@social.example", "keepers@social.example"),
        ("mastodon", "＠keepers@social.example", "keepers@social.example"),
        ("bluesky", "https://keepers.bsky.social", "keepers.bsky.social"),
        ("bluesky", "at://keepers.example", "keepers.example"),
        ("bluesky", "Bluesky: keepers.example", "keepers.example"),
        ("x", "https://twitter.com/#!/RiverKeepers", "RiverKeepers"),
        ("x", "https://twitter.com/intent/user?screen_name=RiverKeepers", "RiverKeepers"),
        ("x", "twitter: @RiverKeepers", "RiverKeepers"),
        ("x", "＠RiverKeepers", "RiverKeepers"),
        ("reddit", "U/river-keepers", "river-keepers"),
    ],
)
def test_a_handle_is_made_bare(network: str, pasted: str, bare: str) -> None:
    assert bare_handle(network, pasted) == bare
    assert bare_handle(network, bare) == bare, "a bare handle stays as it is"


@pytest.mark.parametrize(
    ("network", "pasted", "hint"),
    [
        ("bluesky", "@riverkeepers", "whole domain name"),
        ("bluesky", "https://x.com/RiverKeepers", "address on x.com"),
        ("bluesky", "https://bsky.app/profile/did:plc:abc", "DID"),
        ("bluesky", "a." * 150 + "example", "whole domain name"),
        ("x", "sixteen_letters_", "1 to 15"),
        ("x", "river keepers", "1 to 15"),
        ("x", "https://x.com/home", "1 to 15"),
        ("x", "https://x.com/", "1 to 15"),
        ("x", "https://x.com.evil.example/RiverKeepers", "address on"),
        ("reddit", "ab", "3 to 20"),
        ("reddit", "https://reddit.com/", "3 to 20"),
        ("reddit", "m/river", "u/name"),
        ("mastodon", "keepers", "and the server"),
        ("mastodon", "keepers@localhost", "and the server"),
        ("mastodon", "a@b@c.example", "and the server"),
        ("mastodon", "https://[bad/@keepers", "and the server"),
        ("mastodon", "https://social.example/", "and the server"),
        ("mastodon", "https://social.example/deck/@keepers", "and the server"),
        ("mastodon", "https://social.example/tags/river", "and the server"),
        ("mastodon", "https://social.example/about", "and the server"),
        ("mastodon", "https://www.facebook.com/river", "not on a Mastodon server"),
        ("mastodon", "https://www.tiktok.com/@river", "not on a Mastodon server"),
        ("x", "https://twitter.com/login", "1 to 15"),
        ("x", "https://twitter.com/tos", "1 to 15"),
        ("x", "@one, @two", "has 2 handles; keep one of them, such as one"),
        ("x", "@one / @two", "has 2 handles"),
        ("x", "@one/@two", "has 2 handles"),
        ("x", "one; two; three", "has 3 handles"),
        ("x", "@one and @two", "has 2 handles"),
        ("x", "@one or https://x.com/two", "has 2 handles"),
        ("x", "@one\n@two", "has 2 handles"),
        ("x", "@one @two", "has 2 handles"),
        ("x", "@River Keepers", "1 to 15"),  # one name with a space, not two handles
        ("bluesky", "a.example / b.example", "has 2 handles; keep one of them, such as a.example"),
        ("mastodon", "a@one.example | b@two.example", "has 2 handles"),
        ("reddit", "u/river, r/rivers", "has 2 handles"),
    ],
)
def test_what_is_no_handle_says_how_to_mend_it(network: str, pasted: str, hint: str) -> None:
    with pytest.raises(HandleError, match=hint):
        bare_handle(network, pasted)
