"""Session with a Bluesky server: kept between runs, renewed early, and replaced when it has ended.

Signing in with the password is limited (30 times in five minutes, 300 a day, believed), so it is
the last resort. A new session is stored before its first use.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import httpx
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
from crosspromo.connectors.network_clock import NetworkClock
from crosspromo.domain.clock import Clock
from crosspromo.http.httpx_transport import BoundedTransport, proxy_to

PUBLIC_SERVER: Final = "https://bsky.social"
GET_SESSION: Final = "com.atproto.server.getSession"

LEAST_LIFETIME: Final = timedelta(minutes=10)
"""Least lifetime of a token for a send. The library renews from 15 minutes on."""

SEPARATOR: Final = ":::"
"""Separator of the parts of a session, taken over from the library."""

LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class BlueskySession:
    """Session of one account with its server. Every call raises only `errors.FAILURES`."""

    def __init__(self, setup: AccountSetup, clock: Clock) -> None:
        self._server = setup.server or PUBLIC_SERVER
        self._identifier = setup.credentials["identifier"].removeprefix("@")
        self._password = setup.credentials["password"]
        self._stored = setup.sessions
        self.network_clock = NetworkClock(clock)
        self._session: Session | None = None
        self._client = Client(
            base_url=self._server,
            request=Request(
                timeout=setup.timeout.total_seconds(),
                transport=BoundedTransport(proxy=proxy_to(self._server)),
                event_hooks={"response": [self._learn_time, refuse_redirect]},
            ),
        )
        self._client.on_session_change(self._keep)

    @property
    def did(self) -> str | None:
        """The account's DID; None before the first sign-in."""
        return None if self._session is None else str(self._session.did)

    def sign_in(self) -> None:
        """Ensure a session that lasts for a send: current, stored, renewed or new."""
        if self._is_valid():
            return
        self._use_stored()
        if self._is_valid() or self._renew():
            return
        self._client.update_base_url(self._server)  # the old session may name another host
        self._client.login(self._identifier, self._password, fetch_bsky_profile=False)

    def confirm(self) -> str:
        """The account's current handle at its server, even if the server ended our session."""
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
        """Answer to one GET."""
        return self._call(self._client.invoke_query, method, parameters)

    def put_new(self, key: Mapping[str, Json]) -> dict[str, Any]:
        """Create a record with one POST, unless it exists. InvalidSwap: another record has its key.

        The request is raw: the library's own method drops the null, and without it overwrites.
        """
        return self.put({**key, "swapRecord": None})

    def put(self, body: Mapping[str, Json]) -> dict[str, Any]:
        """Write a record with one POST, if `swapRecord` names the present record."""
        return self._call(self._client.invoke_procedure, "com.atproto.repo.putRecord", json=body)

    def upload(self, data: bytes, media_type: str) -> dict[str, Json]:
        """Upload bytes for use in records, which posts nothing; the blob that the server made."""
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
        """Delete a record with one POST. A missing record is no error."""
        self._call(self._client.invoke_procedure, "com.atproto.repo.deleteRecord", json=place)

    def close(self) -> None:
        self._client.request.close()

    def _call(
        self, invoke: Callable[..., Any], *arguments: object, **options: object
    ) -> dict[str, Any]:
        """Send a single request: the library is told not to renew the session on the way."""
        try:
            content = invoke(*arguments, **options, ignore_session_check=True).content
        except RequestErrorBase as error:
            if refuses_session(error):
                self._forget()
            raise
        if not isinstance(content, dict):
            raise ValueError("the answer is not a JSON object")  # noqa: TRY004 (as other bad JSON)
        return content

    def _learn_time(self, response: httpx.Response) -> None:
        self.network_clock.learn(response.headers)

    def _is_valid(self) -> bool:
        if self._session is None:
            return False
        try:
            ends_at = datetime.fromtimestamp(self._session.access_jwt_payload.exp or 0, UTC)
        except (InvalidTokenError, ValueError, OverflowError, OSError):
            return False  # no date
        return ends_at - self.network_clock.now() > LEAST_LIFETIME

    def _use_stored(self) -> None:
        """Use the stored session of this account on this server, whatever its age."""
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
        """Whether the old session could be renewed; the library does so ahead of a call."""
        if self._session is None:
            return False
        try:
            self._client.invoke_query(GET_SESSION)
        except (BadRequestError, UnauthorizedError, InvalidTokenError, LoginRequiredError):
            return False
        return True

    def _keep(self, event: SessionEvent, session: Session) -> None:
        """Store each new session before its first use. The library calls this method."""
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
        """Server and account of a stored session, written before it.

        The session itself may name another host: the account's own.
        """
        return SEPARATOR.join([self._server, self._identifier, ""])
