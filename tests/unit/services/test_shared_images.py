"""A post whose image has no alt text is named when it is to be shared."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stories import rules

from crosspromo.domain.errors import AccountError, ConfigError
from crosspromo.domain.partners import Partner
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.notes import Note, SharedWithoutAlt
from crosspromo.domain.requests import Reshare
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.delivery_view import DeliveryViews
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector

POST = "https://network.example/river-keepers/1"
RESHARE = Reshare(author="ana", partner="river-keepers", url=POST)


@dataclass
class Seeing(MemoryConnector):
    """An account on a network that tells of shared posts."""

    undescribed: int | None = 0
    asked: list[str] = field(default_factory=list)

    def images_without_alt(self, address: str) -> int | None:
        self.asked.append(address)
        return self.undescribed


@dataclass
class World:
    """Reshares on one account, whose network can repost where `native`."""

    store: Store
    folder: Path
    account: MemoryConnector | Exception
    native: bool = True

    def connector(self, _name: str) -> MemoryConnector:
        if isinstance(self.account, Exception):
            raise self.account
        return self.account

    def notes(self, *, dry_run: bool = False) -> tuple[Sequence[Note], Sequence[Note]]:
        """Notes when the reshare is queued, and at its preview."""
        plain = rules("main")
        pattern = re.compile(re.escape(POST)) if self.native else None
        known = {"main": replace(plain, capabilities=replace(plain.capabilities, reposts=pattern))}
        with self.store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), START)
        (queued,) = PostQueue(
            store=self.store,
            clock=FakeClock(),
            rules=known,
            organisation=OrganisationRules(None, Window(days=28), ZoneInfo("UTC")),
            own_group=frozenset(),
            renderer=Templates((SHIPPED / "templates",), "us"),
            pictures=lambda *, keep: ImageFolder(self.folder, keep=keep),
            connector=self.connector,
        ).queue(RESHARE, ["main"], dry_run=dry_run)
        if dry_run:
            return queued.notes, ()
        views = DeliveryViews(self.store, {}, lambda: known, connector=self.connector)
        return queued.notes, views.preview(queued.view.delivery.id).notes


def test_it_is_said_when_it_is_queued_and_at_preview(store: Store, tmp_path: Path) -> None:
    account = Seeing(undescribed=2)
    queued, shown = World(store, tmp_path, account).notes()
    assert queued == shown == (SharedWithoutAlt(2, 1),)
    assert account.asked == [POST, POST]


def test_a_dry_run_says_it_of_no_delivery(store: Store, tmp_path: Path) -> None:
    queued, _ = World(store, tmp_path, Seeing(undescribed=1)).notes(dry_run=True)
    assert queued == (SharedWithoutAlt(1, None),)


@pytest.mark.parametrize(
    "account",
    [
        Seeing(undescribed=0),
        Seeing(undescribed=None),
        MemoryConnector(),
        AccountError("the password is wrong"),
        ConfigError("there is no password"),
    ],
    ids=["all described", "not told", "cannot tell", "refused", "not set up"],
)
def test_nothing_is_said_where_nothing_is_known_and_the_reshare_is_queued(
    store: Store, tmp_path: Path, account: MemoryConnector | Exception
) -> None:
    assert World(store, tmp_path, account).notes() == ((), ())


def test_a_post_that_is_shared_by_its_address_asks_no_network(store: Store, tmp_path: Path) -> None:
    account = Seeing(undescribed=2)
    assert World(store, tmp_path, account, native=False).notes() == ((), ())
    assert account.asked == []
