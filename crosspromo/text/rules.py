"""Text rules of the networks: one value per network, so that no code asks for its name.

A connector by a third party makes its own `TextRules`. An account with a limit of its own (a
Mastodon server, an X account with long posts) changes one: `dataclasses.replace(MASTODON,
limit=1000)`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from crosspromo.text import bluesky, linkedin, mastodon, own_links, plain, x
from crosspromo.text.entities import Entity, Finder, Span, locate, utf8_length
from crosspromo.text.graphemes import grapheme_length
from crosspromo.text.markdown import escaped, shown

# No network documents its fold, and it depends on the screen. These are the shortest that others
# measured on telephones (posttruncate.com, *Platform limits*; toolshake.xyz, *Caption character
# counter*, both 2026). X and Bluesky show posts of their length whole; Reddit's lists show titles.
LINKEDIN_FOLD: Final = 140
INSTAGRAM_FOLD: Final = 125
FACEBOOK_FOLD: Final = 110
TIKTOK_FOLD: Final = 150


def no_entities(_text: str) -> Iterable[Span]:
    """Finder of a network without links, mentions and hashtags in texts."""
    return ()


@dataclass(frozen=True)
class TextRules:
    """Limits, length and entities of texts on a network.

    `limit` is in the unit that `measure` counts, `byte_limit` in bytes of UTF-8, `title_limit` in
    the unit of `measure_title`. `hashtag_limit` is a number of hashtags. `warning_counts`: a
    content warning counts towards the limit. `shortens_links`: a post carries its addresses apart
    from the text, which may then show a shortened link. `markdown`: the network reads Markdown.
    `fold` is the number of characters after which a list cuts a text; 0: lists show titles only;
    None: posts are shown whole.
    """

    network: str
    limit: int
    measure: Callable[[str], int]
    byte_limit: int | None = None
    title_limit: int | None = None
    title_required: bool = False
    find: Finder = no_entities
    measure_title: Callable[[str], int] = len
    hashtag_limit: int | None = None
    warning_counts: bool = False
    shortens_links: bool = False
    fold: int | None = None
    markdown: bool = False

    def of_post(self, addresses: Sequence[str] = (), *, plain: bool = False) -> "TextRules":
        """Rules for a post of ours: links as we write them, and length as it is sent.

        `addresses` are those that we put in the text. `plain`: the text is escaped where the
        network reads Markdown.
        """
        if self.shortens_links:
            return replace(self, find=own_links.finder(self.find, addresses))
        if self.markdown and plain:
            return replace(self, measure=lambda text: self.measure(escaped(text, addresses)))
        return self

    def sent(self, text: str, addresses: Sequence[str] = (), *, plain: bool = False) -> str:
        """Text as the network gets it: escaped where it is plain and the network reads Markdown."""
        return escaped(text, addresses) if self.markdown and plain else text

    def shown(self, sent: str) -> str:
        """Words that the network shows for a text as sent."""
        return shown(sent) if self.markdown else sent

    def length(self, text: str, *, warning: str = "") -> int:
        """Length in the network's unit, with a content warning where it counts."""
        if warning and self.warning_counts:
            return self.measure(text) + grapheme_length(warning)
        return self.measure(text)

    def over_by(self, text: str, *, warning: str = "") -> int:
        """Excess in the network's unit, or in bytes where only the bytes are too many; else 0."""
        over = self.length(text, warning=warning) - self.limit
        if over <= 0 and self.byte_limit is not None:
            over = utf8_length(text) - self.byte_limit
        return max(over, 0)

    def fits(self, text: str, *, warning: str = "") -> bool:
        """Whether the text keeps the network's limits of length and bytes."""
        return self.over_by(text, warning=warning) == 0

    def title_fits(self, title: str) -> bool:
        """Whether the network accepts this title.

        Without a title limit it accepts no title. An empty title is accepted unless the network
        requires one.
        """
        if not title.strip():
            return not self.title_required
        return self.title_limit is not None and self.measure_title(title) <= self.title_limit

    def entities(self, text: str) -> list[Entity]:
        """Links, mentions and hashtags in the order of the text, without overlaps."""
        return locate(text, self.find(text))

    def hashtags_over(self, text: str) -> int:
        """Number of hashtags above the network's limit."""
        if self.hashtag_limit is None:
            return 0
        tags = sum(span.type == "hashtag" for span in self.find(text))
        return max(tags - self.hashtag_limit, 0)


# 280 weighted characters: twitter-text configuration, version 3.
X: Final = TextRules("x", x.LIMIT, x.weighted_length, find=x.find)

# 300 graphemes and 3000 bytes: lexicon app.bsky.feed.post.
BLUESKY: Final = TextRules(
    "bluesky",
    bluesky.LIMIT,
    grapheme_length,
    byte_limit=bluesky.BYTE_LIMIT,
    find=bluesky.find,
    shortens_links=True,
)

# Title 300, self text 40,000 characters: the errors TOO_LONG of Reddit's submit endpoint.
REDDIT: Final = TextRules(
    "reddit",
    40_000,
    plain.code_points,
    title_limit=300,
    title_required=True,
    find=plain.with_reddit_users,
    markdown=True,
    fold=0,
)

# 500 unless the server says otherwise (/api/v2/instance: configuration.statuses.max_characters).
MASTODON: Final = TextRules(
    "mastodon", mastodon.LIMIT, mastodon.length, find=mastodon.find, warning_counts=True
)

# 3000 characters of commentary: LinkedIn's Posts API, counted in its "little text".
LINKEDIN: Final = TextRules(
    "linkedin",
    linkedin.LIMIT,
    linkedin.length,
    find=plain.with_hashtags,
    fold=LINKEDIN_FOLD,
)

# Caption 2200 characters: Instagram Graph API, IG User Media. At most five hashtags.
INSTAGRAM: Final = TextRules(
    "instagram",
    2_200,
    plain.code_points,
    find=plain.with_handles_and_hashtags,
    hashtag_limit=5,
    fold=INSTAGRAM_FOLD,
)

# 63,206 characters: the limit Facebook announced in 2011 and still keeps.
FACEBOOK: Final = TextRules(
    "facebook", 63_206, plain.code_points, find=plain.with_hashtags, fold=FACEBOOK_FOLD
)

# 2200 "UTF-16 runes": TikTok Content Posting API, post_info.title.
TIKTOK: Final = TextRules(
    "tiktok",
    2_200,
    plain.utf16_units,
    find=plain.with_handles_and_hashtags,
    fold=TIKTOK_FOLD,
)

# Body: 64 KiB, which every mail server must accept (RFC 5321 section 4.5.3.1.7), in octets.
# Subject: 998 octets, the longest line allowed (RFC 5322 section 2.1.1; it advises 78).
EMAIL: Final = TextRules(
    "email",
    65_536,
    utf8_length,
    title_limit=998,
    title_required=True,
    find=plain.links,
    measure_title=utf8_length,
)

BY_NETWORK: Final[Mapping[str, TextRules]] = MappingProxyType(
    {
        rules.network: rules
        for rules in (X, BLUESKY, REDDIT, MASTODON, LINKEDIN, INSTAGRAM, FACEBOOK, TIKTOK, EMAIL)
    }
)
