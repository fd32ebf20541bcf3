"""Content of a delivery after an edit, checked against the network's limits."""

from dataclasses import replace

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.queueing import (
    NothingToSay,
    NoTitlesThere,
    RepostTakesNoText,
    TextTooLong,
    TitleMissing,
    TitleTooLong,
)
from crosspromo.publishing.networks import Capabilities
from crosspromo.text.rules import TextRules


def edited(
    delivery: Delivery, capabilities: Capabilities, *, text: str | None, title: str | None
) -> Content:
    """Edited content: new text and title replace the delivery's; None keeps the old one.

    QueueingError if the network does not take the new content. A new text turns a thread into one
    post.
    """
    content = delivery.content
    if text is not None and text != content.text:
        text = text if text.strip() else ""
        _check_text(text, delivery, capabilities)
        content = replace(content, text=text, parts=())
    if title is not None:
        _check_title(title, delivery.account, capabilities.text)
        content = replace(content, title=title)
    return content


def _check_text(text: str, delivery: Delivery, capabilities: Capabilities) -> None:
    account, rules = delivery.account, capabilities.text
    native = delivery.content.native
    if native and text and not capabilities.quotes:
        raise QueueingError(RepostTakesNoText(account, delivery.id))
    if not native and not text:
        raise QueueingError(NothingToSay(account))
    if not rules.fits(text):
        over, length = rules.over_by(text), rules.length(text)
        raise QueueingError(TextTooLong(account, over, length, rules.limit))


def _check_title(title: str, account: str, rules: TextRules) -> None:
    if rules.title_fits(title):
        return
    if rules.title_limit is None:
        raise QueueingError(NoTitlesThere(account))
    if not title.strip():
        raise QueueingError(TitleMissing(account))
    length = rules.measure_title(title)
    raise QueueingError(
        TitleTooLong(account, length - rules.title_limit, length, rules.title_limit)
    )
