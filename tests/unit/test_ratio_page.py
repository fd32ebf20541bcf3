"""The worked example that teaches the ratio is what the gate does: the page is read and played."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crosspromo.domain.gate import decide
from crosspromo.domain.ledger import columns
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Counted, Tally, Target, Window, tally
from crosspromo.domain.states import State
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Hold, Refuse, Standing
from crosspromo.phrasing.holds import of_hold

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "ratio.md").read_text("utf-8")
WINDOW = Window(days=28)
EVE = datetime(2026, 3, 31, 9, 0, tzinfo=UTC)
TARGET = Target(3, 1)


def table(heading: str) -> list[list[str]]:
    """The rows of the first table under a heading, without its head."""
    _, _, section = PAGE.partition(f"## {heading}")
    lines = re.findall(r"^\|(.*)\|$", section.partition("\n## ")[0], re.MULTILINE)
    assert len(lines) > 2, f"there is no table under {heading}"
    return [[cell.strip() for cell in line.split("|")] for line in lines[2:]]


def sentence_of(decision: Allow | Hold | Refuse) -> str:
    """What people read of the decision."""
    if isinstance(decision, Hold):
        return of_hold(decision.reason, decision.until, "x-main", UTC_ZONE)
    return str(decision.trail)


def test_the_month_goes_as_the_page_says() -> None:
    posted: list[Counted] = []
    for day, credit_name, others, self_, verdict, because in table("A month on an account"):
        now = EVE + timedelta(days=int(day))
        credit = Credit(credit_name)
        opens = WINDOW.opens_after(now)
        assert opens is not None
        counts = tally(row for row in posted if opens < row.at <= now)
        assert counts == Tally(int(others), int(self_)), f"day {day}"
        facts = Facts(
            policy=Policy(target=TARGET, window=WINDOW),
            account=Standing(counts),
            organisation=Standing(counts),
            floor=None,
        )

        decision = decide(facts, Candidate("x-main", credit, now, pinned=False), now)

        assert isinstance(decision, Allow if verdict == "allow" else Hold), f"day {day}"
        if because:
            assert because in sentence_of(decision), f"day {day}"
        if isinstance(decision, Allow) and credit is not Credit.NONE:
            counted = columns(credit, State.PUBLISHED)
            posted.append(Counted(now, counted.others, counted.self_))


def test_the_formula_of_day_9_gives_its_number() -> None:
    match = re.search(r"= (\d+) - (\d+) = (\d+)$", PAGE, re.MULTILINE)
    assert match is not None
    needed, others, missing = (int(number) for number in match.groups())
    day_9 = next(row for row in table("A month on an account") if row[0] == "9")
    counts = Tally(int(day_9[2]), int(day_9[3]))
    assert (others, missing) == (counts.others, counts.partner_posts_to_next(TARGET))
    assert needed - others == missing


STATES_MEANT = {
    "is being sent": {State.SENDING},
    "may or may not have gone out": {State.UNKNOWN},
    "is published": {State.PUBLISHED},
    "failed, was cancelled, missed or has expired": {
        State.FAILED,
        State.CANCELLED,
        State.MISSED,
        State.EXPIRED,
    },
    "was deleted after it was published": {State.DELETED},
}


@pytest.mark.parametrize(("words", "as_self", "as_others"), table("Doubt counts against us"))
def test_the_table_of_doubt_is_the_ledgers(words: str, as_self: str, as_others: str) -> None:
    for state in STATES_MEANT[words]:
        counted = columns(Credit.BOTH, state)
        assert (counted.self_, counted.others) == (int(as_self), int(as_others))
