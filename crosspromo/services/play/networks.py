"""Networks of a play: they accept every post at once, and nothing leaves the process."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import Found, LookUp, NotSent, Outcome, Receipt, Rejected, Sent
from crosspromo.domain.posts import Content
from crosspromo.publishing.rules import AccountRules


class AcceptingNetwork:
    """Connector of every account of a play."""

    def __init__(self) -> None:
        self._tokens = count(1)

    def ready(self, content: Content) -> NotSent | Rejected | None:
        """Return None: ready."""
        del content
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        """Token alone; the content stays in the copy."""
        del content, now
        return Prepared(f"played-{next(self._tokens)}", {})

    def send(self, prepared: Prepared) -> Outcome:
        """Accept the post."""
        return Sent(Receipt(prepared.token))

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Find the post: everything was accepted."""
        del attempted_at
        return Found(Receipt(prepared.token))

    def verify(self) -> str:
        """Name of the account there."""
        return "played"

    def close(self) -> None:
        """Nothing: no connection is open."""


def on_accepting_networks(accounts: Mapping[str, AccountRules]) -> dict[str, AccountRules]:
    """Rules of the accounts on networks that answer at once, so that no thread is needed.

    An account posted by hand is one on which the person posts when the post is due.
    """
    return {
        name: replace(
            rules,
            capabilities=replace(rules.capabilities, local=True, ready_at_once=True, by_hand=False),
        )
        for name, rules in accounts.items()
    }
