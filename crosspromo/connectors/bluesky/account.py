"""One account on Bluesky. Imports atproto, so it is itself imported only when one is used."""

from datetime import datetime
from typing import Final

from atproto import models
from atproto.exceptions import BadRequestError

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    Content,
    Found,
    Json,
    LookUp,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.connectors.bluesky.errors import (
    FAILURES,
    name_of,
    obstacle_of,
    outcome_of,
    refuses_session,
)
from crosspromo.connectors.bluesky.records import POST, TidSequence, mentions, post
from crosspromo.connectors.bluesky.session import BlueskySession
from crosspromo.connectors.threads import incomplete_thread
from crosspromo.domain.clock import Clock, SystemClock

Put = dict[str, Json]
"""The body of one putRecord."""

KEYS: Final = TidSequence()
"""One for the process: all its keys differ, whichever account they are for."""


class BlueskyAccount:
    """See `Connector`. DIDs of the people we mention are kept while the process runs."""

    def __init__(self, setup: AccountSetup, clock: Clock | None = None) -> None:
        self._name = setup.name
        self._clock = clock or SystemClock()
        self._session = BlueskySession(setup, self._clock)
        self._dids: dict[str, str] = {}

    def ready(self, content: Content) -> NotSent | Rejected | None:
        if content.images:
            return Rejected("this connector cannot post images yet", "images")
        try:
            self._session.sign_in()
            self._resolve(content)
        except FAILURES as error:
            return obstacle_of(error, self._clock.now())
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        did = self._session.did
        if did is None:
            raise RuntimeError("prepare comes after ready")
        puts: list[Json] = [
            {"rkey": KEYS.next(now), "record": post(text, self._dids, now)}
            for text in content.posts
        ]
        return Prepared(_first_key(puts), {"repo": did, "collection": POST, "puts": puts})

    def send(self, prepared: Prepared) -> Outcome:
        if self._session.did is None:
            return NotSent("not signed in")
        if prepared.payload["repo"] != self._session.did:
            return Rejected("this was prepared for another account than we have now")
        puts = _puts(prepared)
        root: Json = None
        parent: Json = None
        for number, put in enumerate(puts, 1):
            outcome = self._put(put if root is None else _reply(put, root, parent))
            if not isinstance(outcome, dict):
                return outcome if root is None else incomplete_thread(number, len(puts), outcome)
            parent = outcome
            root = root or parent
        return Sent(_receipt(prepared))

    def _put(self, put: Put) -> dict[str, Json] | Outcome:
        """One record; the reference to it that replies need, or what went wrong."""
        try:
            answer = self._session.put_new(put)
        except FAILURES as error:
            return outcome_of(error, self._clock.now())
        if answer.get("uri") != _uri(put):
            return Unknown("the server does not say that it stored this post")
        return {"uri": answer["uri"], "cid": answer.get("cid")}

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        puts = _puts(prepared)
        answer = self._look_up(prepared, puts[0])
        for number, put in enumerate(puts[1:], 2):
            if not isinstance(answer, Found):
                return answer
            if not isinstance(self._look_up(prepared, put), Found):
                return Unclear(f"part {number} of {len(puts)} of the thread is not there")
        return answer

    def _look_up(self, prepared: Prepared, put: Put) -> LookUp:
        wanted = models.ComAtprotoRepoGetRecord.Params(
            repo=put["repo"], collection=put["collection"], rkey=put["rkey"]
        )
        try:
            self._session.sign_in()
            answer = self._session.ask("com.atproto.repo.getRecord", wanted)
        except FAILURES as error:
            if name_of(error) == "RecordNotFound":
                return Absent()
            return Unclear(obstacle_of(error, self._clock.now()).reason)
        return _compare(prepared, put, answer.get("value"))

    def verify(self) -> str:
        try:
            return self._session.confirm()
        except FAILURES as error:
            reason = obstacle_of(error, self._clock.now()).reason
            # None: the library's own words may hold tokens.
            raise AccountError(f"{self._name}: {reason}") from None

    def close(self) -> None:
        self._session.close()

    def _resolve(self, content: Content) -> None:
        """Learn the DIDs of those mentioned. Who is not known stays plain text; asked again later,
        for a partner may have the handle by then.
        """
        for handle in (handle for text in content.posts for handle in mentions(text)):
            if handle not in self._dids and (did := self._did_of(handle)) is not None:
                self._dids[handle] = did

    def _did_of(self, handle: str) -> str | None:
        wanted = models.ComAtprotoIdentityResolveHandle.Params(handle=handle)
        try:
            did = self._session.ask("com.atproto.identity.resolveHandle", wanted).get("did")
        except BadRequestError as error:
            if refuses_session(error):
                raise
            return None
        return did if isinstance(did, str) else None


def _puts(prepared: Prepared) -> list[Put]:
    """The writes of a send, the root of a thread first."""
    puts = prepared.payload["puts"]
    assert isinstance(puts, list)
    place = {name: prepared.payload[name] for name in ("repo", "collection")}
    return [{**place, **put} for put in puts if isinstance(put, dict)]


def _first_key(puts: list[Json]) -> str:
    first = puts[0]
    assert isinstance(first, dict)
    return str(first["rkey"])


def _reply(put: Put, root: Json, parent: Json) -> Put:
    """The write of a later part: the same each time, since the parts before it are."""
    record = put["record"]
    assert isinstance(record, dict)
    return {**put, "record": {**record, "reply": {"root": root, "parent": parent}}}


def _uri(put: Put) -> str:
    return f"at://{put['repo']}/{put['collection']}/{put['rkey']}"


def _receipt(prepared: Prepared, published_at: datetime | None = None) -> Receipt:
    """The address names the account by its DID: it outlives a change of handle."""
    repo = prepared.payload["repo"]
    url = f"https://bsky.app/profile/{repo}/post/{prepared.token}"
    return Receipt(_uri(_puts(prepared)[0]), url, published_at)


def _compare(prepared: Prepared, put: Put, found: object) -> LookUp:
    """Ours if text and time are: a label or a gate may have been added to it since."""
    ours = put["record"]
    assert isinstance(ours, dict)
    if not isinstance(found, dict):
        return Unclear("the server showed no record")
    created_at = ours["createdAt"]
    if (found.get("text"), found.get("createdAt")) != (ours["text"], created_at):
        return Unclear("another record stands under this key")
    return Found(_receipt(prepared, datetime.fromisoformat(str(created_at))))
