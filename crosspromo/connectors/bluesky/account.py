"""Bluesky account. The module imports atproto, so it is imported only for an account in use."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final

from atproto import models

from crosspromo.connectors.base import (
    Absent,
    AccountError,
    AccountSetup,
    ConfigError,
    Content,
    HeardPage,
    LookUp,
    Measured,
    NotRead,
    NotRemoved,
    NotSent,
    Outcome,
    Prepared,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
    write_payload,
)
from crosspromo.connectors.bluesky import (
    embeds,
    figures,
    label,
    mentions,
    records,
    removal,
    search,
    writes,
)
from crosspromo.connectors.bluesky.addresses import POST, REPOST, record_at
from crosspromo.connectors.bluesky.attachments import Attachments
from crosspromo.connectors.bluesky.errors import (
    BLOB_NOT_FOUND,
    FAILURES,
    name_of,
    obstacle_of,
    outcome_of,
    refusal_of,
)
from crosspromo.connectors.bluesky.payloads import (
    KeyedRecord,
    Reference,
    WritesPayload,
    payload_of,
)
from crosspromo.connectors.bluesky.people import People
from crosspromo.connectors.bluesky.session import BlueskySession
from crosspromo.connectors.bluesky.shared_posts import SharedPost, SharedPosts
from crosspromo.connectors.cards import Cards
from crosspromo.connectors.threads import send_parts
from crosspromo.domain.clock import Clock, SystemClock
from crosspromo.http.pages import Pages, anywhere

KEYS: Final = records.TidSequence()
"""Record keys of the whole process: all differ, whichever account they are for."""


class BlueskyAccount:
    """Account on Bluesky. See `Connector`. ConfigError where an option has an unknown value."""

    def __init__(self, setup: AccountSetup, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._session = BlueskySession(setup, self._clock)
        self._people = People(self._session)
        self._shared_posts = SharedPosts(self._session, self._people)
        self._labels = _chosen(setup, "bot_label", ("off", "on")) == "on"
        cards = _cards(setup, self._clock)
        self._attachments = Attachments(
            self._session, self._shared_posts, setup.workspace, cards, self._clock
        )

    @property
    def clock_offset(self) -> timedelta | None:
        """Time that the server's clock is ahead of ours; None before the first answer."""
        return self._session.network_clock.offset

    @property
    def identity(self) -> str | None:
        """The account's DID; None before the first sign-in."""
        return self._session.did

    def ready(self, content: Content) -> NotSent | Rejected | None:
        try:
            self._session.sign_in()
        except FAILURES as error:
            return obstacle_of(error, self._clock.now())
        try:
            self._people.resolve(who for text in content.posts for who in records.mentions(text))
            return self._attachments.gather(content)
        except FAILURES as error:
            return refusal_of(error, self._clock.now())

    def prepare(self, content: Content, now: datetime) -> Prepared:
        did = self._session.did
        if did is None:
            raise RuntimeError("prepare comes after ready")
        shared, embed = self._attachments.gathered(content)
        if shared is not None and not content.text:
            made, collection = [records.repost(shared.reference, now)], REPOST
        else:
            known, dids = content.known_addresses, self._people.dids
            made = [records.post(text, dids, now, known) for text in content.posts]
            collection = POST
            if shared is not None:
                embed = embeds.quote(shared.reference, embed)
            if embed is not None:
                made[0]["embed"] = embed
        puts = [KeyedRecord(KEYS.next(now), record) for record in made]
        return Prepared(puts[0].rkey, write_payload(WritesPayload(did, collection, puts)))

    def send(self, prepared: Prepared) -> Outcome:
        if self._session.did is None:
            return NotSent("not signed in")
        payload = payload_of(prepared)
        if payload.repo != self._session.did:
            return Rejected("this was prepared for another account than we have now")
        outcome = send_parts(len(payload.puts), (), lambda before: self._put(payload, before))
        return Sent(writes.receipt(payload)) if isinstance(outcome, list) else outcome

    def _put(
        self, payload: WritesPayload, before: Sequence[Reference]
    ) -> Reference | NotSent | Rejected | Unknown:
        """Put the next record of a thread; the reference for its replies, or the failure."""
        put = payload.puts[len(before)]
        body = payload.as_reply(put, before[0], before[-1]) if before else payload.body_of(put)
        try:
            answer = self._session.put_new(body)
        except FAILURES as error:
            if name_of(error) == BLOB_NOT_FOUND:
                self._attachments.forget_uploads()
            return outcome_of(error, self._clock.now())
        if answer.get("uri") != payload.place_of(put).uri:
            return Unknown("the server does not say that it stored this post")
        return {"uri": answer["uri"], "cid": answer.get("cid")}

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        answers: list[LookUp] = []
        payload = payload_of(prepared)
        for put in payload.puts:
            answers.append(self._look_up(payload, put))
            if isinstance(answers[-1], Unclear):
                break
        return writes.thread_look_up(answers)

    def _look_up(self, payload: WritesPayload, put: KeyedRecord) -> LookUp:
        wanted = models.ComAtprotoRepoGetRecord.Params(**payload.place_of(put)._asdict())
        try:
            self._session.sign_in()
            answer = self._session.ask("com.atproto.repo.getRecord", wanted)
        except FAILURES as error:
            if name_of(error) == "RecordNotFound":
                return Absent()
            return Unclear(obstacle_of(error, self._clock.now()).reason)
        return writes.compare(payload, put, answer.get("value"))

    def find(self, content: Content, since: datetime, known: Collection[str] = ()) -> LookUp:
        """Look-up in the own repository by the texts as stored, or by the reposted post."""
        try:
            self._session.sign_in()
            return search.find(self._session, self._people, content, since, known)
        except FAILURES as error:
            return Unclear(obstacle_of(error, self._clock.now()).reason)

    def images_without_alt(self, address: str) -> int | None:
        """Number of images without alt text of a post that is to be shared. See `SeesShared`."""
        try:
            self._session.sign_in()
            shared = self._shared_posts.find(address)
        except FAILURES:
            return None
        return shared.undescribed if isinstance(shared, SharedPost) else None

    def measure(self, remote_ids: Sequence[str]) -> Measured | NotRead:
        try:
            self._session.sign_in()
            return figures.measure(self._session, remote_ids)
        except FAILURES as error:
            return self._not_read(error)

    def followers(self) -> int | NotRead | None:
        try:
            self._session.sign_in()
            return figures.followers(self._session)
        except FAILURES as error:
            return self._not_read(error)

    def listen(self, cursor: str | None, most: int) -> HeardPage | NotRead:
        try:
            self._session.sign_in()
            return mentions.listen(self._session, cursor, most)
        except FAILURES as error:
            return self._not_read(error)

    def _not_read(self, error: Exception) -> NotRead:
        obstacle = obstacle_of(error, self._clock.now())
        return NotRead(obstacle.reason, obstacle.retry_at)

    def delete(self, receipt: Receipt) -> Removal:
        record = record_at(receipt.remote_id)
        if record is None:
            return NotRemoved(f"{receipt.remote_id} is no address of a record on Bluesky")
        try:
            self._session.sign_in()
            if record.repo != self._session.did:
                return NotRemoved("this was posted by another account than we have now")
            removal.remove(self._session, record)
        except FAILURES as error:
            return NotRemoved(obstacle_of(error, self._clock.now()).reason)
        return Removed()

    def verify(self) -> str:
        try:
            handle = self._session.confirm()
            if self._labels and self._session.did is not None:
                label.label_as_bot(self._session, self._session.did)
        except FAILURES as error:
            reason = obstacle_of(error, self._clock.now()).reason
            # None: the library's own words may hold tokens.
            raise AccountError(reason) from None
        return handle

    def close(self) -> None:
        self._attachments.close()
        self._session.close()


def _cards(setup: AccountSetup, clock: Clock) -> Cards | None:
    """Source of link cards; None where the account wants none."""
    match _chosen(setup, "cards", ("on", "off", "private")):
        case "off":
            return None
        case "private":
            return Cards(Pages(allows=anywhere), clock)
        case _:
            return Cards(Pages(), clock)


def _chosen(setup: AccountSetup, key: str, values: tuple[str, ...]) -> str:
    """Value of an option of the account; the first of `values` where the option is not set."""
    value = setup.options.get(key, values[0])
    if value not in values:
        known = ", ".join(f'"{each}"' for each in values)
        raise ConfigError(f'account {setup.name}: {key} = "{value}": write one of {known}')
    return value
