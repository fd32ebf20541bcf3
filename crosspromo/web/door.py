"""Door: a one-time link that gives a browser a session which was begun elsewhere.

The demo prints one, so that nobody has to choose a password to look around. The session exists
already, and the first browser that opens the link gets its cookie; any other has to sign in.
"""

from hmac import compare_digest
from threading import Lock

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from crosspromo.services.tokens import new_token
from crosspromo.web.guard import Cookie
from crosspromo.web.headers import SecurityHeaders


class Door:
    """Door for the session with this token."""

    def __init__(self, session: str, cookie: Cookie) -> None:
        self.path = f"/enter/{new_token()}"
        self._cookie = cookie
        self._lock = Lock()
        self._session: str | None = session

    def before(self, app: ASGIApp) -> ASGIApp:
        """The application, with the door in front of it."""

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http" or not compare_digest(
                scope["path"].encode(), self.path.encode()
            ):
                await app(scope, receive, send)
                return
            session = self._used() if scope["method"] == "GET" else None
            if session is None:  # the page of this address says that the link is over
                await app(scope, receive, send)
                return
            response = RedirectResponse("/", 303)
            response.headers.append("Set-Cookie", self._cookie.header(session))
            await SecurityHeaders(response)(scope, receive, send)

        return answer

    def _used(self) -> str | None:
        """The session, once; None ever after."""
        with self._lock:
            session, self._session = self._session, None
        return session
