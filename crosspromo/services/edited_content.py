"""Content of a delivery after an edit, checked against the network's limits."""

from dataclasses import replace

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.invisible import has_something_visible
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
from crosspromo.text.fitting import fits_shortened, shorten_links
from crosspromo.text.rules import TextRules


def edited(
    delivery: Delivery,
    capabilities: Capabilities,
    *,
    text: str | None,
    title: str | None,
    markdown: bool | None = None,
) -> Content:
    """Edited content: new text and title replace the delivery's; None keeps the old one.

    `markdown`: whether the text is Markdown, where the network reads it; None keeps what it was.
    QueueingError if the network does not take the new content. A new text turns a thread into one
    post.
    """
    content = delivery.content
    if markdown is not None and capabilities.text.markdown and not content.native:
        content = replace(content, plain=not markdown)
    if text is not None and text != content.text:
        text = text if text.strip() else ""
        rules = capabilities.text.of_post(content.known_addresses, plain=content.plain)
        _check_text(text, delivery, capabilities, rules)
        content = replace(content, text=text, parts=())
    if title is not None:
        title = title if has_something_visible(title) else ""
        _check_title(title, delivery.account, capabilities.text)
        content = replace(content, title=title)
    return content


def _check_text(
    text: str, delivery: Delivery, capabilities: Capabilities, rules: TextRules
) -> None:
    account = delivery.account
    native = delivery.content.native
    if text and not has_something_visible(text):
        raise QueueingError(NothingToSay(account))
    if native and text and not capabilities.quotes:
        raise QueueingError(RepostTakesNoText(account, delivery.id))
    if not native and not text:
        raise QueueingError(NothingToSay(account))
    if not fits_shortened(text, rules):
        shortest = shorten_links(text, rules).text
        over, length = rules.over_by(shortest), rules.length(shortest)
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
