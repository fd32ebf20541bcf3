"""Guard: cookies, tokens of forms, origins, and reverse proxies.

A form carries a token that is derived from the cookie: a page of another origin knows neither. The
cookie changes when somebody signs in, so that one planted before is worth nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import Request

from crosspromo.services.sign_in import SESSION_LASTS, Place
from crosspromo.services.tokens import new_token
from crosspromo.settings import Serve
from crosspromo.web.routes import Theme

FORM_TOKEN: Final = "form-token"  # noqa: S105 (the name of a field)
"""Name of the hidden field with the token of a form."""

LONGEST_TOKEN: Final = 100


@dataclass(frozen=True, slots=True)
class Cookie:
    """Cookie of the console, which a browser sends to this host alone.

    Under https its name begins with `__Host-`, so that no other host of the domain can set it.
    """

    is_secure: bool

    @classmethod
    def of(cls, serve: Serve) -> "Cookie":
        """Cookie for the address of the settings."""
        return cls((serve.public_url or "").startswith("https:"))

    @property
    def name(self) -> str:
        """Name of the cookie."""
        return "__Host-crosspromo" if self.is_secure else "crosspromo"

    def read(self, request: Request) -> str | None:
        """Session token in the request's cookie; None without a cookie or for a malformed one."""
        token = request.cookies.get(self.name)
        fits = token is not None and token.isascii() and 0 < len(token) <= LONGEST_TOKEN
        return token if fits else None

    def header(self, token: str) -> str:
        """Header that sets the cookie; an empty token takes it away."""
        seconds = int(SESSION_LASTS.total_seconds()) if token else 0
        secure = "; Secure" if self.is_secure else ""
        return f"{self.name}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}"


THEME: Final = "theme"
"""Name of the cookie with the theme."""


def theme_header(theme: Theme) -> str:
    """Header that keeps the theme in this browser for a year."""
    return f"{THEME}={theme.value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"


def theme_of(request: Request) -> Theme:
    """Theme of this browser; that of its system where none was chosen."""
    chosen = request.cookies.get(THEME, "")
    return Theme(chosen) if chosen in set(Theme) else Theme.SYSTEM


def visitors_token() -> str:
    """Token for a visitor without a session, to whom a form is shown."""
    return new_token()


def form_token(token: str) -> str:
    """Token of forms under this cookie."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def is_form_token(given: str, token: str) -> bool:
    """Whether a form carries the token of this cookie."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), form_token(token).encode())


def is_from_here(request: Request, serve: Serve) -> bool:
    """Whether a browser says that the form was on a page of ours.

    Programs that are no browsers say nothing; they have no cookie of anybody else either.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("origin")
    if origin is None:
        return True
    ours = {request.headers.get("host"), urlsplit(serve.public_url or "").netloc or None}
    return (urlsplit(origin).netloc or None) in ours - {None}


def may_come_from_here(request: Request, serve: Serve) -> bool:
    """Whether no browser says that the form of a link was on a page of somebody else.

    A page that sends no referrer has the origin "null" in its forms. Who knows the address of the
    link has the secret, so that the token of a form would prove nothing more.
    """
    if request.headers.get("sec-fetch-site") is None and request.headers.get("origin") == "null":
        return True
    return is_from_here(request, serve)


def place_of(request: Request, serve: Serve) -> Place:
    """Address of the client and name of the browser; behind a proxy, what the proxy says."""
    address = _peer(request)
    if address in serve.proxies:
        forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
        address = forwarded[:LONGEST_TOKEN] or address
    return Place(address, request.headers.get("user-agent", ""))


def console_at(request: Request, serve: Serve) -> str:
    """Address of the console for links: `public_url`, else where this request came in.

    It is that of the socket; what a request says of its host is not believed.
    """
    if serve.public_url is not None:
        return serve.public_url
    host, port = request.scope["server"]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def named_by_proxy(request: Request, serve: Serve) -> str | None:
    """Name whom a reverse proxy has signed in; None from any address but those of `proxies`."""
    if serve.user_header is None or _peer(request) not in serve.proxies:
        return None
    given = request.headers.getlist(serve.user_header)
    return given[0].strip() or None if len(given) == 1 else None


def local_path(text: str) -> str:
    """Path within the console; `/` for any text that could lead to another host."""
    parts = urlsplit(text) if text.isprintable() and "\\" not in text else None
    if parts is None or parts.scheme or parts.netloc or not text.startswith("/"):
        return "/"
    if text.startswith("//"):
        return "/"
    query = f"?{quote(parts.query, safe='=&%+,:;@/-._~')}" if parts.query else ""
    return f"{quote(parts.path, safe='/%:@-._~')}{query}"


def _peer(request: Request) -> str:
    return request.client.host if request.client is not None else ""
