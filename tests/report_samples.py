"""A report with everything that a report may have, for tests of its faces."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from crosspromo.reports.page import (
    Bar,
    Basis,
    Column,
    Doing,
    NextAct,
    Picture,
    ReportPage,
    Section,
    Table,
)

CHICAGO = ZoneInfo("America/Chicago")
HOSTILE = "<script>alert('x')</script> & \"more\""
FORMULA = "=HYPERLINK(1)"


def sample(name: str = "River Keepers") -> ReportPage:
    """Report on two partners, one of whom has the name."""
    picture = Picture(
        "Given and received",
        "For each partner, two bars.",
        ("we gave", "they gave"),
        [Bar(name, (3, 1)), Bar("Food Bank", (0, 2)), Bar("Nobody", (0, 0))],
    )
    table = Table(
        "Given and received by partner",
        [
            Column("name", "Partner"),
            Column("given", "We gave", is_number=True),
            Column("shares", "Shares", is_number=True),
            Column("last", "Last"),
            Column("due", "Due"),
            Column("kept", "Kept"),
        ],
        [
            [name, 1234, None, datetime(2026, 4, 22, 14, tzinfo=UTC), date(2026, 5, 1), True],
            ["Food Bank", 0, 1.5, "", "", False],
        ],
        "There is nothing.",
    )
    return ReportPage(
        name="sample",
        title="A sample",
        headline="One partner gave more",
        as_of=datetime(2026, 4, 30, 17, tzinfo=UTC),
        basis=Basis("the window", "America/Chicago", "the target", "the age"),
        lead=["We gave 3 posts."],
        acts=[
            NextAct(
                Doing.SHARE, f"Share {name}", "Today they are 2 days past due.", "river-keepers"
            )
        ],
        sections=[
            Section("partners", "Partner by partner", ["A sentence."], table, picture),
            Section("none", "What went wrong", table=Table("None", [], [], "Nothing did.")),
        ],
        remarks=["What nobody knows."],
    )
