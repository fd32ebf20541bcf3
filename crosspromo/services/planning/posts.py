"""Posts that planned items become: requests, made for an account when the item is placed there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crosspromo.domain.events import Event
from crosspromo.domain.ladders import StepDay
from crosspromo.domain.partner_entries import Entry
from crosspromo.domain.partners import Partner
from crosspromo.domain.requests import EventPost, PostRequest, Reshare, Spotlight
from crosspromo.domain.sources import Suggestion
from crosspromo.services.suggestions import words_of

if TYPE_CHECKING:
    from crosspromo.domain.observances import Coming
    from crosspromo.publishing.rules import AccountRules


@dataclass(frozen=True, slots=True)
class Placement:
    """How a post is made: its author, and whether it stays a draft."""

    author: str
    as_draft: bool


Make = Callable[[str, Placement], PostRequest]
"""Makes the post of an item for the account of this name."""


def spotlight(partner: Partner) -> Make:
    """A spotlight of the partner."""
    return lambda _, it: Spotlight(author=it.author, as_draft=it.as_draft, partner=partner.slug)


def milestone(partner: Partner, entry: Entry) -> Make:
    """A spotlight of the partner for a milestone."""
    return lambda _, it: Spotlight(
        author=it.author,
        as_draft=it.as_draft,
        partner=partner.slug,
        template="spotlight/milestone",
        variables={"milestone": entry.words},
    )


def observance(partner: Partner, each: "Coming") -> Make:
    """A spotlight of the partner for an observance."""
    return lambda _, it: Spotlight(
        author=it.author,
        as_draft=it.as_draft,
        partner=partner.slug,
        template="spotlight/observance",
        variables={"observance": each.observance.name},
    )


def suggestion(partner: Partner, each: Suggestion, rules: "Mapping[str, AccountRules]") -> Make:
    """A share of the item that a source brought."""

    def make(account: str, it: Placement) -> PostRequest:
        pattern = rules[account].capabilities.reposts
        reposts = pattern is not None and pattern.fullmatch(each.link) is not None
        return Reshare(
            author=it.author,
            as_draft=it.as_draft,
            partner=partner.slug,
            url=each.link,
            quote=None if reposts else words_of(each, partner.name),
        )

    return make


def step(event: Event, each: StepDay) -> Make:
    """A step of an event's ladder."""
    return lambda _, it: EventPost(
        author=it.author,
        as_draft=it.as_draft,
        event=event.slug,
        step=each.step.name,
        template=each.step.template,
    )
