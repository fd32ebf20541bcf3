"""A session with a Bluesky server: kept between runs, renewed early, begun anew when it must be.

Signing in with the password is limited (30 times in five minutes, 300 a day, believed), so it is
what is done last. A new session is stored before it is used.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from atproto import Client, Request, Session, SessionEvent
from atproto.exceptions import (
    BadRequestError,
    InvalidTokenError,
    LoginRequiredError,
    RequestErrorBase,
    UnauthorizedError,
)

from crosspromo.connectors.base import AccountError, AccountSetup, Json
from crosspromo.connectors.bluesky.errors import refuse_redirect, refuses_session
from crosspromo.domain.clock import Clock
from crosspromo.http.httpx_transport import BoundedTransport, proxy_to

PUBLIC_SERVER: Final = "https://bsky.social"
GET_SESSION: Final = "com.atproto.server.getSession"

ENOUGH: Final = timedelta(minutes=10)
"""A token that lasts this long is good for a send. The library renews from 15 minutes on."""

SEPARATOR: Final = ":::"
"""What the library puts between the parts of a session; we go on in the same way."""

LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class BlueskySession:
    """One account's way to its server. Every call raises only `errors.FAILURES`."""

    def __init__(self, setup: AccountSetup, clock: Clock) -> None:
        self._server = setup.server or PUBLIC_SERVER
        self._identifier = setup.credentials["identifier"].removeprefix("@")
        self._password = setup.credentials["password"]
        self._stored = setup.sessions
        self._clock = clock
        self._session: Session | None = None
        self._client = Client(
            base_url=self._server,
            request=Request(
                timeout=setup.timeout.total_seconds(),
                transport=BoundedTransport(proxy=proxy_to(self._server)),
                event_hooks={"response": [refuse_redirect]},
            ),
        )
        self._client.on_session_change(self._keep)

    @property
    def did(self) -> str | None:
        """Whom the server knows us as; None until we have signed in."""
        return None if self._session is None else str(self._session.did)

    def sign_in(self) -> None:
        """Have a session that lasts for a send: ours, the stored one, a renewed or a new one."""
        if self._lasts():
            return
        self._take_up()
        if self._lasts() or self._renew():
            return
        self._client.update_base_url(self._server)  # the old session's host need not be ours still
        self._client.login(self._identifier, self._password, fetch_bsky_profile=False)

    def confirm(self) -> str:
        """The account's handle as its server tells it now, even if it has ended our session."""
        self.sign_in()
        try:
            answer = self.ask(GET_SESSION)
        except RequestErrorBase as error:
            if not refuses_session(error):
                raise
            self.sign_in()
            answer = self.ask(GET_SESSION)
        return str(answer.get("handle", self._identifier))

    def ask(self, method: str, parameters: object = None) -> dict[str, Any]:
        """The answer to one GET."""
        return self._call(self._client.invoke_query, method, parameters)

    def put_new(self, key: Mapping[str, Json]) -> dict[str, Any]:
        """One POST that creates this record unless it is there. InvalidSwap: another one is.

        Raw, since the library's own method drops the null, and without it overwrites.
        """
        return self.put({**key, "swapRecord": None})

    def put(self, body: Mapping[str, Json]) -> dict[str, Any]:
        """One POST that writes this record, if the one in its place is as `swapRecord` says."""
        return self._call(self._client.invoke_procedure, "com.atproto.repo.putRecord", json=body)

    def upload(self, data: bytes, media_type: str) -> dict[str, Json]:
        """Bytes for records to refer to, which posts nothing; the server's name for them."""
        headers = {"content-type": media_type}
        answer = self._call(
            self._client.invoke_procedure,
            "com.atproto.repo.uploadBlob",
            content=data,
            headers=headers,
        )
        blob = answer.get("blob")
        if not isinstance(blob, dict):
            raise ValueError("the server does not name what was uploaded")  # noqa: TRY004 (likewise)
        return blob

    def delete(self, place: Mapping[str, Json]) -> None:
        """One POST that takes a record off. That there is none is no error."""
        self._call(self._client.invoke_procedure, "com.atproto.repo.deleteRecord", json=place)

    def close(self) -> None:
        self._client.request.close()

    def _call(
        self, invoke: Callable[..., Any], *arguments: object, **options: object
    ) -> dict[str, Any]:
        """One request and no more: the library is told not to renew the session on the way."""
        try:
            content = invoke(*arguments, **options, ignore_session_check=True).content
        except RequestErrorBase as error:
            if refuses_session(error):
                self._forget()
            raise
        if not isinstance(content, dict):
            raise ValueError("the answer is not a JSON object")  # noqa: TRY004 (as other bad JSON)
        return content

    def _lasts(self) -> bool:
        if self._session is None:
            return False
        try:
            ends_at = datetime.fromtimestamp(self._session.access_jwt_payload.exp or 0, UTC)
        except (InvalidTokenError, ValueError):
            return False
        return ends_at - self._clock.now() > ENOUGH

    def _take_up(self) -> None:
        """Use the stored session if it is this account's on this server, whatever its age."""
        stored = self._stored.load() or ""
        session = stored.removeprefix(self._prefix)
        if session == stored:
            return
        try:
            Session.decode(session)
        except ValueError:
            return
        self._client.login(session_string=session, fetch_bsky_profile=False)  # no request

    def _renew(self) -> bool:
        """Whether the old session could be renewed, which the library does ahead of a call."""
        if self._session is None:
            return False
        try:
            self._client.invoke_query(GET_SESSION)
        except (BadRequestError, UnauthorizedError, InvalidTokenError, LoginRequiredError):
            return False
        return True

    def _keep(self, event: SessionEvent, session: Session) -> None:
        """Called by the library with each new session, before it is used."""
        host = urlsplit(session.pds_endpoint)
        if host.scheme != "https" and host.hostname not in LOOPBACK:
            raise AccountError(f"the account's server {host.netloc} does not encrypt (https)")
        if event is not SessionEvent.IMPORT:
            self._stored.save(self._prefix + session.export())
        self._session = session

    def _forget(self) -> None:
        self._session = None
        self._stored.save("")

    @property
    def _prefix(self) -> str:
        """Whose session it is. The session itself may name another host: the account's own."""
        return SEPARATOR.join([self._server, self._identifier, ""])
