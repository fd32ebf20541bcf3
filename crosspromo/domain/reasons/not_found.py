"""Reasons for unknown names. Nothing was written then.

Deliveries are named by id, partners and events by slug, accounts by name. Moments are aware, in
UTC.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class NoSuchDelivery(NamedTuple):
    """Unknown delivery id."""

    delivery: int


class NoSuchPost(NamedTuple):
    """Unknown post id."""

    post: int


class NoSuchPartner(NamedTuple):
    """Unknown partner slug; `near` are the most similar slugs."""

    partner: str
    near: tuple[str, ...] = ()


class NoSuchTopic(NamedTuple):
    """Topic that no partner has."""

    topic: str


class NoSuchEvent(NamedTuple):
    """Unknown event slug."""

    event: str


class NoSuchCampaign(NamedTuple):
    """Unknown campaign slug; `known` are the slugs of campaigns."""

    campaign: str
    known: tuple[str, ...] = ()


class NoSuchLadder(NamedTuple):
    """Unknown name of a ladder; `known` are the names of ladders."""

    ladder: str
    known: tuple[str, ...]


class NoSuchImport(NamedTuple):
    """Unknown number of an import of partners; None: no import can be undone."""

    number: int | None


class NoSuchEntry(NamedTuple):
    """Unknown number of an entry in the diary of a partner."""

    number: int


class NoSuchPartnerPerson(NamedTuple):
    """Unknown number of a person at a partner."""

    number: int


class NoSuchIntroduction(NamedTuple):
    """Unknown number of an introduction."""

    number: int


class NoSuchAccount(NamedTuple):
    """Account name missing from crosspromo.toml; `known` are the names there."""

    account: str
    known: tuple[str, ...] = ()


class NoWorkspace(NamedTuple):
    """Folder without crosspromo.toml; None: the current folder and all folders above it lack the
    file.
    """

    folder: str | None = None


class NoSuchDraft(NamedTuple):
    """Unknown draft of the console, or another person's."""

    token: str


class NoSuchPermission(NamedTuple):
    """Unknown number of a permission."""

    number: int


class NoSuchPhotoConsent(NamedTuple):
    """Unknown number of a consent on an image."""

    number: int


NotFound = (
    NoSuchDelivery
    | NoSuchPost
    | NoSuchPartner
    | NoSuchTopic
    | NoSuchEvent
    | NoSuchCampaign
    | NoSuchLadder
    | NoSuchImport
    | NoSuchEntry
    | NoSuchPartnerPerson
    | NoSuchIntroduction
    | NoSuchAccount
    | NoWorkspace
    | NoSuchDraft
    | NoSuchPermission
    | NoSuchPhotoConsent
)

CODES: Mapping[type, str] = MappingProxyType(
    {
        NoSuchDelivery: "no-such-delivery",
        NoSuchPost: "no-such-post",
        NoSuchPartner: "no-such-partner",
        NoSuchTopic: "no-such-topic",
        NoSuchEvent: "no-such-event",
        NoSuchCampaign: "no-such-campaign",
        NoSuchLadder: "no-such-ladder",
        NoSuchImport: "no-such-import",
        NoSuchEntry: "no-such-entry",
        NoSuchPartnerPerson: "no-such-partner-person",
        NoSuchIntroduction: "no-such-introduction",
        NoSuchAccount: "no-such-account",
        NoWorkspace: "no-workspace",
        NoSuchDraft: "no-such-draft",
        NoSuchPermission: "no-such-permission",
        NoSuchPhotoConsent: "no-such-photo-consent",
    }
)
