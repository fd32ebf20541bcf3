"""The JSON that others build on: its keys are a contract."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a document says what it is handed, and needs none of their modules
    from crosspromo.cli.standing import Standing
    from crosspromo.domain.events import Event
    from crosspromo.domain.partners import Partner
    from crosspromo.domain.pauses import Pause
    from crosspromo.rendering.preview import Preview
    from crosspromo.text.entities import Entity


def of_delivery(standing: "Standing") -> dict[str, Any]:
    """A delivery. Times are UTC; `cost` is in US dollars or null; `approved` null: none asked."""
    delivery = standing.delivery
    hold, fault = delivery.hold, delivery.fault
    return {
        "id": delivery.id,
        "post": delivery.post,
        "account": delivery.account,
        "network": delivery.network,
        "kind": delivery.kind.value,
        "state": delivery.state.value,
        "credit": delivery.credit.value,
        "partners": list(delivery.partners),
        "event": delivery.event,
        "title": delivery.content.title,
        "text": delivery.content.text,
        "link": delivery.content.link,
        "due_at": delivery.due_at,
        "published_at": delivery.published_at,
        "remote_id": delivery.remote_id,
        "url": delivery.url,
        "hold": (
            None
            if hold is None
            else {"code": hold.code, "reason": hold.reason, "until": hold.until}
        ),
        "error": None if fault is None else {"code": fault.code, "message": fault.message},
        "attempts": delivery.attempt,
        "approved": standing.approval.approved,
        "cost": delivery.cost,
    }


def of_pause(pause: "Pause") -> dict[str, Any]:
    """A pause; `account` null: it lies over everything."""
    return {
        "account": pause.account,
        "who": pause.who,
        "since": pause.at,
        "reason": pause.reason,
    }


def of_partner(partner: "Partner") -> dict[str, Any]:
    """A partner, in the columns of the export and what else is known."""
    return {
        "slug": partner.slug,
        "name": partner.name,
        "kind": partner.kind,
        "list": partner.list,
        "closeness": partner.closeness,
        "tier": partner.tier,
        "why": partner.why,
        "website": partner.website,
        "handles": dict(partner.handles),
        "topics": list(partner.topics),
        "tag_ok": partner.tag_ok,
        "status": partner.status,
        "notes": dict(partner.notes),
    }


def of_event(event: "Event") -> dict[str, Any]:
    """An event. Times are UTC; `zone` is the one in which people read them."""
    return {
        "slug": event.slug,
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "all_day": event.all_day,
        "cancelled": event.cancelled,
        "location": event.location,
        "url": event.url,
        "description": event.description,
        "hosting": event.hosting.value,
        "partners": list(event.partners),
        "uid": event.uid,
        "recurrence": event.recurrence,
    }


def of_preview(shown: "Preview") -> dict[str, Any]:
    """A preview; `text`, `length` and `fits` are those of the first post, `posts` has them all."""
    posts = [
        {
            "text": post.text,
            "length": post.length,
            "limit": post.limit,
            "fits": post.fits,
            "entities": [of_entity(entity) for entity in post.entities],
        }
        for post in shown.posts
    ]
    return {
        "account": shown.account,
        "network": shown.network,
        "title": shown.title,
        **posts[0],
        "posts": posts,
        "dropped": list(shown.dropped),
        "card": shown.card,
        "images": [{"path": image.path, "alt": image.alt} for image in shown.images],
        "reposts": shown.reposts,
        "cost": shown.cost,
    }


def of_entity(entity: "Entity") -> dict[str, Any]:
    """A link, mention or hashtag: `start`, `end` in code points, the others in bytes of UTF-8."""
    return {
        "type": entity.type,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "byte_start": entity.byte_start,
        "byte_end": entity.byte_end,
    }
