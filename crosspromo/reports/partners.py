"""Partners as reports count them: last shared and due, given by topic, given and received."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.partners import Partner
from crosspromo.domain.report_rows import GivenRow, KnownTerms, ReceivedRow, Source


@dataclass(frozen=True, slots=True)
class PartnerFigure:
    """Partner with the shares that we gave in the window.

    `posts` count once on whatever number of accounts. `days` is the cadence; None: there is none.
    `due` is the local day by which they are to be shared next: so many days after the last share
    or, where there is none, after the cadence was set. None: no cadence, or since when is unknown.
    """

    slug: str
    name: str
    topics: tuple[str, ...]
    last_shared_at: datetime | None
    posts: int
    deliveries: int
    days: int | None
    due: date | None

    def over(self, today: date) -> int:
        """Days past due; 0: none is."""
        return 0 if self.due is None else max(0, (today - self.due).days)

    @property
    def is_never_shared(self) -> bool:
        """True for a partner with a cadence and no share."""
        return self.days is not None and self.last_shared_at is None

    def is_late(self, today: date) -> bool:
        """True for a partner past due, or never shared and with no day by which they are due."""
        return self.over(today) > 0 or (self.is_never_shared and self.due is None)


def partner_figures(
    partners: Iterable[Partner],
    terms: Mapping[str, KnownTerms],
    given: Iterable[GivenRow],
    last: Mapping[str, datetime],
    zone: ZoneInfo,
) -> Sequence[PartnerFigure]:
    """Figures of each partner, the longest past due first, then those shared longest ago."""
    posts, deliveries = posts_by_partner(given)
    found = []
    for each in partners:
        at, known = last.get(each.slug), terms.get(each.slug, KnownTerms())
        days, since = known.days, at or known.since
        due = None if since is None or days is None else _day(since, zone) + timedelta(days=days)
        found.append(
            PartnerFigure(
                each.slug,
                each.name,
                each.topics,
                at,
                posts[each.slug],
                deliveries[each.slug],
                days,
                due,
            )
        )
    return sorted(found, key=_most_pressing)


def posts_by_partner(given: Iterable[GivenRow]) -> tuple[Counter[str], Counter[str]]:
    """Posts and deliveries about each partner; each outside post is one of its own."""
    seen: set[tuple[str, int]] = set()
    posts: Counter[str] = Counter()
    deliveries: Counter[str] = Counter()
    for row in given:
        deliveries[row.partner] += 1
        if row.post is None or (row.partner, row.post) not in seen:
            posts[row.partner] += 1
        if row.post is not None:
            seen.add((row.partner, row.post))
    return posts, deliveries


@dataclass(frozen=True, slots=True)
class TopicFigure:
    """Topic with the number of its partners, of those who were shared, and of posts about them."""

    topic: str
    partners: int
    shared: int
    posts: int


def by_topic(figures: Iterable[PartnerFigure]) -> Sequence[TopicFigure]:
    """Topics of the partners, those with the fewest posts first."""
    partners: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    posts: Counter[str] = Counter()
    for each in figures:
        for topic in dict.fromkeys(each.topics):
            partners[topic] += 1
            shared[topic] += int(each.posts > 0)
            posts[topic] += each.posts
    found = (TopicFigure(each, partners[each], shared[each], posts[each]) for each in partners)
    return sorted(found, key=lambda each: (each.posts, each.topic))


@dataclass(frozen=True, slots=True)
class Reciprocity:
    """What we gave a partner and what they gave us, in the window, by how it became known.

    `is_archived`: they are no longer offered, and what was given and received still counts.
    """

    slug: str
    name: str
    given: int
    observed: int
    by_hand: int
    unknown: int
    is_archived: bool = False

    @property
    def received(self) -> int:
        """All that they gave us, as far as is known."""
        return self.observed + self.by_hand + self.unknown


def reciprocity(
    partners: Iterable[Partner],
    given: Iterable[GivenRow],
    received: Iterable[ReceivedRow],
    at: datetime,
) -> Sequence[Reciprocity]:
    """Given and received of each partner with either; those who gave us most more come first.

    `at` is the moment of the report: who was archived by then is marked.
    """
    posts, _ = posts_by_partner(given)
    got: Counter[tuple[str, Source]] = Counter((row.partner, row.source) for row in received)
    found = [
        Reciprocity(
            each.slug,
            each.name,
            posts[each.slug],
            got[each.slug, Source.OBSERVED],
            got[each.slug, Source.BY_HAND],
            got[each.slug, Source.UNKNOWN],
            each.archived_at is not None and each.archived_at <= at,
        )
        for each in partners
    ]
    some = [each for each in found if each.given or each.received]
    return sorted(some, key=lambda each: (each.given - each.received, each.slug))


def _day(moment: datetime, zone: ZoneInfo) -> date:
    return moment.astimezone(zone).date()


def _most_pressing(figure: PartnerFigure) -> tuple[date, float, str]:
    last = figure.last_shared_at
    due = figure.due or (date.min if figure.days is not None else date.max)
    return due, float("-inf") if last is None else last.timestamp(), figure.slug
