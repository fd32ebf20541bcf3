"""A partner and an event with everything filled in, to try templates on."""

from datetime import UTC, datetime
from types import MappingProxyType

from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Hosting, Kind
from crosspromo.publishing.compose import PostRequest

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


def request_of(kind: Kind) -> PostRequest:
    """A post of this kind, with everything that its templates may ask for."""
    author = "sample"
    match kind:
        case Kind.SPOTLIGHT:
            return PostRequest(kind=kind, author=author, partners=(PARTNER,))
        case Kind.EVENT:
            return PostRequest(kind=kind, author=author, partners=(PARTNER,), event=EVENT)
        case Kind.RESHARE:
            return PostRequest(
                kind=kind,
                author=author,
                partners=(PARTNER,),
                reshare_of="https://partner.example/post/1",
            )
        case Kind.OWN | Kind.NOTICE:
            return PostRequest(
                kind=kind,
                author=author,
                text="A sentence of our own.",
                link="https://us.example",
                reason="sample",
            )
