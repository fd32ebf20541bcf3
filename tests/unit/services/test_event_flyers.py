"""Flyers of events: kept with the event, and shown by posts about it that have no image."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from newsroom import SLUG, WALK, Newsroom, changed
from PIL import Image as Picture
from stories import rules

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Image
from crosspromo.domain.requests import EventPost
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.networks import ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.change_event import EventEdit
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store

ALT = "Bird walk, 1 June, Old Hall"


def takes(account: AccountRules, most: int) -> AccountRules:
    """The account with a limit of its own for images."""
    images = ImageLimits(most=most, max_bytes=1_000_000, types=("image/png", "image/jpeg"))
    return replace(account, capabilities=replace(account.capabilities, images=images))


@pytest.fixture
def room(store: Store, tmp_path: Path) -> "Room":
    return Room(store, tmp_path)


class Room:
    """A newsroom with pictures in a folder: one account takes four images, one takes none."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.folder = folder
        self.accounts = {"main": takes(rules("main"), 4), "text": takes(rules("text"), 0)}
        self.newsroom = Newsroom(store, self.accounts)
        self.store = store

    def pictures(self, *, keep: bool = True) -> ImageFolder:
        return ImageFolder(self.folder, keep)

    def draw(self, name: str, color: str = "red") -> str:
        Picture.new("RGB", (60, 40), color).save(self.folder / name)
        return name

    def edit(self, *, dry_run: bool = False, **values: object) -> Consequences:
        events = replace(self.newsroom.events, pictures=self.pictures)
        edit = EventEdit(**values)  # type: ignore[arg-type]
        return events.edit(SLUG, edit, dry_run=dry_run).consequences

    def images(self, *accounts: str, **request: object) -> Sequence[Sequence[Image]]:
        """Images of a post about the walk, by account."""
        queue = PostQueue(
            store=self.store,
            clock=self.newsroom.clock,
            rules=self.accounts,
            organisation=self.newsroom.rules_of_all,
            own_group=frozenset(),
            renderer=self.newsroom.templates,
            pictures=self.pictures,
        )
        post = EventPost(author="ana", event=SLUG, **request)  # type: ignore[arg-type]
        queued = queue.queue(post, accounts or ["main"])
        return [each.view.delivery.content.images for each in queued]

    @property
    def flyer(self) -> Image | None:
        with self.store.read() as unit:
            return unit.events.get(SLUG).image


def test_a_post_shows_the_flyer_where_its_account_takes_images(room: Room) -> None:
    room.edit(image=Image(room.draw("walk.png"), ALT))
    shown, none = room.images("main", "text")
    assert [each.alt for each in shown] == [ALT]
    assert none == ()


def test_a_post_with_an_image_of_its_own_shows_that(room: Room) -> None:
    room.edit(image=Image(room.draw("walk.png"), ALT))
    ((shown,),) = room.images(images=(Image(room.draw("own.png", "blue"), "Two herons"),))
    assert shown.alt == "Two herons"


def test_a_person_may_leave_it_out(room: Room) -> None:
    room.edit(image=Image(room.draw("walk.png"), ALT))
    assert room.images(without_image=True) == [()]


def test_it_is_kept_as_it_was_given(room: Room) -> None:
    path = room.draw("walk.png")
    room.edit(image=Image(path, ALT))
    flyer = room.flyer
    assert flyer is not None
    assert flyer.source is not None
    (room.folder / path).unlink()
    ((shown,),) = room.images()
    assert (shown.alt, shown.path) == (ALT, flyer.path)


@pytest.mark.parametrize("alt", ["", "  ", "walk.png", "IMG_2034"])
def test_words_that_say_nothing_are_refused(room: Room, alt: str) -> None:
    path = room.draw("walk.png")
    with pytest.raises(QueueingError):
        room.edit(image=Image(path, alt))
    assert room.flyer is None


def test_what_is_no_picture_is_refused(room: Room) -> None:
    (room.folder / "walk.png").write_bytes(b"rubbish")
    with pytest.raises(QueueingError) as error:
        room.edit(image=Image("walk.png", ALT))
    assert error.value.code == "image-unusable"


def test_a_dry_run_keeps_nothing(room: Room) -> None:
    room.edit(image=Image(room.draw("walk.png"), ALT), dry_run=True)
    assert room.flyer is None
    assert not (room.folder / "media").exists()


def test_it_stays_when_the_calendar_changes_the_event_and_is_taken_off_by_a_person(
    room: Room,
) -> None:
    room.edit(image=Image(room.draw("walk.png"), ALT))
    flyer = room.flyer
    room.newsroom.import_(changed(WALK, location="New Park"))
    assert room.flyer == flyer
    room.edit(without_image=True)
    assert room.flyer is None


def test_a_post_that_waits_keeps_its_images(room: Room) -> None:
    room.images()
    assert room.edit(image=Image(room.draw("walk.png"), ALT)) == Consequences()
    with room.store.read() as unit:
        assert unit.deliveries.get(1).content.images == ()
