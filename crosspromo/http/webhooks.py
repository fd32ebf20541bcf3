"""Webhook client: one POST of JSON to an address of the administrator's own choice."""

import hashlib
import hmac
import json
from typing import Any, Final
from urllib.parse import urlsplit

import httpx

from crosspromo.domain.errors import CrosspromoError
from crosspromo.http.httpx_transport import BoundedTransport, proxy_to

PATIENCE: Final = 20.0
"""Seconds for one call, from the connection to the end of the answer."""

LONGEST_ANSWER: Final = 200
"""Bytes of an answer that an error repeats; no more of it is read."""

SIGNATURE_HEADER: Final = "X-Crosspromo-Signature"
"""Header with `sha256=` and the HMAC-SHA256 of the body, in hexadecimal."""


class WebhookError(CrosspromoError):
    """Call that the webhook did not take; the text does not hold the address."""

    kind = "webhook"


def post_json(
    address: str, document: Any, *, secret: str | None = None, patience: float = PATIENCE
) -> None:
    """Post a JSON document; any answer but 2xx is a WebhookError. Redirects are not followed."""
    body = json.dumps(document, ensure_ascii=False).encode()
    headers = {"content-type": "application/json", "user-agent": "crosspromo"}
    if secret is not None:
        headers[SIGNATURE_HEADER] = signature(body, secret)
    try:
        with (
            httpx.Client(
                transport=BoundedTransport(proxy=proxy_to(address)),
                trust_env=False,
                follow_redirects=False,
            ) as client,
            client.stream(
                "POST", address, content=body, headers=headers, timeout=patience
            ) as response,
        ):
            said = "" if response.is_success else _beginning(response)
    except httpx.TimeoutException:
        raise WebhookError(f"{_host(address)} gave no answer in {patience:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        words = str(error) or type(error).__name__
        raise WebhookError(f"{_host(address)} cannot be reached: {words}") from None
    if not response.is_success:
        raise WebhookError(f"{_host(address)} answered {response.status_code} {said}".strip())


def signature(body: bytes, secret: str) -> str:
    """Value of SIGNATURE_HEADER for this body."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"


def _beginning(response: httpx.Response) -> str:
    """First LONGEST_ANSWER bytes of the body as a text on one line."""
    for piece in response.iter_raw(LONGEST_ANSWER):
        return " ".join(piece[:LONGEST_ANSWER].decode("utf-8", "replace").split())
    return ""


def _host(address: str) -> str:
    """Host of the address: the rest of it may be a secret."""
    try:
        return urlsplit(address).hostname or "the webhook"
    except ValueError:
        return "the webhook"
