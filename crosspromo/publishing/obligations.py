"""Obligations of a text: what its readers are owed, whoever writes the text.

Queueing adds what a template lacks, and no edit of the text takes it away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from crosspromo.domain.posts import Content
from crosspromo.domain.web_address import stands_in
from crosspromo.publishing.disclosure import disclosed
from crosspromo.text.fitting import Segment
from crosspromo.text.rules import TextRules

THE_DISCLOSURE: Final = "the disclosure"

Text = Sequence[Segment]


@dataclass(frozen=True, slots=True)
class Obligation:
    """Rule about the texts of some posts.

    `binds`: the rule concerns the content, of a paid post or of another. `keep`: a text that keeps
    the rule, which is the given text where that keeps it already. `name` is for people.
    """

    name: str
    binds: Callable[[Content, bool], bool]
    keep: Callable[[Text, Content, TextRules], Text]


def with_obligations(
    text: Text, content: Content, rules: TextRules, *, paid: bool
) -> tuple[Text, tuple[str, ...]]:
    """Text with everything that the content owes its readers, and names of what was put back."""
    put_back = []
    for obligation in OBLIGATIONS:
        if not obligation.binds(content, paid):
            continue
        kept = obligation.keep(text, content, rules)
        if _joined(kept) != _joined(text):
            put_back.append(obligation.name)
        text = kept
    return text, tuple(put_back)


def _joined(text: Text) -> str:
    return "".join(segment.text for segment in text)


def _with_reshared_address(text: Text, content: Content, _rules: TextRules) -> Text:
    """Text with the address of the reshared post: without it nobody is shared."""
    address = str(content.reshare_of)
    kept = "".join(segment.text for segment in text if segment.drop is None)
    if stands_in(address, kept):
        return text
    return (*text, Segment(f"\n\n{address}"))


OBLIGATIONS: Final = (
    Obligation(
        "the address of the reshared post",
        lambda content, _: content.reshare_of is not None and not content.native,
        _with_reshared_address,
    ),
    Obligation(
        THE_DISCLOSURE,
        lambda _, paid: paid,
        lambda text, _, rules: disclosed(text, rules),
    ),
)
"""All obligations, in the order in which they are put back."""
