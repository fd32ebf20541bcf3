"""Sample partner and sample event with complete fields, for template checks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting, Kind
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.publishing.compose import Material

PARTNER = Partner(
    slug="sample-partner",
    name="Sample Partner",
    why="They keep the river clean, and have done so for thirty years.",
    website="https://partner.example",
    handles=MappingProxyType(
        {"bluesky": "partner.example", "x": "samplepartner", "reddit": "sample_partner"}
    ),
    topics=("Clean Water", "neighbours"),
    tag_ok=True,
)

EVENT = Event(
    slug="sample-event-2030-04-22",
    title="Sample River Cleanup",
    starts_at=datetime(2030, 4, 22, 14, 0, tzinfo=UTC),
    ends_at=datetime(2030, 4, 22, 17, 0, tzinfo=UTC),
    zone="America/Chicago",
    uid="sample@crosspromo",
    location="Riverside Park, north gate",
    url="https://partner.example/cleanup",
    description="Bring gloves. We bring the rest.",
    hosting=Hosting.PARTNER,
    partners=(PARTNER.slug,),
)


def material_for(template: str, kind: Kind, variables: Mapping[str, str]) -> Material:
    """Sample material for a template that a post names, with these values of --var.

    There is no material for a reshare or a notice: neither has a template of its own.
    """
    author = "sample"
    match kind:
        case Kind.SPOTLIGHT:
            about = Spotlight(
                author=author, partner=PARTNER.slug, template=template, variables=variables
            )
            return Material(about, (PARTNER,))
        case Kind.EVENT:
            event = EventPost(
                author=author, event=EVENT.slug, template=template, variables=variables
            )
            return Material(event, (PARTNER,), EVENT)
        case _:
            says = FromTemplate(template)
            link = "https://us.example"
            return Material(OwnPost(author=author, says=says, variables=variables, link=link))


def material_of(kind: Kind) -> Material:
    """Sample material for a kind of post, with everything its templates may use."""
    author = "sample"
    match kind:
        case Kind.SPOTLIGHT:
            return Material(Spotlight(author=author, partner=PARTNER.slug), (PARTNER,))
        case Kind.EVENT:
            return Material(EventPost(author=author, event=EVENT.slug), (PARTNER,), EVENT)
        case Kind.RESHARE:
            url = "https://partner.example/post/1"
            return Material(Reshare(author=author, partner=PARTNER.slug, url=url), (PARTNER,))
        case Kind.OWN:
            says = Words("A sentence of our own.")
            return Material(OwnPost(author=author, says=says, link="https://us.example"))
        case Kind.NOTICE:
            text = "A sentence of our own."
            return Material(
                Notice(author=author, text=text, reason="sample", link="https://us.example")
            )
