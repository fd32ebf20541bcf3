"""Words of the page on which permissions of a partner are kept."""

from crosspromo.domain.permissions import Permission, Scope
from crosspromo.domain.plurals import plural
from crosspromo.phrasing.permissions import TO_DO
from crosspromo.services.permissions import Recorded
from crosspromo.services.withdrawals import Consequences

ADD = "Record a permission"
SCOPE = "They agreed"
SCOPES = [(each.value, TO_DO[each]) for each in Scope]
NETWORKS = "Only on these networks"
NETWORKS_HINT = "Such as x, bluesky. Empty: everywhere."
AGREED_BY = "Who agreed"
ON = "When"
ON_HINT = "2026-03-01, or today"
UNTIL = "Until"
UNTIL_HINT = "The last day. Empty: without end."
EVIDENCE = "Where it can be seen"
EVIDENCE_HINT = "A mail, a form, or a conversation with its date."
RECORD = "Record"
WITHDRAW = "Withdraw…"
WITHDRAW_NOW = "Withdraw"
REASON = "Why"
CONSEQUENCES = (
    "What is queued by it becomes a draft. What stands on a network stays until you delete it."
)


def title(name: str) -> str:
    """Title of the page."""
    return f"What {name} agreed to"


def recorded(done: Recorded) -> list[str]:
    """A permission was recorded."""
    told = [f"Recorded: they agreed {TO_DO[done.permission.scope]}."]
    if done.freed:
        held = plural(done.freed, "held delivery is", "held deliveries are")
        told.append(f"{held} looked at again.")
    return told


def withdrawn(permission: Permission, done: Consequences) -> list[str]:
    """A permission was withdrawn, and what became of the posts that went by it."""
    told = [f"Withdrawn: they no longer agree {TO_DO[permission.scope]}."]
    if done.drafts:
        told.append(f"Drafts now: {', '.join(map(str, done.drafts))}.")
    told += [f"{each.id} on {each.account} was being sent, or was sent." for each in done.in_flight]
    told += [f"{each.id} stands on {each.account}: {each.url or ''}" for each in done.stands]
    return told
