"""Protocols and values of reading back: what came of our posts, and who spoke to us.

Connectors may implement them beside `Connector`; their capabilities say so. Nothing that is read
back changes what is sent. Authors of connectors import these names from
`crosspromo.connectors.base`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from crosspromo.domain.figures import Figures
from crosspromo.domain.mentions import Heard


@dataclass(frozen=True, slots=True)
class NotRead:
    """Failed reading: the reason in words, and the time before which the network wants no other."""

    reason: str
    retry_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of posts by remote id. `gone` are those that the network says are deleted.

    A post in neither was not told of: its figures are unknown.
    """

    figures: Mapping[str, Figures]
    gone: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class HeardPage:
    """Page of mentions. The next call gets `cursor`; with `more` there is a next page now.

    `reads` is the number of items that the network counts, where it charges for them.
    """

    mentions: Sequence[Heard]
    cursor: str
    more: bool = False
    reads: int = 0


@runtime_checkable
class Measures(Protocol):
    """A connector that reads figures; its capabilities have `measured_at_once`."""

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        """Figures of at most `measured_at_once` posts. Signs in by itself where needed.

        They are ours, or mentions of which is asked whether they are still there. A post counts as
        gone only where the network says that it is.
        """
        ...

    def followers(self) -> int | NotRead | None:
        """Number of followers of the account; None where the network does not tell."""
        ...


@runtime_checkable
class Listens(Protocol):
    """A connector that reads mentions; its capabilities have `listens`."""

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        """Next page of mentions, about `most` of them, each at least once.

        `cursor` is that of the page before, or None at the first time, when the last days are
        read. It is the connector's own: nobody else reads it. Signs in by itself where needed.
        """
        ...
