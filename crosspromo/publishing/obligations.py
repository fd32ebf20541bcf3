"""Obligations of a text: what its readers are owed, whoever writes the text.

Queueing adds what a template lacks, and no edit of the text takes it away.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from crosspromo.domain.posts import Content
from crosspromo.publishing.disclosure import DISCLOSURE, RELATED, disclosed
from crosspromo.text import own_links
from crosspromo.text.fitting import Segment
from crosspromo.text.markdown import inline
from crosspromo.text.rules import TextRules

Text = Sequence[Segment]

_DISCLOSURES: Final = {
    DISCLOSURE: "the disclosure",
    RELATED: "the words about our own group",
}
"""Names, for people, of the words that some posts tell before the fold."""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Rule about the texts of some posts.

    `binds`: the rule concerns the content, of a post that has these words to tell. `keep`: a text
    that keeps the rule, which is the given text where that keeps it already. `name` is for people.
    """

    name: str
    binds: Callable[[Content, Collection[str]], bool]
    keep: Callable[[Text, Content, TextRules], Text]


def disclosures(*, paid: bool, related: bool) -> Mapping[str, str]:
    """Words that a paid post, and one from our own group, have to tell; with names for people."""
    told = {DISCLOSURE: paid, RELATED: related}
    return {words: name for words, name in _DISCLOSURES.items() if told[words]}


def with_obligations(
    text: Text, content: Content, rules: TextRules, told: Collection[str]
) -> tuple[Text, tuple[str, ...]]:
    """Text with everything that the content owes its readers, and names of what was put back.

    `told` are the words of `disclosures`. Words that are put in front may move others below the
    fold, so all are looked at again until nothing is missing.
    """
    owed = [each for each in OBLIGATIONS if each.binds(content, told)]
    put_back: dict[str, None] = {}
    for obligation in owed * len(owed):
        kept = obligation.keep(text, content, rules)
        if _joined(kept) != _joined(text):
            put_back[obligation.name] = None
        text = kept
    return text, tuple(put_back)


def _joined(text: Text) -> str:
    return "".join(segment.text for segment in text)


def _with_reshared_address(text: Text, content: Content, rules: TextRules) -> Text:
    """Text with the address of the reshared post: without it nobody is shared."""
    address = str(content.reshare_of)
    rules = rules.of_post(content.known_addresses, plain=content.plain)
    is_markdown = rules.markdown and not content.plain
    written = inline(address, (address,)) if is_markdown else address
    known = {address, rules.shown(written)} if is_markdown else {address}
    kept = "".join(segment.text for segment in text if segment.drop is None)
    for each in (kept, _joined(text)):
        seen = rules.shown(each) if is_markdown else each
        if not any(_links_to(one, seen, rules) for one in known):
            return (*text, Segment(f"\n\n{written}"))
    return text


def _links_to(address: str, text: str, rules: TextRules) -> bool:
    """Whether a link of the text leads to the address, which may stand inside of another one.

    Where the network links no such address, readers see it all the same.
    """
    if not _has_link(address, address, rules):
        rules = replace(rules, find=own_links.finder(rules.find, (address,)))
    return _has_link(address, text, rules)


def _has_link(address: str, text: str, rules: TextRules) -> bool:
    links = (each for each in rules.entities(text) if each.type == "link")
    return any(address in {link.target, link.text} for link in links)


def _told_first(words: str, text: Text, content: Content, rules: TextRules) -> Text:
    return disclosed(words, text, rules, plain=content.plain)


def _is_told(words: str, _: Content, told: Collection[str]) -> bool:
    return words in told


OBLIGATIONS: Final = (
    Obligation(
        "the address of the reshared post",
        lambda content, _: content.reshare_of is not None and not content.native,
        _with_reshared_address,
    ),
    *(
        Obligation(name, partial(_is_told, words), partial(_told_first, words))
        for words, name in _DISCLOSURES.items()
    ),
)
"""All obligations, in the order in which they are put back."""
