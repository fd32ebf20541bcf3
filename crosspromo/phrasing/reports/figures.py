"""Tables of reports for spreadsheets: a line for each account, with the keys that JSON has."""

from collections.abc import Sequence

from crosspromo.reports.month import AccountMonth
from crosspromo.reports.page import Cell, Column, Table, Worded
from crosspromo.reports.ratio import AccountStanding

NO_ACCOUNT = "There is no account."
MONTH = (
    Column("account", "Account"),
    Column("network", "Network"),
    Column("target", "Promise"),
    Column("window", "Window"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("self_sent", "Self posts of ours that went out", is_number=True),
    Column("allowed", "Allowed when they went", is_number=True),
    Column("released", "Released by a person", is_number=True),
    Column("window_others", "Partner posts in the window", is_number=True),
    Column("window_self", "Self posts in the window", is_number=True),
    Column("ok", "Kept at the end"),
    Column("below_since", "Not kept since"),
)
RATIO = (
    Column("account", "Account"),
    Column("network", "Network"),
    Column("policy", "Policy"),
    Column("target", "Promise"),
    Column("window", "Window"),
    Column("others", "Partner posts", is_number=True),
    Column("self", "Self posts", is_number=True),
    Column("ratio", "Partner posts for each self post", is_number=True),
    Column("ok", "Kept"),
    Column("headroom", "Self posts allowed now", is_number=True),
    Column("partner_posts_to_next", "Partner posts needed for one more", is_number=True),
    Column("earliest_by_roll_off", "Allowed by itself on"),
)


def of_months(months: Sequence[AccountMonth]) -> Table:
    """Figures of accounts in a month."""
    rows: list[list[Cell]] = [
        [
            *(each.account, each.network, each.target or "", str(each.window)),
            *(each.others, each.self_, each.sent, each.allowed, each.released),
            *(each.standing.others, each.standing.self_, _kept(each), _or_none(each.below_since)),
        ]
        for each in months
    ]
    return Table("Figures of accounts in the month", MONTH, rows, NO_ACCOUNT)


def of_standings(standings: Sequence[AccountStanding]) -> Table:
    """Figures of accounts against their promises."""
    rows: list[list[Cell]] = [
        [
            *(each.account, each.network, each.policy, each.target or "", each.window),
            *(each.others, each.self_, _or_none(each.ratio), _kept(each), _or_none(each.headroom)),
            *(_or_none(each.partner_posts_to_next), _or_none(each.earliest_by_roll_off)),
        ]
        for each in standings
    ]
    return Table("Figures of accounts against their promises", RATIO, rows, NO_ACCOUNT)


def _kept(each: AccountMonth | AccountStanding) -> Cell:
    """Whether the promise was kept; an empty cell for an account without one."""
    return each.ok if each.target else Worded("")


def _or_none(cell: Cell) -> Cell:
    """The cell, or an empty one where an account has no such figure; it is not unknown."""
    return Worded("") if cell is None else cell
