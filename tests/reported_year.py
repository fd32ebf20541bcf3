"""A year of posts with what came back, made from a seed, and a naive count of it, for tests."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from stories import rules

from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.figures import Figures, Followers, PostFigures
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.received import Received, ReceivedKind
from crosspromo.domain.report_rows import Source
from crosspromo.domain.states import State
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.store.ledger.rows import LedgerUpdate
from crosspromo.store.schema import figures as figures_table
from crosspromo.store.unit import Store

BEGIN = datetime(2026, 1, 1, 12, tzinfo=UTC)
RULES = {
    "x-main": rules("x-main", target=Target(3, 1)),
    "bluesky": rules("bluesky", target=Target(1, 1), window=Window(days=7)),
    "reddit": rules("reddit", target=Target(2, 1), window=Window(posts=6)),
}
FLOOR = OrganisationRules(floor=Target(1, 1), window=Window(days=28))
SLUGS = ("aspen", "birch", "cedar")


@dataclass
class Counted:
    """What a person would have written down of one delivery that went out."""

    account: str
    partner: str
    post: int
    at: datetime
    recorded: datetime
    others: int
    self_: int
    taken_back: datetime | None = None

    def counts_at(self, moment: datetime) -> bool:
        gone = self.taken_back is not None and self.taken_back <= moment
        return self.recorded <= moment and not gone


@dataclass
class Year:
    """Plays days on a store, and keeps what happened."""

    store: Store
    random: Random
    counted: list[Counted] = field(default_factory=list)
    received: list[tuple[str, datetime, datetime, Source]] = field(default_factory=list)
    told: list[tuple[int, datetime, Figures]] = field(default_factory=list)
    followed: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def begin(self) -> None:
        """Partners and accounts as they are at the beginning."""
        with self.store.write() as unit:
            unit.accounts.register(list(RULES))
            for slug in SLUGS:
                partner = Partner(slug, slug.title(), closeness="close", list="focus")
                unit.partners.save(partner, BEGIN)

    def day(self, now: datetime) -> None:
        """One day: posts, deletions of posts, and what partners did, sometimes told late."""
        for _ in range(self.random.randrange(3)):
            self._post(now)
        if self.counted and self.random.random() < 0.1:
            self._delete(self.random.choice(self.counted), now)
        if self.random.random() < 0.2:
            self._receive(now - timedelta(days=self.random.randrange(20)), now)
        if self.counted and self.random.random() < 0.4:
            self._measure(self.random.choice(self.counted[-30:]), now)
        if self.random.random() < 0.5:
            self._follow(now)

    def _post(self, now: datetime) -> None:
        credit = self.random.choice((Credit.OTHERS, Credit.OTHERS, Credit.SELF, Credit.BOTH))
        partner = self.random.choice(SLUGS)
        at = now - timedelta(minutes=self.random.randrange(600))
        with self.store.write() as unit:
            post = unit.posts.add(
                kind=Kind.OWN if credit is Credit.SELF else Kind.SPOTLIGHT,
                partners=[] if credit is Credit.SELF else [partner],
                event=None,
                template=None,
                reason=None,
                author="tester",
                now=at,
            )
            for account in self.random.sample(list(RULES), self.random.randint(1, 3)):
                number = unit.deliveries.add(
                    NewDelivery(
                        post=post,
                        account=account,
                        network="memory",
                        state=State.QUEUED,
                        credit=credit,
                        content=Content(text=f"Hello {post}"),
                        due_at=at,
                        pinned=False,
                        expires_at=None,
                        cost=None,
                    )
                )
                update = LedgerUpdate(
                    number, account, credit, State.PUBLISHED, at, now, False, State.QUEUED
                )
                unit.ledger.apply([update])
                row = Counted(
                    account,
                    partner,
                    post,
                    at,
                    now,
                    int(credit is not Credit.SELF),
                    int(credit is not Credit.OTHERS),
                )
                self.numbers[id(row)] = number
                self.counted.append(row)

    def _delete(self, row: Counted, now: datetime) -> None:
        """A partner post that is deleted counts no longer; one about us still does."""
        if row.taken_back is not None or row.self_:
            return
        number = self.numbers[id(row)]
        update = LedgerUpdate(
            number, row.account, Credit.OTHERS, State.DELETED, None, now, False, State.PUBLISHED
        )
        with self.store.write() as unit:
            unit.ledger.apply([update])
        row.taken_back = now

    def _receive(self, at: datetime, now: datetime) -> None:
        partner = self.random.choice(SLUGS)
        source = self.random.choice((Source.BY_HAND, Source.OBSERVED))
        who, observed = ("Maria", None)
        if source is Source.OBSERVED:
            who, observed = ("", f"{len(self.received)}")
        with self.store.write() as unit:
            kind = ReceivedKind.SHARE
            unit.received.add(Received(0, partner, at, kind, None, "", "", now, who, observed))
        self.received.append((partner, at, now, source))

    def _measure(self, row: Counted, now: datetime) -> None:
        """A network tells figures of a post, some of them or all."""
        some = (None, 0, 1, 5)
        figures = Figures(reposts=self.random.choice(some), quotes=self.random.choice(some))
        self.tell(row, figures, now)

    def tell(self, row: Counted, figures: Figures, now: datetime) -> None:
        """A network tells these figures of a post."""
        number = self.numbers[id(row)]
        post = PostFigures(number, row.account, f"r{number}", row.at, None, now, None, figures)
        with self.store.write() as unit:
            if number not in {each for each, _, _ in self.told}:
                unit._connection.execute(  # as enrolling a delivery does, which is not sent here
                    figures_table.insert().values(
                        delivery_id=number,
                        account=row.account,
                        remote_id=post.remote_id,
                        published_at=row.at,
                    )
                )
            unit.figures.keep([post])
        self.told.append((number, now, figures))

    def _follow(self, now: datetime) -> None:
        """A network tells how many follow an account on a day."""
        day, count = now.date().isoformat(), self.random.randint(100, 200)
        with self.store.write() as unit:
            unit.figures.keep_followers(Followers("x-main", day, count, now))
        self.followed[day] = count

    def tally(self, account: str | None, window: Window, moment: datetime) -> tuple[int, int]:
        """Others and self in a window, counted one by one."""
        rows = [
            row
            for row in self.counted
            if row.counts_at(moment) and row.at <= moment and account in {None, row.account}
        ]
        if window.days is None:
            rows = sorted(rows, key=lambda row: (row.at, self.numbers[id(row)]))
            rows = rows[-(window.posts or 0) :]
        else:
            rows = [row for row in rows if row.at > moment - timedelta(days=window.days)]
        return sum(row.others for row in rows), sum(row.self_ for row in rows)

    def given(self, partner: str, moment: datetime, days: int) -> int:
        """Posts about a partner in the last days, counted one by one."""
        return len(
            {
                row.post
                for row in self.counted
                if row.partner == partner
                and row.others
                and row.counts_at(moment)
                and moment - timedelta(days=days) < row.at <= moment
            }
        )

    def got(self, partner: str, moment: datetime, days: int, source: Source) -> int:
        """What a partner did for us in the last days, as far as it was told by then."""
        return sum(
            (who, how) == (partner, source)
            and recorded <= moment
            and moment - timedelta(days=days) < at <= moment
            for who, at, recorded, how in self.received
        )

    def shared(self, moment: datetime, days: int, *, others: bool) -> list[int]:
        """Shares of each post about partners, or about us, in the last days, as told by then."""
        found = []
        for row in self.counted:
            told = [
                figures
                for number, at, figures in self.told
                if number == self.numbers[id(row)] and at <= moment
            ]
            within = moment - timedelta(days=days) < row.at <= moment
            if not told or not within or not row.counts_at(moment) or bool(row.others) != others:
                continue
            counts = [each for each in (told[-1].reposts, told[-1].quotes) if each is not None]
            if counts:
                found.append(sum(counts))
        return found

    def followers(self, moment: datetime, days: int) -> int | None:
        """Followers on the last day before, of those that were told."""
        before = [moment.date() - timedelta(days=each) for each in range(1, days + 1)]
        told = [
            self.followed[day.isoformat()] for day in before if day.isoformat() in self.followed
        ]
        return told[0] if told else None
