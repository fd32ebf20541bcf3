"""Posting by hand: a person copies the text into the network's own form.

The gate checks these deliveries like all others. At the send, the delivery is handed to a person.
From that moment the post may be on the network, so the delivery is *unknown* and counts as sent,
until `queue mark-posted` confirms the post or `queue resolve --not-posted` denies it.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from msgspec import Struct

from crosspromo.connectors.base import (
    AccountSetup,
    Capabilities,
    Content,
    ImageLimits,
    LookUp,
    Network,
    NotSent,
    Outcome,
    Prepared,
    Rejected,
    Unclear,
    Unknown,
    read_payload,
    write_payload,
)
from crosspromo.text import rules

LONGEST_LINK = 2_000
"""Some browsers cut off longer addresses; a person then copies the text."""


def _markdown(content: Content) -> str:
    return rules.REDDIT.sent(content.text, content.known_addresses, plain=content.plain)


NETWORK_FORMS: dict[str, Callable[[Content, AccountSetup], str]] = {
    "x": lambda content, _: f"https://x.com/intent/post?text={quote(content.text, safe='')}",
    "bluesky": lambda content, _: (
        f"https://bsky.app/intent/compose?text={quote(content.text, safe='')}"
    ),
    "reddit": lambda content, setup: (
        f"https://www.reddit.com/r/{quote(setup.options.get('subreddit', ''))}/submit"
        f"?title={quote(content.title or '', safe='')}&text={quote(_markdown(content), safe='')}"
    ),
    "linkedin": lambda content, _: (
        f"https://www.linkedin.com/feed/?shareActive=true&text={quote(content.text, safe='')}"
    ),
}
"""Addresses of the networks' own forms, filled in (documented share links)."""


class HandPayload(Struct, frozen=True):
    """Payload of a post for a person: the address of the `form` and the act to perform.

    `form` is None where there is no form. `act` is post, quote or repost.
    """

    form: str | None = None
    act: str = "post"


class Manual:
    """Account whose posts are made by a person."""

    def __init__(self, setup: AccountSetup) -> None:
        self._setup = setup

    def ready(self, content: Content) -> NotSent | Rejected | None:
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        token = content.fingerprint(self._setup.name)
        what = "post" if content.reposts is None else "quote" if content.text else "repost"
        return Prepared(token, write_payload(HandPayload(self.form(content), what)))

    def form(self, content: Content) -> str | None:
        """Link to the network's form with the text filled in; None where the network has no form.

        For a native reshare the link is the post to share: its page has the button. None also where
        the link would be longer than LONGEST_LINK.
        """
        if content.reposts is not None:
            return content.reposts
        make = NETWORK_FORMS.get(self._setup.imitates or "")
        address = None if make is None else make(content, self._setup)
        return address if address is not None and len(address) <= LONGEST_LINK else None

    def send(self, prepared: Prepared) -> Outcome:
        payload = read_payload(prepared.payload, HandPayload)
        copy = "copy the text of the delivery"
        where = f"open {payload.form}" if payload.form else copy
        if payload.act == "quote":
            where = f"{copy}, and {where}"
        return Unknown(
            f"waits for a person to {payload.act} it: {where}",
            needs_person=True,
        )

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        return Unclear("a post made by hand cannot be looked up")

    def verify(self) -> str:
        return "posted by hand"

    def close(self) -> None:
        """Nothing: no connection is open."""


NETWORK = Network(
    name="manual",
    capabilities=Capabilities(
        text=rules.BLUESKY, by_hand=True, ready_at_once=True, local=True, images=ImageLimits(most=4)
    ),
    connect=Manual,
    options=("subreddit",),
    imitates=True,
)
