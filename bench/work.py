"""The work that every contestant does for a delivery: a text rendered, the gate asked.

The third part, a durable result, each does in its own way; see `bench/peers`.
"""

from datetime import UTC, datetime

from jinja2 import Environment

from crosspromo.domain.gate import decide
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Credit
from crosspromo.domain.ratio import Tally, Target, Window
from crosspromo.domain.verdicts import Allow, Candidate, Facts, Standing

THREE_LINES = Environment(autoescape=False).from_string(
    """\
Meet {{ partner }}, number {{ number }}{% if why %}: {{ why }}{% endif %}
We are proud to work beside them.
{{ address }} {% for tag in tags %}#{{ tag }} {% endfor %}
"""
)

TARGET = Target(1, 1)
NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
FACTS = Facts(
    policy=Policy(target=TARGET, window=Window(days=28)),
    account=Standing(Tally(3, 1)),
    organisation=Standing(Tally(3, 1)),
    floor=TARGET,
)
CANDIDATE = Candidate(
    account="account", credit=Credit.OTHERS, due_at=NOW, pinned=False, slot_at=NOW
)


def text(number: int) -> str:
    """The text of this delivery."""
    return THREE_LINES.render(
        partner="River Keepers",
        number=number,
        why="they keep the river clean",
        address=f"https://river.example/{number}",
        tags=("River", "Spring"),
    )


def deliver(number: int) -> str:
    """What is to be written down: the text, if it may go."""
    assert isinstance(decide(FACTS, CANDIDATE, NOW), Allow)
    return text(number)
