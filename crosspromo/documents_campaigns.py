"""JSON documents of campaigns and of the editorial calendar: their keys are a contract."""

from typing import TYPE_CHECKING, Any

from crosspromo.documents import of_import
from crosspromo.domain.reasons.sheets import REMARKS
from crosspromo.phrasing.sheets import of_remark

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from crosspromo.domain.campaigns import Campaign
    from crosspromo.services.campaigns import ListedCampaign, ShownCampaign
    from crosspromo.services.import_calendar import CalendarImport


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


def of_calendar_import(
    done: "CalendarImport", zone: "ZoneInfo", *, dry_run: bool
) -> dict[str, Any]:
    """An import of an editorial calendar as JSON: counts, errors, and what changes in each row.

    For a dry run (`dry_run` true), these are the changes that would follow. `row` null: the sheet
    has no row of the delivery. The ids of new deliveries of a dry run are not kept.
    """
    return {
        **of_import(done.imported, zone),
        "changes": [
            {
                "row": each.row,
                "delivery": each.delivery,
                "account": each.account,
                "new": each.is_new,
                "cells": [
                    {"column": column, "before": before, "after": after}
                    for column, before, after in each.cells
                ],
            }
            for each in done.changes
        ],
        "remarks": [
            {
                "row": each.row,
                "code": REMARKS[type(each.remark)],
                "message": of_remark(each.remark),
            }
            for each in done.remarks
        ],
        "dry_run": dry_run,
    }
