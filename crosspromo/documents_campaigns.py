"""JSON documents of campaigns and of the editorial calendar: their keys are a contract."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosspromo.domain.campaigns import Campaign
    from crosspromo.services.campaigns import ListedCampaign, ShownCampaign


def of_campaign(campaign: "Campaign") -> dict[str, Any]:
    """A campaign as JSON. Days are ISO dates or null."""
    first, last = campaign.first_day, campaign.last_day
    return {
        "slug": campaign.slug,
        "name": campaign.name,
        "first_day": None if first is None else first.isoformat(),
        "last_day": None if last is None else last.isoformat(),
        "why": campaign.why,
        "added_at": campaign.added_at,
        "added_by": campaign.added_by,
    }


def of_listed_campaign(listed: "ListedCampaign") -> dict[str, Any]:
    """A campaign of a list as JSON, with the numbers of its posts and events."""
    return {**of_campaign(listed.campaign), "posts": listed.posts, "events": listed.events}


def of_shown_campaign(shown: "ShownCampaign") -> dict[str, Any]:
    """A campaign as JSON, with what belongs to it. `earlier` deliveries are left out."""
    return {
        **of_campaign(shown.campaign),
        "deliveries": [
            {
                "id": each.id,
                "post": each.post,
                "account": each.account,
                "state": each.state.value,
                "due_at": each.due_at,
                "text": each.content.text,
            }
            for each in shown.deliveries
        ],
        "earlier": shown.earlier,
        "events": [
            {"slug": each.slug, "title": each.title, "starts_at": each.starts_at}
            for each in shown.events
        ],
        "links": list(shown.links),
    }
