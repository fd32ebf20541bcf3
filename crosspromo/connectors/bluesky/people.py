"""DIDs of people, found by the handles in mentions and in addresses of posts."""

from collections.abc import Iterable, Mapping

from atproto import models
from atproto.exceptions import BadRequestError

from crosspromo.connectors.bluesky.errors import refuses_session
from crosspromo.connectors.bluesky.session import BlueskySession


class People:
    """Cache of DIDs by handle, kept while the process runs."""

    def __init__(self, session: BlueskySession) -> None:
        self._session = session
        self._dids: dict[str, str] = {}

    @property
    def dids(self) -> Mapping[str, str]:
        """DIDs of the resolved handles, by handle in small letters."""
        return self._dids

    def resolve(self, handles: Iterable[str]) -> None:
        """Look up the DIDs of these handles. Raises `errors.FAILURES`.

        An unknown handle is requested again the next time: a partner may have the handle by then.
        """
        for handle in handles:
            self.did_of(handle)

    def did_of(self, handle: str) -> str | None:
        """The handle's DID; None where the server knows nobody of that name."""
        name = handle.lower()
        if name.startswith("did:"):
            return handle
        if name not in self._dids and (did := self._ask(name)) is not None:
            self._dids[name] = did
        return self._dids.get(name)

    def _ask(self, handle: str) -> str | None:
        wanted = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
        try:
            did = self._session.ask("com.atproto.identity.resolveHandle", wanted).get("did")
        except BadRequestError as error:
            if refuses_session(error):
                raise
            return None
        return did if isinstance(did, str) else None
