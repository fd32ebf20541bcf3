"""Row ids of campaigns, by slug."""

from sqlalchemy import Connection, select

from crosspromo.domain.errors import NotFoundError
from crosspromo.domain.reasons.not_found import NoSuchCampaign
from crosspromo.store.schema import campaigns


def campaign_id(connection: Connection, slug: str) -> int:
    """Row id of a campaign; NotFoundError for an unknown slug."""
    query = select(campaigns.c.id).where(campaigns.c.slug == slug)
    found: int | None = connection.execute(query).scalar_one_or_none()
    if found is None:
        every = select(campaigns.c.slug).order_by(campaigns.c.id.desc())
        raise NotFoundError(NoSuchCampaign(slug, tuple(connection.execute(every).scalars())))
    return found
