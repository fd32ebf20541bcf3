"""Figures and mentions in the store, on both databases, and on one of the version before."""

from datetime import timedelta
from pathlib import Path

from old_databases import deliver, of_version, write

from crosspromo.domain.figures import Figures, Followers
from crosspromo.domain.mentions import Heard, MentionKind
from crosspromo.domain.received import ReceivedKind
from crosspromo.store.database import upgrading
from crosspromo.store.database.engine import transaction
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START

HOUR = timedelta(hours=1)


def test_a_database_of_the_version_before_gets_figures_and_keeps_what_was_received(
    store: Store, tmp_path: Path
) -> None:
    older = of_version(store, "0024", tmp_path)
    with transaction(older.engine, writes=True) as connection:
        deliver(
            connection,
            1,
            "published",
            attempt=1,
            sent_at=START,
            published_at=START,
            remote_id="17",
        )
        write(
            connection,
            "partners",
            id=1,
            slug="river-keepers",
            name="River Keepers",
            kind="",
            list="",
            closeness="",
            tier="",
            why="",
            website="",
            handles="{}",
            topics="[]",
            status="",
            notes="{}",
        )
        write(
            connection,
            "received",
            id=1,
            partner_id=1,
            at=START,
            kind="like",
            url="",
            words="x",
            recorded_at=START,
            recorded_by="ana",
        )
    upgrading.upgrade(older.engine)
    with older.write() as unit:
        (kept,) = unit.received.latest(10)
        assert (kept.kind, kept.observed) == (ReceivedKind.LIKE, None)
        assert unit.figures.enrol("x-main", START - HOUR) == 1
        assert unit.figures.enrol("x-main", START - HOUR) == 0
        (due,) = unit.figures.due("x-main", START + HOUR, 10)
        assert (due.remote_id, due.measured_at, due.figures) == ("17", None, Figures())
    older.close()


def test_figures_followers_and_mentions_come_back_as_they_were_kept(store: Store) -> None:
    heard = Heard("at://1", MentionKind.QUOTE, "Keepers.example", START, "https://a", "Über 🌊")
    with store.write() as unit:
        unit.figures.keep_followers(Followers("x-main", "2026-04-01", 3, START))
        unit.figures.keep_followers(Followers("x-main", "2026-04-01", 4, START + HOUR))
        unit.figures.keep_followers(Followers("x-main", "2026-04-03", 5, START + 48 * HOUR))
        (mention,) = unit.mentions.add_new("x-main", [heard, heard], {}, START)
        assert unit.mentions.add_new("x-main", [heard], {}, START) == []
        assert unit.mentions.latest("x-main", 10) == [mention]
        assert unit.mentions.to_check("x-main", START + 25 * HOUR, 10) == [heard]
        unit.mentions.checked("x-main", [heard], START + 25 * HOUR)
        assert unit.mentions.to_check("x-main", START + 25 * HOUR, 10) == []
        known = unit.figures.followers("x-main", "2026-04-02")
        assert known == Followers("x-main", "2026-04-01", 4, START + HOUR)
        unit.readings.begin("x-main", START)
        unit.readings.begin("x-main", START + HOUR)
        (state,) = unit.readings.all().values()
        assert state.next_at == START
        assert unit.readings.claim(state, START + HOUR)
        assert not unit.readings.claim(state, START + HOUR)
        assert unit.mentions.forget("x-main", ["at://1"]) == 1
        assert not unit.mentions.any_before(START + HOUR)


def test_posts_without_figures_have_none(store: Store) -> None:
    with store.read() as unit:
        assert unit.figures.of_deliveries([1]) == {}
        assert unit.figures.as_of([1], START) == {}
        assert unit.figures.latest("x-main", 10) == []
        assert unit.figures.followers("x-main") is None
