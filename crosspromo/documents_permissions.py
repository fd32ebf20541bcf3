"""JSON documents of permissions and of consents on images: their keys are a contract."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crosspromo.domain.deliveries import Delivery
    from crosspromo.domain.permissions import Permission
    from crosspromo.domain.photos import PhotoConsent
    from crosspromo.services.permissions import Withdrawn
    from crosspromo.services.photo_consents import Answered
    from crosspromo.services.withdrawals import Consequences


def of_permission(permission: "Permission") -> dict[str, Any]:
    """A permission as JSON; `networks` empty: all; `until` null: without end."""
    return {
        "number": permission.number,
        "partner": permission.partner,
        "scope": permission.scope.value,
        "networks": list(permission.networks),
        "agreed_by": permission.agreed_by,
        "agreed_on": permission.agreed_on,
        "until": permission.until,
        "evidence": permission.evidence,
        "recorded_at": permission.recorded_at,
        "recorded_by": permission.recorded_by,
        "withdrawn_at": permission.withdrawn_at,
        "withdrawn_by": permission.withdrawn_by,
        "withdrawn_why": permission.withdrawn_why,
    }


def of_withdrawn(withdrawn: "Withdrawn") -> dict[str, Any]:
    """A withdrawn permission as JSON, with what became of the deliveries that went by it."""
    return {
        "permission": of_permission(withdrawn.permission),
        **_of_consequences(withdrawn.consequences),
    }


def of_photo_consent(consent: "PhotoConsent") -> dict[str, Any]:
    """An answer of a person on an image as JSON."""
    return {
        "number": consent.number,
        "image": consent.image,
        "hash": consent.hash,
        "person": consent.person,
        "minor": consent.minor,
        "consent": consent.consent,
        "networks": list(consent.networks),
        "given_by": consent.given_by,
        "until": consent.until,
        "evidence": consent.evidence,
        "recorded_at": consent.recorded_at,
        "recorded_by": consent.recorded_by,
        "withdrawn_at": consent.withdrawn_at,
        "withdrawn_by": consent.withdrawn_by,
        "withdrawn_why": consent.withdrawn_why,
    }


def of_answered(answered: "Answered") -> dict[str, Any]:
    """A recorded or withdrawn answer as JSON, with what became of the deliveries."""
    return {
        "photo_consent": of_photo_consent(answered.consent),
        **_of_consequences(answered.consequences),
    }


def _of_consequences(consequences: "Consequences") -> dict[str, Any]:
    return {
        "drafts": list(consequences.drafts),
        "in_flight": [_of_place(each) for each in consequences.in_flight],
        "stands": [_of_place(each) for each in consequences.stands],
    }


def _of_place(delivery: "Delivery") -> dict[str, Any]:
    """Where a delivery is or may be: its account, and its address if the network gave one."""
    return {
        "id": delivery.id,
        "account": delivery.account,
        "state": delivery.state.value,
        "url": delivery.url,
    }
