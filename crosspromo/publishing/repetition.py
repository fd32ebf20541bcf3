"""Repetition: a text that the account, or one beside it on its network, has had before.

Queueing and edits share the rule (docs/explanation/ratio.md). The gate looks for the same text once
more when it sends.
"""

from datetime import datetime

from crosspromo.domain.duplicates import DUPLICATE_WINDOW, EarlierDelivery
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.queueing import DuplicateText, DuplicateTextElsewhere
from crosspromo.publishing.ports import QueueingHistory
from crosspromo.publishing.rules import AccountRules


def check_repetition(
    history: QueueingHistory,
    account: AccountRules,
    content: Content,
    due_at: datetime,
    *,
    allowed: bool,
    besides: int | None = None,
) -> EarlierDelivery | None:
    """Earlier delivery whose text the content repeats with leave (`allowed`); None: no repetition.

    The content goes out at `due_at`. `besides` is the id of its own delivery, if it has one.
    QueueingError for a repetition without leave. On accounts that share a duplicate rule no leave
    helps.
    """
    since, peers = due_at - DUPLICATE_WINDOW, account.accounts_sharing_duplicate_rule
    elsewhere = history.find_near_duplicate(peers, content, since) or history.queued_near_duplicate(
        peers, content, due_at
    )
    if elsewhere is not None:
        raise QueueingError(DuplicateTextElsewhere(account.name, elsewhere))
    name = account.name
    same = history.find_duplicate(name, content, since) or history.queued_duplicate(
        name, content, due_at, besides
    )
    earlier = (
        same
        or history.find_repetition(name, content, since)
        or history.queued_repetition(name, content, due_at, besides)
    )
    if earlier is not None and not allowed:
        raise QueueingError(DuplicateText(name, earlier, nearly=same is None))
    return earlier
