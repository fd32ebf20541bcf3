"""Obligations of a text: what queueing put there, and what no edit of the text may take away."""

from collections.abc import Callable
from dataclasses import dataclass

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.web_address import stands_in
from crosspromo.publishing.disclosure import disclosed
from crosspromo.text.fitting import Segment
from crosspromo.text.rules import TextRules


@dataclass(frozen=True, slots=True)
class Obligation:
    """Rule about the texts of some deliveries.

    `binds`: the rule concerns the delivery. `kept`: the text that keeps the rule, which is the
    given text where that keeps it already. `name` is for people.
    """

    name: str
    binds: Callable[[Delivery], bool]
    kept: Callable[[str, Delivery, TextRules], str]


def obliged(text: str, delivery: Delivery, rules: TextRules) -> tuple[str, tuple[str, ...]]:
    """Text with everything that the delivery owes its readers, and names of what was put back."""
    put_back = []
    for obligation in OBLIGATIONS:
        if not obligation.binds(delivery):
            continue
        kept = obligation.kept(text, delivery, rules)
        if kept != text:
            put_back.append(obligation.name)
            text = kept
    return text, tuple(put_back)


def _disclosed(text: str, _delivery: Delivery, rules: TextRules) -> str:
    return "".join(segment.text for segment in disclosed([Segment(text)], rules))


def _naming(text: str, delivery: Delivery, _rules: TextRules) -> str:
    """Text with the address of the reshared post: without it nobody is shared."""
    address = str(delivery.content.reshare_of)
    return text if stands_in(address, text) else f"{text.rstrip()}\n\n{address}".lstrip()


OBLIGATIONS = (
    Obligation(
        "the address of the reshared post",
        lambda delivery: delivery.content.reshare_of is not None and not delivery.content.native,
        _naming,
    ),
    Obligation("the disclosure", lambda delivery: delivery.paid, _disclosed),
)
"""All obligations, in the order in which they are put back."""
