"""Reports about partners in words: last shared and due, given and received, the focus list."""

from collections.abc import Sequence
from datetime import date
from itertools import islice

from crosspromo.domain.plurals import plural
from crosspromo.phrasing.reports.basis import basis, local_day, of_now, remarks
from crosspromo.phrasing.reports.sharing import acts_of_sharing
from crosspromo.reports.page import (
    Bar,
    Cell,
    Column,
    NextAct,
    Picture,
    ReportPage,
    Section,
    Table,
    Worded,
)
from crosspromo.reports.partners import PartnerFigure, Reciprocity
from crosspromo.reports.sharing import Sharing
from crosspromo.services.reports import FocusFigures, PartnersFigures, ReciprocityFigures

PARTNERS = (
    Column("partner", "Partner"),
    Column("name", "Name", is_name=True),
    Column("last_shared", "Last shared"),
    Column("due", "Due"),
    Column("over", "Days past due", is_number=True),
    Column("posts", "Posts", is_number=True),
    Column("deliveries", "On accounts", is_number=True),
)
TOPICS = (
    Column("topic", "Topic", is_name=True),
    Column("partners", "Partners", is_number=True),
    Column("shared", "Shared", is_number=True),
    Column("posts", "Posts", is_number=True),
)
RECIPROCITY = (
    Column("partner", "Partner"),
    Column("name", "Name", is_name=True),
    Column("given", "We gave", is_number=True),
    Column("received", "They gave", is_number=True),
    Column("observed", "Observed", is_number=True),
    Column("by_hand", "Entered by hand", is_number=True),
    Column("unknown", "Unknown how", is_number=True),
    Column("balance", "Balance"),
)
MOST_BARS = 30
MOST_ACTS = 3
YEAR = "A share of more than a year ago is not looked for: the partner then counts as never shared."


def partners_page(figures: PartnersFigures) -> ReportPage:
    """Report on who is due, who was shared, and by topic."""
    scope = figures.scope
    today = scope.as_of.astimezone(scope.zone).date()
    found = figures.partners
    late = [each for each in found if each.is_late(today)]
    never = [each for each in found if each.is_never_shared and not each.is_late(today)]
    shared = sum(each.posts > 0 for each in found)
    if late:
        headline = f"{plural(len(late), 'partner')} {_are(late)} past due"
    else:
        headline = "No partner is past due"
    rows: list[list[Cell]] = [
        [
            each.slug,
            each.name,
            local_day(each.last_shared_at, scope.zone, "never"),
            Worded("") if each.due is None else each.due,
            each.over(today),
            each.posts,
            each.deliveries,
        ]
        for each in found
    ]
    topics: list[list[Cell]] = [
        [each.topic, each.partners, each.shared, each.posts] for each in figures.topics
    ]
    picture = Picture(
        "Posts about each partner",
        "One bar for each partner, as long as the number of posts about them.",
        ("posts",),
        [Bar(each.name, (each.posts,)) for each in found[:MOST_BARS]],
    )
    return ReportPage(
        name="partners",
        title="Partners",
        headline=headline,
        as_of=scope.as_of,
        basis=basis(scope, "each partner with a cadence is shared before it is past due"),
        lead=[
            (
                f"{shared} of {plural(len(found), 'partner')} were shared in 90 days"
                f"{_and_archived(figures.others_shared)}."
            ),
            *(
                [f"Not shared yet, and not past due: {plural(len(never), 'partner')}."]
                * bool(never)
            ),
        ],
        acts=of_now(scope, share_acts(found, figures.sharing, today)),
        sections=[
            Section(
                "partners",
                "Who is due",
                _undrawn(found),
                table=Table(
                    "Partners by when they are due", PARTNERS, rows, "There is no partner."
                ),
                picture=picture if found else None,
            ),
            Section(
                "topics",
                "By topic",
                table=Table(
                    "Topics of partners, those with the fewest posts first",
                    TOPICS,
                    topics,
                    "No partner has a topic.",
                ),
            ),
        ],
        remarks=remarks(scope, YEAR),
    )


def _and_archived(count: int) -> str:
    """Archived partners who were shared too, and who are in no line of the table."""
    if not count:
        return ""
    was, is_ = ("was", "is") if count == 1 else ("were", "are")
    return f"; so {was} {plural(count, 'archived partner')}, who {is_} not listed"


def share_acts(
    found: Sequence[PartnerFigure], sharing: Sharing, today: date, most: int = MOST_ACTS
) -> Sequence[NextAct]:
    """Partners who are late as acts, the longest past due first."""
    late = [
        (
            each.slug,
            each.name,
            f"They were never shared; a share is due every {plural(each.days or 0, 'day')}."
            if each.is_never_shared
            else f"Today they are {plural(each.over(today), 'day')} past due.",
        )
        for each in found
        if each.is_late(today)
    ]
    return acts_of_sharing(late, sharing, most)


def reciprocity_page(figures: ReciprocityFigures) -> ReportPage:
    """Report on given and received."""
    found = figures.partners
    more = [each for each in found if each.received > each.given]
    given = sum(each.given for each in found)
    received = sum(each.received for each in found)
    if more:
        headline = f"{plural(len(more), 'partner')} gave us more than we gave them"
    elif found:
        headline = "No partner gave us more than we gave them"
    else:
        headline = "Nothing was given or received in 90 days"
    rows: list[list[Cell]] = [
        [
            *(each.slug, _called(each), each.given, each.received),
            *(each.observed, each.by_hand, each.unknown, balance(each)),
        ]
        for each in found
    ]
    picture = Picture(
        "What we gave and what they gave",
        "For each partner, a bar of our posts about them and a bar of what they did for us.",
        ("we gave", "they gave"),
        [Bar(each.name, (each.given, each.received)) for each in found[:MOST_BARS]],
    )
    return ReportPage(
        name="reciprocity",
        title="Given and received",
        headline=headline,
        as_of=figures.scope.as_of,
        basis=basis(figures.scope, "we give each partner at least as much as they give us"),
        lead=[
            (
                f"We gave {plural(given, 'post')} and received {received} in 90 days. "
                f"{plural(figures.silent, 'partner')} neither gave nor got anything."
            )
        ],
        acts=of_now(
            figures.scope,
            acts_of_sharing(
                [
                    (each.slug, each.name, f"{_sentence(balance(each))}.")
                    for each in more
                    if not each.is_archived
                ],
                figures.sharing,
                MOST_ACTS,
            ),
        ),
        sections=[
            Section(
                "partners",
                "Partner by partner",
                _undrawn(found),
                table=Table(
                    "Given and received, those who gave us more first",
                    RECIPROCITY,
                    rows,
                    "There is nothing to show.",
                ),
                picture=picture if found else None,
            )
        ],
        remarks=remarks(
            figures.scope,
            "What partners did for us is what a person entered or a network told; there may be "
            "more that nobody saw. It never changes what we may post.",
        ),
    )


def _called(each: Reciprocity) -> str:
    return f"{each.name} (archived)" if each.is_archived else each.name


def balance(each: Reciprocity) -> str:
    """Balance in words: `they gave 3 more`, `we gave 2 more`, `even`."""
    more = each.received - each.given
    if not more:
        return "even"
    return f"{'they' if more > 0 else 'we'} gave {abs(more)} more"


def focus_page(figures: FocusFigures) -> ReportPage:
    """Report on the weeks of the focus list."""
    silent = [slug for slug, weeks in figures.posts.items() if not any(weeks)]
    if not figures.posts:
        headline = "Nobody is on the focus list"
    elif silent:
        headline = f"{plural(len(silent), 'partner')} on the focus list {_were(silent)} not shared"
    else:
        headline = "Every partner on the focus list was shared"
    columns = [
        Column("partner", "Partner"),
        Column("name", "Name", is_name=True),
        *(
            Column(str(week.monday), f"{week.monday:%m-%d}", is_number=True)
            for week in figures.weeks
        ),
        Column("posts", "All", is_number=True),
    ]
    rows: list[list[Cell]] = [
        [slug, figures.names[slug], *weeks, sum(weeks)] for slug, weeks in figures.posts.items()
    ]
    count = len(figures.weeks)
    picture = Picture(
        f"Posts about each partner on the focus list in {count} weeks",
        "One bar for each partner, as long as the number of posts about them.",
        ("posts",),
        [
            Bar(figures.names[slug], (sum(weeks),))
            for slug, weeks in islice(figures.posts.items(), MOST_BARS)
        ],
    )
    return ReportPage(
        name="focus",
        title="Focus list",
        headline=headline,
        as_of=figures.scope.as_of,
        basis=basis(figures.scope, "each partner on the focus list is shared"),
        lead=[f"Posts about each partner in the last {count} weeks; 0 is a week without one."],
        acts=of_now(
            figures.scope,
            acts_of_sharing(
                [
                    (
                        slug,
                        figures.names[slug],
                        f"They are on the focus list and were not shared in {count} weeks.",
                    )
                    for slug in silent
                ],
                figures.sharing,
                MOST_ACTS,
            ),
        ),
        sections=[
            Section(
                "focus",
                "Week by week",
                _undrawn(rows),
                table=Table(
                    "Posts about each partner by week",
                    columns,
                    rows,
                    "Nobody is on the focus list; put partners on it with their list.",
                ),
                picture=picture if rows else None,
            )
        ],
        remarks=remarks(figures.scope),
    )


def _undrawn(found: Sequence[object]) -> Sequence[str]:
    """Sentence about a chart with fewer partners than its table; none where it has all."""
    if len(found) <= MOST_BARS:
        return []
    return [f"The chart has the first {MOST_BARS} of {len(found):,} partners, the table has all."]


def _are(some: Sequence[object]) -> str:
    return "is" if len(some) == 1 else "are"


def _were(some: Sequence[object]) -> str:
    return "was" if len(some) == 1 else "were"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
