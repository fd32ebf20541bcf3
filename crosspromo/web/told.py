"""Sentences for the next page, in a cookie that lives for a minute: GET changes nothing with us.

They are signed with the token of the session's cookie, so that nobody else can put words there.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from typing import Final

from starlette.requests import Request

NAME: Final = "told"
SECONDS: Final = 60
MOST_BYTES: Final = 3_800


def header(sentences: Sequence[str], token: str) -> str:
    """Header that sets the cookie; without sentences it takes the cookie away."""
    text = base64.urlsafe_b64encode(
        json.dumps(list(sentences), ensure_ascii=False).encode("utf-8", "replace")
    ).decode()
    if not sentences or len(text) > MOST_BYTES:
        return f"{NAME}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"
    return (
        f"{NAME}={text}.{_signature(text, token)}; Path=/; HttpOnly; SameSite=Lax; "
        f"Max-Age={SECONDS}"
    )


def read(request: Request, token: str) -> tuple[str, ...]:
    """Sentences that the act before left for this page."""
    text, _, signature = request.cookies.get(NAME, "").partition(".")
    if not text or not hmac.compare_digest(
        signature.encode("utf-8", "replace"), _signature(text, token).encode()
    ):
        return ()
    return tuple(str(each) for each in json.loads(base64.urlsafe_b64decode(text)))


def _signature(text: str, token: str) -> str:
    signed = hmac.new(token.encode(), b"told" + text.encode("utf-8", "replace"), hashlib.sha256)
    return signed.hexdigest()
