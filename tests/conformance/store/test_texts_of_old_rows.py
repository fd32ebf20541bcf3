"""A database of 0007 knew texts by a narrower rule: its texts are known again, and go as before."""

from datetime import timedelta
from pathlib import Path

from old_databases import deliver, of_version

from crosspromo.domain.posts import Content
from crosspromo.domain.states import State
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

SENT = "Meet the River Keepers! https://river.example/?utm_source=x"
AGAIN = Content("meet the river\u200b keepers https://river.example/")


def upgraded(store: Store, folder: Path) -> Store:
    old = of_version(store, "0007", folder)
    with transaction(old.engine, writes=True) as connection:
        for number in range(10, 1_300):
            deliver(connection, number, "cancelled", text=f"Number {number}.")
        published = {"published_at": START, "sent_at": START, "attempt": 1}
        deliver(connection, 1, "published", text=SENT, **published)
        deliver(connection, 2, "queued", text="Hello, world", wake_at=START)
        deliver(connection, 3, "draft", text="", title="A title.")
        deliver(
            connection,
            4,
            "queued",
            text="",
            reshare_of="https://x.example/1/",
            native=True,
            wake_at=START,
        )
    upgrading.upgrade(old.engine)
    return old


def test_what_was_said_before_the_upgrade_is_found_by_the_rule_of_today(
    store: Store, tmp_path: Path
) -> None:
    old = upgraded(store, tmp_path)
    long_ago = START - timedelta(days=1)
    with old.read() as unit:
        found = unit.history.find_duplicate("x-main", AGAIN, long_ago)
        assert found is not None
        assert found.delivery == 1
        for content, delivery in (
            (Content("hello world!"), 2),
            (Content("", title="a title"), 3),
            (Content("", reshare_of="https://x.example/1", native=True), 4),
        ):
            queued = unit.history.queued_duplicate("x-main", content, START)
            assert queued is not None
            assert queued.delivery == delivery
        assert unit.history.queued_duplicate("x-main", Content("Something else"), START) is None


def test_what_waits_goes_out_as_it_was_previewed_and_approved(store: Store, tmp_path: Path) -> None:
    old = upgraded(store, tmp_path)
    with old.read() as unit:
        content = unit.deliveries.get(2).content
        assert content == Content("Hello, world")
        assert (content.plain, content.addresses) == (False, ())
        assert unit.deliveries.faults() == []


def test_new_texts_keep_how_they_are_written_and_their_addresses(
    store: Store, tmp_path: Path
) -> None:
    old = upgraded(store, tmp_path)
    wanted = Content(
        "1986. https://a.example/Inc.", plain=True, addresses=("https://a.example/Inc.",)
    )
    with old.write() as unit:
        unit.transitions.edit(unit.deliveries.get(2), wanted, START, into=State.QUEUED)
    with old.read() as unit:
        assert unit.deliveries.get(2).content == wanted
