"""What crosspromo itself computes for a delivery, and nothing else: no commit, no send."""

from datetime import UTC, datetime

from bench.contest import Given, Work
from crosspromo.domain.partners import Partner
from crosspromo.domain.requests import Spotlight
from crosspromo.domain.verdicts import Allow
from crosspromo.publishing.compose import Material
from crosspromo.publishing.cycle import MOST_LOCAL
from crosspromo.publishing.facts import GateFacts
from crosspromo.workspace import Workspace

PARTNER = Partner(
    slug="river-keepers",
    name="River Keepers",
    why="they keep the river clean",
    website="https://river.example",
    topics=("river", "spring"),
)


def render_and_judge(given: Given) -> Work:
    """Each text rendered from the template that ships, the facts of as many accounts gathered at
    once as a round claims, and each delivery judged.
    """
    workspace = Workspace.open(given.folder)
    material = Material(Spotlight(author="bench", partner=PARTNER.slug), (PARTNER,))
    rules, organisation = workspace.rules, workspace.organisation_rules
    workspace.templates.render(material, "bluesky")
    now = datetime.now(UTC)
    with workspace.store.read() as unit:
        due = unit.deliveries.next_due(rules, now)

    def work() -> int:
        allowed = 0
        for start in range(0, len(due), MOST_LOCAL):
            some = due[start : start + MOST_LOCAL]
            with workspace.store.read() as unit:
                gathered = GateFacts(unit, some, rules, organisation, now)
                for delivery in some:
                    workspace.templates.render(material, "bluesky")
                    allowed += isinstance(gathered.judge(delivery).decision, Allow)
        return allowed

    return work
