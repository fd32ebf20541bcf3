"""What stands against another spotlight of each partner, for acts that reports propose."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.next_shares import NextShare, next_share


@dataclass(frozen=True, slots=True)
class Sharing:
    """Partners with something queued, and the last share of each, by slug, as of `at`."""

    planned: Collection[str]
    last: Mapping[str, datetime]
    at: datetime

    def way(self, slug: str) -> NextShare:
        """Way to the next share of the partner."""
        return next_share(self.last.get(slug), self.at, is_planned=slug in self.planned)

    def open_to_spotlights(self, slugs: Iterable[str]) -> Sequence[str]:
        """Those of the partners of whom the queue would take a spotlight, in their order."""
        return [each for each in slugs if self.way(each) is NextShare.SPOTLIGHT]
