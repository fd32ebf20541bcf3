"""Thanks and the look back name the hosts, tag who agreed, and show nobody who did not agree."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image as Picture
from stories import rules

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Scope
from crosspromo.domain.posts import Hosting, Image
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.queueing import NoPhotoConsent
from crosspromo.domain.requests import EventPost
from crosspromo.domain.states import State
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.networks import Capabilities, ImageLimits
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.permissions import NewPermission, PermissionService
from crosspromo.services.photo_consents import NewPhotoConsent, PhotoConsentService
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.text.rules import BLUESKY

UTC_ZONE = ZoneInfo("UTC")
ACCOUNT = replace(
    rules("bluesky-main"),
    text_network="bluesky",
    capabilities=Capabilities(text=BLUESKY, images=ImageLimits(most=4)),
)
WALK = Event(
    slug="walk",
    title="Bird walk",
    starts_at=START + timedelta(days=30),
    ends_at=START + timedelta(days=30, hours=2),
    zone="UTC",
    uid="walk@example",
    hosting=Hosting.PARTNER,
    partners=("river-keepers", "tree-aid"),
)
AFTER = pytest.mark.parametrize("step", ["thanks", "recap"])


@pytest.fixture
def posts(store: Store, tmp_path: Path) -> PostQueue:
    with store.write() as unit:
        for slug, name in (("river-keepers", "River Keepers"), ("tree-aid", "Tree Aid")):
            handles = {"bluesky": f"{slug}.bsky.social"}
            unit.partners.save(Partner(slug, name, handles=handles), START)
        unit.events.save(WALK)
    clock = FakeClock()
    agreed = PermissionService(store, clock, UTC_ZONE, {ACCOUNT.name: ACCOUNT}, "dan")
    agreed.add(NewPermission("tree-aid", Scope.TAG, "Kim Lee", clock.now().date(), "mail"))
    return PostQueue(
        store=store,
        clock=clock,
        rules={ACCOUNT.name: ACCOUNT},
        organisation=OrganisationRules(floor=None, window=Window(days=28), zone=UTC_ZONE),
        own_group=frozenset(),
        renderer=Templates((SHIPPED / "templates",), "us"),
        pictures=lambda *, keep: ImageFolder(tmp_path, keep=keep),
    )


def of(step: str, *images: Image) -> EventPost:
    return EventPost(author="ana", event="walk", step=step, template=f"event/{step}", images=images)


@AFTER
def test_they_are_drafts_that_name_each_host_and_tag_only_who_agreed(
    posts: PostQueue, step: str
) -> None:
    (queued,) = posts.queue(of(step), [ACCOUNT.name])
    delivery = queued.view.delivery
    assert delivery.state is State.DRAFT
    assert "River Keepers" in delivery.content.text
    assert "@tree-aid.bsky.social" in delivery.content.text
    assert "@river-keepers" not in delivery.content.text


@AFTER
def test_they_refuse_a_photo_of_somebody_who_does_not_agree(
    posts: PostQueue, store: Store, tmp_path: Path, step: str
) -> None:
    photo = str(tmp_path / "river.png")
    Picture.new("RGB", (40, 30), "green").save(photo)
    accounts = {ACCOUNT.name: ACCOUNT}
    source = ImageFolder(tmp_path).source
    photos = PhotoConsentService(store, posts.clock, UTC_ZONE, accounts, source, "dan")
    photos.add(NewPhotoConsent(photo, "Sam", consent=False, given_by="Sam", evidence="mail"))
    with pytest.raises(QueueingError) as refused:
        posts.queue(of(step, Image(photo, "A walk")), [ACCOUNT.name])
    assert isinstance(refused.value.reason, NoPhotoConsent)
