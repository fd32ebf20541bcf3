"""Page for one partner in words: what we shared of theirs, where, what came of it, what is next.

It is sent to that partner: nothing in it is about anybody else, and nothing of our notes.
"""

from collections.abc import Sequence

from crosspromo.domain.plurals import plural
from crosspromo.domain.received import ReceivedKind
from crosspromo.domain.report_rows import GivenRow
from crosspromo.domain.timing import wall_clock
from crosspromo.phrasing.reports.basis import TODAYS_EVENTS, age_of, basis, day, remarks
from crosspromo.phrasing.words import first_words
from crosspromo.reports.page import Cell, Column, ReportPage, Section, Table
from crosspromo.reports.partners import posts_by_partner
from crosspromo.services.reports import MOST_NEXT, PartnerFigures

LONGEST = 80
"""Characters of a post; names of others are looked for in more of it than is shown."""

GIVEN = (
    Column("at", "When"),
    Column("network", "Where"),
    Column("words", "What"),
    Column("url", "Link"),
    Column("shares", "Shared further", is_number=True),
    Column("likes", "Liked", is_number=True),
    Column("replies", "Answered", is_number=True),
)
RECEIVED = (
    Column("at", "When"),
    Column("kind", "What"),
    Column("url", "Link"),
)
JOINT_EVENT = "An event with you and others"
KINDS = {
    ReceivedKind.SHARE: "you shared us",
    ReceivedKind.MENTION: "you mentioned us",
    ReceivedKind.LIKE: "you liked a post of ours",
    ReceivedKind.REPLY: "you answered a post of ours",
    ReceivedKind.QUOTE: "you quoted us",
    ReceivedKind.LINK: "you linked to us",
}


def page(figures: PartnerFigures) -> ReportPage:
    """Page for the partner."""
    scope, name = figures.scope, figures.partner.name
    posts, deliveries = posts_by_partner(figures.given)
    count, places = posts[figures.partner.slug], deliveries[figures.partner.slug]
    if count:
        times = "once" if count == 1 else plural(count, "time")
        headline = f"{figures.organisation} shared {name} {times} in 90 days"
    else:
        headline = f"{figures.organisation} has not shared {name} in 90 days"
    rows: list[list[Cell]] = [
        [
            each.at,
            each.network.capitalize() or None,
            _words(each),
            _address(each.url),
            *_counts(each, figures),
        ]
        for each in figures.given
    ]
    return ReportPage(
        name="partner",
        title=f"{name} and {figures.organisation}",
        headline=headline,
        as_of=scope.as_of,
        basis=basis(scope, "none; this page tells what was done", _age(figures)),
        lead=[_sent(count, places)] if count else [],
        sections=[
            Section(
                "shared",
                "What we shared of yours",
                _told(figures),
                table=Table(f"Posts about {name}", GIVEN, rows, "Nothing was shared in this time."),
            ),
            _came_of_it(figures),
            Section("next", "What is next", _next(figures)),
        ],
        remarks=remarks(
            scope,
            *([TODAYS_EVENTS] if scope.known_at is not None else []),
            "Times are those of the zone named above.",
            "“n/a” means that the network did not tell; it is never counted as 0.",
        ),
    )


def _sent(posts: int, deliveries: int) -> str:
    times = "once" if deliveries == 1 else f"{plural(deliveries, 'time')} in all"
    return f"{plural(posts, 'post')}, sent {times}."


def _words(row: GivenRow) -> str:
    """Words of a post; of one about several partners, none: they may name the others."""
    return first_words(row.words, LONGEST) if row.alone else "a post about you and others"


def _address(url: str) -> str:
    """Address that the partner can open; that of a rehearsal on our own disk is none."""
    return url if url.startswith(("https://", "http://")) else ""


def _counts(row: GivenRow, figures: PartnerFigures) -> Sequence[int | None]:
    """Shares, likes and replies of a post; None: its network did not tell."""
    told = None if row.delivery is None else figures.measured.get(row.delivery)
    return (None,) * 3 if told is None else (told.shares, told.figures.likes, told.figures.replies)


def _told(figures: PartnerFigures) -> Sequence[str]:
    """What came of all posts together, as far as networks told."""
    told = figures.measured.values()
    if not told:
        return []
    counts = (
        ("share", [each.shares for each in told]),
        ("like", [each.figures.likes for each in told]),
        ("answer", [each.figures.replies for each in told]),
    )
    said = [
        plural(sum(each for each in some if each is not None), name)
        for name, some in counts
        if any(each is not None for each in some)
    ]
    if not said:
        return []
    where = f"{len(told)} of {len(figures.given)}"
    return [f"What came of it: {', '.join(said)}, told by the networks of {where}."]


def _age(figures: PartnerFigures) -> str:
    oldest = min((each.read_at for each in figures.measured.values()), default=None)
    return age_of(oldest, figures.scope)


def _came_of_it(figures: PartnerFigures) -> Section:
    rows: list[list[Cell]] = [
        [each.at, KINDS[each.kind], _address(each.url)] for each in figures.received
    ]
    sentences = [] if not rows else [f"Thank you: {plural(len(rows), 'act')} for us."]
    return Section(
        "received",
        "What you did for us",
        sentences,
        Table("What you did for us, as far as we saw", RECEIVED, rows, "Nothing that we know of."),
    )


def _next(figures: PartnerFigures) -> Sequence[str]:
    zone = figures.scope.zone
    found = []
    planned = figures.planned
    if planned is not None:
        found.append(
            f"{plural(planned.posts, 'post')} about you "
            f"{'is' if planned.posts == 1 else 'are'} planned, the next for "
            f"{day(planned.next_at, zone)}."
        )
    found += [
        f"{each.title or JOINT_EVENT}: {wall_clock(each.starts_at, zone)}."
        for each in figures.events
    ]
    if len(figures.events) == MOST_NEXT:
        found.append(f"These are the next {MOST_NEXT} events; there may be more.")
    return found or ["Nothing is planned yet. Tell us what we should share next."]
