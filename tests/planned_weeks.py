"""Workspaces with partners, events, suggestions and self posts, for tests of plans."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from stories import TEMPLATES, rules

from crosspromo.domain.attempts import Intent, Prepared
from crosspromo.domain.date_rules import parse_date_rule
from crosspromo.domain.events import Event
from crosspromo.domain.observances import Observance, ObservanceTone
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.outside import OutsidePost
from crosspromo.domain.partner_entries import Entry, EntryKind
from crosspromo.domain.partners import Partner
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Credit, Hosting
from crosspromo.domain.ratio import Target, Window
from crosspromo.domain.requests import OwnPost, Words
from crosspromo.domain.sources import Occasion, SourceKind, Suggestion
from crosspromo.domain.timing import Slot
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.services.planning.plans import PlanService
from crosspromo.services.play.forecasting import Forecasting
from crosspromo.services.play.rehearsal import Rehearsals
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

DAY = timedelta(days=1)
ZONE = ZoneInfo("America/Chicago")


@dataclass(frozen=True)
class Office:
    """Store with accounts, and the services that plan on it."""

    store: Store
    clock: FakeClock
    accounts: Mapping[str, AccountRules]
    organisation: OrganisationRules
    kept: Sequence[Observance] = ()

    @property
    def today(self) -> date:
        """Local day."""
        return self.clock.now().astimezone(ZONE).date()

    @property
    def queue(self) -> PostQueue:
        """Queue without images."""
        return PostQueue(
            store=self.store,
            clock=self.clock,
            rules=self.accounts,
            organisation=self.organisation,
            own_group=frozenset(),
            renderer=TEMPLATES,
            pictures=lambda *, keep: ImageFolder(Path("/nonexistent"), keep=keep),
        )

    @property
    def plans(self) -> PlanService:
        """The service."""
        return PlanService(
            store=self.store,
            clock=self.clock,
            rules=self.accounts,
            organisation=self.organisation,
            observances=lambda: self.kept,
            queue=self.queue,
            forecasting=Forecasting(
                store=self.store,
                clock=self.clock,
                policies={name: each.policy for name, each in self.accounts.items()},
                window=self.organisation.window,
                settings_version="1",
                rules=lambda: self.accounts,
                organisation=lambda: self.organisation,
            ),
        )

    @property
    def rehearsals(self) -> Rehearsals:
        """Plays of the coming weeks."""
        return Rehearsals(self.store, self.clock, self.accounts, self.organisation, self.queue)

    def partner(self, slug: str, **fields: object) -> None:
        """Keep a partner."""
        partner = Partner(slug, slug.replace("-", " ").title(), why=f"What {slug} do is good.")
        with self.store.write() as unit:
            unit.partners.save(replace(partner, **fields), self.clock.now())  # type: ignore[arg-type]

    def shared(self, slug: str, days: int, account: str) -> None:
        """Have a partner shared, without crosspromo, so many days ago."""
        at = self.clock.now() - days * DAY
        post = OutsidePost(account, at, Credit.OTHERS, partner=slug, text=f"{slug} {days}")
        with self.store.write() as unit:
            unit.accounts.register([account])
            unit.outside_posts.record([post], self.clock.now())

    def send(self, delivery: int) -> None:
        """Have a queued delivery sent now."""
        now = self.clock.now()
        intent = Intent("play", Prepared("token", {}), {"checks": {}}, now + DAY, now)
        with self.store.write() as unit:
            unit.transitions.record_intent(unit.deliveries.get(delivery), intent)
        with self.store.write() as unit:
            unit.transitions.publish(unit.deliveries.get(delivery), Receipt("1"), now)

    def milestone(self, slug: str, words: str) -> None:
        """Note a milestone of today."""
        entry = Entry(0, slug, EntryKind.MILESTONE, words, self.today, self.clock.now(), "ana")
        with self.store.write() as unit:
            unit.partner_entries.add(entry)

    def event(self, slug: str, days: int, hosting: Hosting, *partners: str) -> None:
        """Keep an event of an evening in so many days."""
        day = self.today + days * DAY
        starts_at = datetime.combine(day, time(18), tzinfo=ZONE)
        event = Event(
            slug=slug,
            title=slug.replace("-", " ").title(),
            starts_at=starts_at,
            ends_at=starts_at + timedelta(hours=2),
            zone=ZONE.key,
            uid=slug,
            hosting=hosting,
            partners=partners,
        )
        with self.store.write() as unit:
            unit.events.save(event)

    def move_event(self, slug: str, days: int) -> None:
        """Have an event take place in so many days from now."""
        with self.store.write() as unit:
            event = unit.events.get(slug)
            by = self.today + days * DAY - event.starts_at.astimezone(ZONE).date()
            moved = replace(event, starts_at=event.starts_at + by, ends_at=event.ends_at + by)
            unit.events.save(moved)

    def suggestion(self, slug: str, title: str) -> None:
        """Have a source bring an item of a partner."""
        now = self.clock.now()
        with self.store.write() as unit:
            source = unit.sources.add(
                SourceKind.FEED, f"https://{title}.example/feed".replace(" ", "-"), None, "ana", now
            )
            link = f"https://{slug}.example/{title}".replace(" ", "-")
            item = Suggestion(0, source, Occasion.SHARE, slug, title, link, "", now, now)
            unit.suggestions.add_all([(title, link, item)])

    def own_at(self, text: str, account: str, at: datetime) -> int:
        """Queue a self post for a time that a person chose; returns its id."""
        request = OwnPost(author="ana", at=at, says=Words(text))
        (queued,) = self.queue.queue(request, [account])
        return queued.view.delivery.id

    def paused(self, account: str | None) -> None:
        """Pause an account (None: everything)."""
        with self.store.write() as unit:
            unit.accounts.register(self.accounts)
            unit.pauses.begin(Pause(account, "ana", self.clock.now(), "A storm"))

    def own(self, text: str, account: str) -> int:
        """Queue a self post that waits until it is allowed; returns its id."""
        request = OwnPost(author="ana", when_allowed=True, says=Words(text))
        (queued,) = self.queue.queue(request, [account])
        return queued.view.delivery.id


def office(store: Store, **targets: Target) -> Office:
    """Office with accounts of these targets, each with a slot on working days."""
    accounts = {
        name: _with_slots(rules(name, target=target), time(9 + hour))
        for hour, (name, target) in enumerate(targets.items())
    }
    organisation = OrganisationRules(floor=Target(1, 1), window=Window(days=28), zone=ZONE)
    return Office(store, FakeClock(), accounts, organisation)


def _with_slots(account: AccountRules, at: time) -> AccountRules:
    slots = (Slot(frozenset(range(5)), at),)
    return replace(account, policy=replace(account.policy, slots=slots))


EARTH_DAY = Observance(
    "earth-day", "Earth Day", parse_date_rule("04-22"), ObservanceTone.CELEBRATE, topics=("water",)
)


def random_office(store: Store, seed: int) -> Office:
    """Office with a past, occasions and self posts that wait, the same for a seed."""
    random = Random(seed)
    names = ["main", "second", "third"][: random.randint(1, 3)]
    made = office(store, **{name: Target(random.choice([1, 1, 3]), 1) for name in names})
    made = replace(made, kept=[EARTH_DAY])
    slugs = [f"partner-{number}" for number in range(random.randint(1, 8))]
    for slug in slugs:
        made.partner(
            slug,
            list=random.choice(["focus", "extended"]),
            closeness=random.choice(["close", "broad", ""]),
            topics=random.choice([(), ("Clean water",)]),
            most_posts=random.choice([None, None, 2]),
        )
        if random.random() < 0.6:
            made.shared(slug, random.randint(1, 100), random.choice(names))
        if random.random() < 0.4:
            made.milestone(slug, f"{slug} is {random.randint(2, 90)} years old")
        if random.random() < 0.3:
            made.suggestion(slug, f"news of {slug}")
    for number in range(random.randint(0, 4)):
        hosting = random.choice([Hosting.OURS, Hosting.PARTNER, Hosting.JOINT])
        hosts = () if hosting is Hosting.OURS else (random.choice(slugs),)
        made.event(f"event-{number}", random.randint(1, 40), hosting, *hosts)
    for number in range(random.randint(0, 4)):
        made.own(f"Our own story, number {number} of {seed}", random.choice(names))
    return made
