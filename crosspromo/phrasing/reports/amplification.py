"""Three figures that are called amplification, in words."""

from crosspromo.phrasing.reports.basis import age_of, basis, remarks
from crosspromo.reports.page import Bar, Cell, Column, Picture, ReportPage, Section, Table
from crosspromo.services.reports import WEEKS, AmplificationFigures

COLUMNS = (
    Column("account", "Account"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("posts", "Sent by crosspromo", is_number=True),
    Column("measured", "With figures", is_number=True),
    Column("partner_shares_per_post", "Shares per partner post", is_number=True),
    Column("self_shares_per_post", "Shares per self post", is_number=True),
    Column("followers", "Followers", is_number=True),
    Column("per_100_followers", "Shares of a post per 100 followers", is_number=True),
)
ALL = "all accounts"
NAMES = (
    "The share ratio is what we give: partner posts to self posts.",
    "Shares per post are reposts and quotes of our posts by others, as their network told us.",
    "Shares per 100 followers are the same beside how many followed the account the day before.",
    "A joint post counts as a partner post and as a self post, and is sent once.",
    "A post in doubt is not counted as sent, nor is one that was deleted.",
    "Posts that were made without crosspromo count, too; networks are not asked about them.",
)


def page(figures: AmplificationFigures) -> ReportPage:
    """Report on what we gave and what came back."""
    scope = figures.scope
    whole = figures.accounts[-1]
    rows: list[list[Cell]] = [
        [
            each.account or ALL,
            *(each.others, each.self_, each.posts, each.measured),
            *(each.partner_shares_per_post, each.self_shares_per_post),
            *(each.followers, each.per_100_followers),
        ]
        for each in figures.accounts
    ]
    ours, theirs = whole.self_shares_per_post, whole.partner_shares_per_post
    if ours is not None and theirs is not None:
        headline = f"Posts about partners were shared {theirs} times each, ours {ours} times"
    elif whole.read_at is not None:
        headline = "Some figures of networks are known"
    else:
        headline = "What came back is not known: no network told figures"
    given = [each for each in figures.accounts if each.account]
    picture = Picture(
        "What we gave: partner posts and self posts",
        "For each account, a bar of partner posts and a bar of self posts.",
        ("partner posts", "self posts"),
        [Bar(each.account, (each.others, each.self_)) for each in given],
    )
    return ReportPage(
        name="amplification",
        title="How far it carried",
        headline=headline,
        as_of=scope.as_of,
        basis=basis(scope, networks=age_of(whole.read_at, scope)),
        lead=[f"The last {WEEKS} weeks. Three figures go by one name; each stands by itself here."],
        sections=[
            Section(
                "accounts",
                "Account by account",
                NAMES,
                Table("Given and come back, by account", COLUMNS, rows, "There is no account."),
                picture if given else None,
            )
        ],
        remarks=remarks(scope, "“n/a” means that it is not known; it is never counted as 0."),
    )
