"""Uploads to Reddit's image store, whose address Reddit's answer names and which is not trusted.

The address must be https; it may be on this machine only where Reddit's server is. The store gets
no credentials of ours, and a redirect is not followed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crosspromo.connectors.reddit.errors import UploadError

if TYPE_CHECKING:
    import requests


@dataclass(frozen=True, slots=True)
class ImageStore:
    """Client of the image store, with a new connection for each upload."""

    connect: "Callable[[], requests.Session]"
    timeout: timedelta
    on_loopback: bool

    def put(self, action: str, fields: Mapping[str, str], file: tuple[str, bytes, str]) -> None:
        """Upload a file (its name, its bytes, its media type); UploadError where it is not taken.

        `action` and `fields` are those of Reddit's lease.
        """
        import requests  # noqa: PLC0415 (only where an account on Reddit is used)

        address = self._address(action)
        with self.connect() as session:
            try:
                answer = session.post(
                    address,
                    data=fields,
                    files={"file": file},
                    timeout=self.timeout.total_seconds(),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise UploadError(f"no answer ({type(error).__name__})") from None
        if not 200 <= answer.status_code < 300:
            raise UploadError(f"the answer was {answer.status_code}")

    def _address(self, action: str) -> str:
        """Upload address with its scheme.

        Reddit leaves the scheme out (observed; praw puts https before it).
        """
        nearby = self.on_loopback and is_loopback(urlsplit(action).hostname or "")
        scheme = "http:" if nearby else "https:"
        address = f"{scheme}{action}" if action.startswith("//") else action
        parts = urlsplit(address)
        if not parts.hostname or not (
            parts.scheme == "https" or (nearby and parts.scheme == "http")
        ):
            raise UploadError("Reddit names an address for it that is not https")
        return address


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
