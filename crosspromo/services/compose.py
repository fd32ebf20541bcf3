"""Writing of posts in the console: drafts that are saved while somebody writes, and tried."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, BinaryIO, NamedTuple
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.compose_drafts import (
    LONGEST_FIELD,
    MOST_PICTURES,
    TOKEN,
    Composed,
    Draft,
    DraftError,
    Picture,
    When,
    meant,
    request_of,
)
from crosspromo.domain.errors import (
    CrosspromoError,
    DatabaseError,
    NotFoundError,
    Refused,
    StateError,
)
from crosspromo.domain.naming import file_name
from crosspromo.domain.plurals import plural
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.not_found import NoSuchDraft
from crosspromo.domain.reasons.state import DraftIsQueued
from crosspromo.domain.requests import PostRequest
from crosspromo.intake.pictures import LARGEST_FILE, ImageFolder
from crosspromo.publishing.compose import FittedImage, UnusableImageError
from crosspromo.publishing.networks import ImageLimits
from crosspromo.services.play.trying import Foreseen, Foresight
from crosspromo.services.queue_post import PostQueue, QueuedDelivery

if TYPE_CHECKING:
    from crosspromo.domain.people import Person
    from crosspromo.rendering.preview import Preview
    from crosspromo.services.delivery_view import DeliveryView, DeliveryViews
    from crosspromo.store.unit import Store, Unit

MOST_LISTED = 20
"""Drafts that are listed for a person."""

PICTURES = "pictures"

_one_at_a_time = Lock()
"""Held while a picture that was sent is decoded: each may take a hundred megabytes."""


class Trial(NamedTuple):
    """Draft as it would be queued on one account: either `queued` with `shown`, or the `error`."""

    account: str
    queued: QueuedDelivery | None = None
    shown: "Preview | None" = None
    error: CrosspromoError | None = None


class Tried(NamedTuple):
    """Draft as it would be queued, on each account; `error` stands against the post as a whole."""

    trials: Sequence[Trial]
    error: CrosspromoError | None = None


@dataclass(frozen=True)
class ComposeService:
    """Drafts of one person.

    `queue` queues posts, and tries them. `pictures` keeps pictures in the workspace.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    person: "Person"
    queue_post: PostQueue
    views: "DeliveryViews"
    foresight: Foresight
    pictures: ImageFolder

    def drafts(self) -> tuple[Sequence[Draft], int]:
        """Latest drafts of the person that are not queued, and the number of them all."""
        with self.store.read() as unit:
            return unit.compose_drafts.of(self.person.id, MOST_LISTED)

    def get(self, token: str) -> Draft:
        """Draft of the person; NotFoundError for any other."""
        with self.store.read() as unit:
            return unit.compose_drafts.get(token, self.person.id)

    def save(self, token: str, composed: Composed) -> Draft:
        """Save what was typed.

        DraftError where it is too much. NotFoundError for another person's draft, and for a token
        that the console never makes; StateError for a draft that is queued.
        """
        if TOKEN.fullmatch(token) is None:
            raise NotFoundError(NoSuchDraft(token))
        _check(composed)
        with self.store.write() as unit:
            if unit.compose_drafts.save(token, self.person.id, composed, self.clock.now()):
                return unit.compose_drafts.get(token, self.person.id)
            draft = unit.compose_drafts.get(token, self.person.id)
            raise StateError(DraftIsQueued(draft.post or 0))

    def keep_anew(self, token: str, composed: Composed) -> Draft | None:
        """Save what was typed into the form of a draft that is queued, as a draft of its own.

        None where exactly this was queued. The same words get the same draft. Errors as for `save`.
        """
        if self.get(token).mark == composed.mark:
            return None
        digest = sha256(f"{token} {composed.mark}".encode()).digest()
        return self.save(urlsafe_b64encode(digest[:9]).decode(), composed)

    def throw_away(self, token: str) -> None:
        """Delete a draft; one that is gone or queued is left as it is."""
        with self.store.write() as unit:
            unit.compose_drafts.throw_away(token, self.person.id)

    def take_in(self, file: BinaryIO, name: str) -> Picture:
        """Keep a picture that the person sends; DraftError, with the reason, for an unusable one.

        What does not belong to the picture (place, camera) is left out. Of the name nothing is
        used but its letters: the file is kept under the hash of its bytes.
        """
        shown = _shown_name(name)
        data = file.read(LARGEST_FILE + 1)
        if len(data) > LARGEST_FILE:
            raise DraftError(
                f"{shown} is larger than {LARGEST_FILE // 1_000_000} MB; give a smaller one",
                PICTURES,
            )
        try:
            with _one_at_a_time:
                return Picture(self.pictures.taken_in(data, shown).path, shown)
        except UnusableImageError as error:
            raise DraftError(str(error), PICTURES) from None

    def picture(self, name: str) -> tuple[bytes, str] | None:
        """Bytes and media type of a kept picture by its file name; None for any other name."""
        return self.pictures.read(name)

    def tried(self, composed: Composed) -> Tried:
        """The post as it would be queued, on each account that can have it. Nothing is written.

        Where the typed time is what stands against it, the post is shown as for the next free slot,
        without notes: a time is typed letter by letter, too. No network is asked, so that nobody
        waits for one while writing. DatabaseError where the database cannot be used; any other
        error is in the result.
        """
        tried = self._tried(composed)
        if composed.when is When.AT and not any(each.queued for each in tried.trials):
            at_slot = self._tried(replace(composed, when=When.SLOT, at=""))
            return Tried([_without_notes(each) for each in at_slot.trials], tried.error)
        return tried

    def _tried(self, composed: Composed) -> Tried:
        try:
            request = self._request(composed)
        except CrosspromoError as error:
            return Tried((), error)
        try:
            whole = self._queue(request, composed.accounts)
        except DatabaseError:
            raise
        except CrosspromoError as error:
            return Tried(self._each(request, composed.accounts), error)
        return Tried([self._trial(each) for each in whole])

    def foreseen(self, composed: Composed) -> Mapping[str, Foreseen]:
        """Forecast of the post by account, for the accounts that can have it together."""
        try:
            request = self._request(composed)
        except CrosspromoError:
            return {}
        try:
            return self._foreseen(request, composed.accounts)
        except DatabaseError:
            raise
        except CrosspromoError:
            tried = self._tried(composed)
        accounts = [each.account for each in tried.trials if each.queued is not None]
        try:
            return self._foreseen(request, accounts) if accounts else {}
        except Refused:  # each account can have it, but not all of them
            return {}

    def _foreseen(self, request: PostRequest, accounts: Sequence[str]) -> Mapping[str, Foreseen]:
        return self.foresight.of(request, accounts, self._queue_for_trials)

    def queue(self, token: str, composed: Composed) -> Sequence[QueuedDelivery]:
        """Queue the draft: it becomes one post, once, however often this is asked.

        Errors as for `save` and for `PostQueue.queue_all`; nothing is queued then. What was typed
        is saved in any case. StateError where the draft is a post already.
        """
        self.save(token, composed)
        request = self._request(composed)

        def become(unit: "Unit", queued: "Sequence[DeliveryView]") -> None:
            if not unit.compose_drafts.become(
                token, self.person.id, queued[0].delivery.post, composed
            ):
                draft = unit.compose_drafts.get(token, self.person.id)
                raise StateError(DraftIsQueued(draft.post or 0))

        return self.queue_post.queue_all([request], composed.accounts, also=become)

    # -- trying --------------------------------------------------------------------------------

    def _request(self, composed: Composed) -> PostRequest:
        _check(composed)
        return request_of(self._named(composed), self.person.name, self.clock.now(), self.zone)

    def _named(self, composed: Composed) -> Composed:
        """The same with the slugs of the partner and the event that are typed by name."""
        with self.store.read() as unit:
            partner, event = composed.partner, composed.event
            known = unit.partners.find(partner) or unit.partner_merging.merged(partner)
            if partner and known is None:
                offered = [each for each in unit.partners.all() if each.archived_at is None]
                partner = meant(partner, {each.slug: each.name for each in offered})
            if event:
                coming = unit.events.all(self.clock.now())
                event = meant(event, {each.slug: each.title for each in coming})
        return replace(composed, partner=partner, event=event)

    @property
    def _queue_for_trials(self) -> PostQueue:
        """Queue that asks no network, plays nothing, and remembers how pictures were fitted."""
        remembering = _RememberingFolder(self.pictures.workspace)
        return replace(
            self.queue_post,
            connector=None,
            forecasting=None,
            pictures=lambda **_: remembering,
        )

    def _queue(self, request: PostRequest, accounts: Sequence[str]) -> Sequence[QueuedDelivery]:
        return self._queue_for_trials.queue(request, accounts, dry_run=True)

    def _each(self, request: PostRequest, accounts: Sequence[str]) -> Sequence[Trial]:
        """The post on each account by itself, where it cannot go on all of them."""
        found = []
        for account in dict.fromkeys(accounts):
            try:
                (queued,) = self._queue(request, [account])
            except DatabaseError:
                raise
            except CrosspromoError as error:
                found.append(Trial(account, error=error))
            else:
                found.append(self._trial(queued))
        return found

    def _trial(self, queued: QueuedDelivery) -> Trial:
        delivery = queued.view.delivery
        return Trial(delivery.account, queued, self.views.preview_of(delivery))


def _without_notes(trial: Trial) -> Trial:
    if trial.queued is None:
        return trial
    return trial._replace(queued=replace(trial.queued, notes=()))


class _RememberingFolder:
    """Fitter of kept pictures for trials: writes nothing, and decodes each picture once.

    What is kept under the hash of its bytes never changes.
    """

    def __init__(self, workspace: Path) -> None:
        self._workspace = workspace

    def fitted(self, image: Image, limits: ImageLimits) -> FittedImage:
        """Fit the image, as `ImageFolder.fitted` does."""
        found = _fitted(self._workspace, image.path, limits)
        return replace(found, image=replace(found.image, alt=image.alt))


@lru_cache(maxsize=128)
def _fitted(workspace: Path, path: str, limits: ImageLimits) -> FittedImage:
    with _one_at_a_time:
        return ImageFolder(workspace, keep=False).fitted(Image(path, ""), limits)


def _check(composed: Composed) -> None:
    """DraftError for a draft that is too large, and for pictures that are none of ours."""
    texts = [getattr(composed, name) for name in composed.__slots__]
    texts += [each.alt for each in composed.pictures] + list(composed.accounts)
    if any(isinstance(each, str) and len(each) > LONGEST_FIELD for each in texts):
        raise DraftError(f"A field has more than {LONGEST_FIELD:,} characters; write less", "text")
    for picture in composed.pictures:
        if not picture.is_kept:
            gone = f"{_shown_name(picture.name)} is not here; send the picture again"
            raise DraftError(gone, PICTURES)
    if len(composed.pictures) > MOST_PICTURES:
        many = f"A post has at most {plural(MOST_PICTURES, 'picture')}; take some out"
        raise DraftError(many, PICTURES)


def _shown_name(name: str) -> str:
    return file_name(name, "picture")
