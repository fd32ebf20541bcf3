"""Payloads of Reddit: self posts and crossposts."""

from msgspec import Struct

from crosspromo.connectors.base import Prepared, read_payload


class SelfPostPayload(Struct, frozen=True, omit_defaults=True):
    """Text post. With images, `images` are their names on Reddit and `rich_text` replaces `text`.

    Without images both are None; `rich_text` is empty until Reddit has converted the text.
    """

    subreddit: str
    title: str
    text: str
    images: list[str] | None = None
    rich_text: str | None = None

    @property
    def is_gathered(self) -> bool:
        """Whether the payload has all values that Reddit must give before the send."""
        return self.rich_text != ""


class CrosspostPayload(Struct, frozen=True):
    """Crosspost: `crosspost_of` is the fullname of the original, empty until it is known."""

    subreddit: str
    title: str
    crosspost_of: str

    @property
    def is_gathered(self) -> bool:
        """Whether the original is known."""
        return self.crosspost_of != ""


def payload_of(prepared: Prepared) -> SelfPostPayload | CrosspostPayload:
    """Payload of a prepared send; PayloadError where it cannot be read."""
    if "crosspost_of" in prepared.payload:
        return read_payload(prepared.payload, CrosspostPayload)
    return read_payload(prepared.payload, SelfPostPayload)
