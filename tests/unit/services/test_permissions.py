"""Permissions from the words that record them to the posts that they let go, or no longer do."""

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Picture
from servers.databases import memory_store
from sqlalchemy import text
from staff import person
from stories import TEMPLATES, publish_next, rules

from crosspromo.domain.errors import InputError, QueueingError, Refused
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Need, Scope, Why
from crosspromo.domain.posts import Image
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons import faults, holds
from crosspromo.domain.reasons.notes import InBlackout
from crosspromo.domain.reasons.permissions import AgreedLater, UnknownNetworks, WithdrawnAlready
from crosspromo.domain.reasons.queueing import NoPermission, NoPhotoConsent
from crosspromo.domain.requests import OwnPost, PostRequest, Reshare, Spotlight, Words
from crosspromo.domain.states import State
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.publishing.networks import Capabilities, ImageLimits
from crosspromo.publishing.results import Disposition
from crosspromo.publishing.rules import OrganisationRules
from crosspromo.services.edited_content import Changes
from crosspromo.services.permissions import NewPermission, PermissionService
from crosspromo.services.photo_consents import NewPhotoConsent, PhotoConsentService
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.testing.networks import MemoryConnector
from crosspromo.text.rules import BLUESKY

UTC_ZONE = ZoneInfo("UTC")
KEEPERS = Partner(
    "river-keepers",
    "River Keepers",
    why="They clean our river.",
    handles={"bluesky": "keepers.bsky.social", "x": "keepers"},
)
SPOTLIGHT = Spotlight(author="ana", partner="river-keepers")
CAPABILITIES = Capabilities(text=BLUESKY, images=ImageLimits(most=4))
ACCOUNTS = {
    each.name: replace(each, capabilities=CAPABILITIES)
    for each in (
        replace(rules("bluesky-main"), text_network="bluesky"),
        replace(rules("x-main"), text_network="x"),
    )
}
ORGANISATION = OrganisationRules(floor=None, window=Window(days=28), zone=UTC_ZONE)


class House:
    """A store with one partner, and everything that people and the daemon do with it."""

    def __init__(self, store: Store, folder: Path = Path()) -> None:
        self.store, self.clock = store, FakeClock()
        self.network = MemoryConnector()
        self.dispatcher = Dispatcher(
            store, lambda _name: self.network, ACCOUNTS, ORGANISATION, self.clock, "worker"
        )
        self.permissions = PermissionService(store, self.clock, UTC_ZONE, ACCOUNTS, "dan")
        images = ImageFolder(folder)
        self.photos = PhotoConsentService(
            store, self.clock, UTC_ZONE, ACCOUNTS, images.source, "dan"
        )
        self.posts = PostQueue(
            store=store,
            clock=self.clock,
            rules=ACCOUNTS,
            organisation=ORGANISATION,
            own_group=frozenset(),
            renderer=TEMPLATES,
            pictures=lambda *, keep: ImageFolder(folder, keep=keep),
        )
        with store.write() as unit:
            unit.partners.save(KEEPERS, START)

    @property
    def today(self) -> date:
        return self.clock.now().date()

    def agree(self, scope: Scope = Scope.TAG, *networks: str, until: date | None = None) -> int:
        done = self.permissions.add(
            NewPermission("river-keepers", scope, "Ana Ruiz", self.today, "mail", networks, until)
        )
        return done.permission.number

    def queue(self, request: PostRequest, account: str = "bluesky-main") -> int:
        (queued,) = self.posts.queue(request, [account])
        return queued.view.delivery.id

    def text(self, delivery: int) -> str:
        with self.store.read() as unit:
            return unit.deliveries.get(delivery).content.text

    def state(self, delivery: int) -> State:
        with self.store.read() as unit:
            return unit.deliveries.get(delivery).state

    def held_by(self, delivery: int) -> holds.HoldReason | None:
        with self.store.read() as unit:
            hold = unit.deliveries.get(delivery).hold
        return None if hold is None else hold.reason

    def send(self, account: str = "bluesky-main") -> Disposition | None:
        return publish_next(self.dispatcher, account)


@pytest.fixture
def house(store: Store, tmp_path: Path) -> House:
    return House(store, tmp_path)


def test_a_partner_is_tagged_only_on_networks_that_they_agreed_to(house: House) -> None:
    house.agree(Scope.TAG, "bluesky")
    assert "@keepers.bsky.social" in house.text(house.queue(SPOTLIGHT))
    assert "@" not in house.text(house.queue(SPOTLIGHT, "x-main"))


def test_naming_a_partner_needs_no_permission(house: House) -> None:
    house.queue(SPOTLIGHT)
    assert house.send() is Disposition.PUBLISHED


@pytest.mark.parametrize(
    ("request_", "scope"),
    [
        (OwnPost(author="ana", says=Words("With @keepers.bsky.social!")), Scope.TAG),
        (
            OwnPost(author="ana", says=Words("Look"), declared=(Need(Scope.LOGO, KEEPERS.slug),)),
            Scope.LOGO,
        ),
        (
            OwnPost(author="ana", says=Words("Ah"), declared=(Need(Scope.QUOTE, KEEPERS.slug),)),
            Scope.QUOTE,
        ),
    ],
    ids=["a mention by hand", "a logo", "words of theirs"],
)
def test_a_post_without_a_permission_that_it_needs_is_refused(
    house: House, request_: PostRequest, scope: Scope
) -> None:
    with pytest.raises(QueueingError) as refused:
        house.queue(request_)
    reason = refused.value.reason
    assert isinstance(reason, NoPermission)
    assert [(each.scope, each.why) for each in reason.lacks] == [(scope, Why.MISSING)]
    house.agree(scope)
    house.queue(request_)


def test_the_networks_own_quote_needs_a_permission_and_a_repost_none(
    store: Store, house: House
) -> None:
    account = ACCOUNTS["bluesky-main"]
    quoting = replace(account.capabilities, reposts=re.compile("https://.*"), quotes=True)
    known = {"bluesky-main": replace(account, capabilities=quoting)}
    posts = replace(house.posts, rules=known)
    plain = Reshare(author="ana", partner=KEEPERS.slug, url="https://social.example/1")
    posts.queue(plain, ["bluesky-main"])
    with pytest.raises(QueueingError) as refused:
        posts.queue(replace(plain, quote="So true."), ["bluesky-main"])
    assert isinstance(refused.value.reason, NoPermission)
    assert refused.value.reason.lacks[0].scope is Scope.QUOTE


def test_a_permission_that_ends_before_the_post_is_due_holds_it_there(house: House) -> None:
    house.agree(until=house.today)
    delivery = house.queue(replace(SPOTLIGHT, at=house.clock.now() + timedelta(days=2)))
    house.clock.advance(timedelta(days=2))
    assert house.send() is Disposition.HELD
    reason = house.held_by(delivery)
    assert isinstance(reason, holds.PermissionLacking)
    assert reason.lacks[0].why is Why.EXPIRED


def test_what_is_held_for_want_of_a_permission_goes_once_it_is_there(house: House) -> None:
    house.agree(until=house.today)
    delivery = house.queue(replace(SPOTLIGHT, at=house.clock.now() + timedelta(days=2)))
    house.clock.advance(timedelta(days=2))
    house.send()
    house.agree()
    assert house.send() is Disposition.PUBLISHED
    assert house.held_by(delivery) is None


def test_a_withdrawal_turns_what_is_queued_into_drafts_with_the_reason(house: House) -> None:
    number = house.agree()
    queued, untouched = house.queue(SPOTLIGHT), house.queue(OwnPost(author="ana", says=Words("Us")))
    done = house.permissions.withdraw(number, "they left")
    assert done.consequences.drafts == (queued,)
    assert (house.state(queued), house.state(untouched)) == (State.DRAFT, State.QUEUED)
    with house.store.read() as unit:
        fault = unit.deliveries.get(queued).fault
    assert fault is not None
    assert fault.reason == faults.PermissionWithdrawn(
        Scope.TAG, "River Keepers", "dan", "they left"
    )


def test_a_withdrawal_leaves_what_another_permission_covers(house: House) -> None:
    first, _ = house.agree(), house.agree(Scope.TAG, "bluesky")
    queued = house.queue(SPOTLIGHT)
    assert house.permissions.withdraw(first, "a new form").consequences.drafts == ()
    assert house.state(queued) is State.QUEUED


def test_a_withdrawal_lists_where_it_stands_and_asks_a_person(house: House) -> None:
    number, delivery = house.agree(), house.queue(SPOTLIGHT)
    house.send()
    done = house.permissions.withdraw(number, "they left")
    assert [each.id for each in done.consequences.stands] == [delivery]
    with house.store.read() as unit:
        assert unit.attention(1).stands_withdrawn(delivery)
    person(house.store, house.clock, ACCOUNTS).dismiss(delivery, "they do not mind that one")
    with house.store.read() as unit:
        assert not unit.attention(1).stands_withdrawn(delivery)


@pytest.mark.parametrize(("networks", "asks"), [((), False), (("bluesky",), False), (("x",), True)])
def test_who_agrees_again_ends_what_a_withdrawal_asks_about_a_post_that_stands(
    house: House, networks: tuple[str, ...], asks: bool
) -> None:
    number, delivery = house.agree(), house.queue(SPOTLIGHT)
    house.send()
    house.permissions.withdraw(number, "they left")
    house.agree(Scope.LOGO)
    with house.store.read() as unit:
        assert unit.attention(1).stands_withdrawn(delivery)
    house.agree(Scope.TAG, *networks)
    with house.store.read() as unit:
        assert unit.attention(1).stands_withdrawn(delivery) is asks


def test_a_withdrawal_is_recorded_once_and_needs_a_reason(house: House) -> None:
    number = house.agree()
    with pytest.raises(Refused):
        house.permissions.withdraw(number, " ")
    house.permissions.withdraw(number, "they left")
    with pytest.raises(InputError) as refused:
        house.permissions.withdraw(number, "again")
    assert isinstance(refused.value.reason, WithdrawnAlready)


def test_a_permission_names_a_day_that_was_and_networks_that_there_are(house: House) -> None:
    ahead = house.today + timedelta(days=1)
    new = NewPermission("river-keepers", Scope.TAG, "Ana Ruiz", house.today, "mail")
    for wrong, reason in (
        (replace(new, agreed_on=ahead), AgreedLater),
        (replace(new, networks=("myspace",)), UnknownNetworks),
    ):
        with pytest.raises(InputError) as refused:
            house.permissions.add(wrong)
        assert isinstance(refused.value.reason, reason)
    assert house.permissions.all() == []


# Images


def picture(folder: Path) -> str:
    Picture.new("RGB", (40, 30), "green").save(folder / "river.png")
    return str(folder / "river.png")


def shows(image: str) -> OwnPost:
    return OwnPost(
        author="ana", says=Words("A day at the river"), images=(Image(image, "A river"),)
    )


def test_an_image_of_which_nothing_is_known_is_allowed(house: House, tmp_path: Path) -> None:
    house.queue(shows(picture(tmp_path)))
    assert house.send() is Disposition.PUBLISHED


def test_a_no_turns_what_is_queued_into_drafts_and_refuses_the_next(
    house: House, tmp_path: Path
) -> None:
    image = picture(tmp_path)
    queued = house.queue(shows(image))
    no = NewPhotoConsent(image, "Sam Lee", consent=False, given_by="Sam Lee", evidence="mail")
    assert house.photos.add(no).consequences.drafts == (queued,)
    assert house.state(queued) is State.DRAFT
    with pytest.raises(QueueingError) as refused:
        house.queue(replace(shows(image), says=Words("Another day")))
    assert isinstance(refused.value.reason, NoPhotoConsent)


def test_a_consent_that_ends_holds_the_image_at_the_gate(house: House, tmp_path: Path) -> None:
    image = picture(tmp_path)
    house.photos.add(
        NewPhotoConsent(
            image, "Sam", consent=True, given_by="Sam", evidence="form", until=house.today
        )
    )
    delivery = house.queue(replace(shows(image), at=house.clock.now() + timedelta(days=2)))
    house.clock.advance(timedelta(days=2))
    assert house.send() is Disposition.HELD
    assert isinstance(house.held_by(delivery), holds.PhotoConsentLacking)


def test_a_withdrawn_consent_lists_where_the_image_stands(house: House, tmp_path: Path) -> None:
    image = picture(tmp_path)
    yes = NewPhotoConsent(image, "Sam", consent=True, given_by="Sam", evidence="form")
    number = house.photos.add(yes).consent.number
    delivery = house.queue(shows(image))
    house.send()
    done = house.photos.withdraw(number, "his mother called")
    assert [each.id for each in done.consequences.stands] == [delivery]


# What was agreed with partners


def limit(house: House, **limits: int) -> None:
    with house.store.write() as unit:
        unit.partners.save(replace(KEEPERS, **limits), START)  # type: ignore[arg-type]  # each is a number


def test_a_limit_of_the_partner_holds_until_an_earlier_post_leaves_the_window(
    house: House,
) -> None:
    limit(house, most_posts=1, most_posts_days=7)
    first = replace(SPOTLIGHT, variables={"why": "1"})
    house.queue(first)
    house.queue(replace(SPOTLIGHT, link="https://keepers.example"), "x-main")
    assert house.send() is Disposition.PUBLISHED
    sent_at = house.clock.now()
    assert house.send("x-main") is Disposition.HELD
    reason, until = house.held_by(2), sent_at + timedelta(days=7)
    assert reason == holds.PartnerLimitReached("River Keepers", 1, 7)
    house.clock.advance(until - sent_at)
    assert house.send("x-main") is Disposition.PUBLISHED


def test_two_posts_of_one_batch_do_not_share_the_last_room(house: House) -> None:
    limit(house, most_posts=1, most_posts_days=7)
    house.queue(SPOTLIGHT)
    house.queue(replace(SPOTLIGHT, link="https://keepers.example"), "x-main")
    done = house.dispatcher.advance([], ["bluesky-main", "x-main"], {})
    prepared = {each.account: house.dispatcher.make_ready(each) for each in done.to_prepare}
    if prepared:
        done = house.dispatcher.advance([], list(prepared), prepared)
    assert len(done.to_send) == 1


def test_notice_of_the_partner_runs_from_queueing_and_ends_by_itself(house: House) -> None:
    limit(house, notice_hours=48)
    delivery = house.queue(SPOTLIGHT)
    assert house.send() is Disposition.HELD
    assert house.held_by(delivery) == holds.PartnerNoticeRuns("River Keepers", 48)
    house.clock.advance(timedelta(hours=48))
    assert house.send() is Disposition.PUBLISHED


def test_a_day_of_silence_of_the_partner_holds_posts_about_them_alone(house: House) -> None:
    with house.store.write() as unit:
        unit.partner_limits._connection.execute(
            text(
                "INSERT INTO partner_entries (partner_id, kind, words, day, last_day, recorded_at,"
                " recorded_by) SELECT id, 'blackout', 'mourning', '2026-04-01', '2026-04-02',"
                " '2026-01-01 00:00:00.000000', 'dan' FROM partners"
            )
        )
    delivery = house.queue(SPOTLIGHT)
    house.queue(OwnPost(author="ana", says=Words("About us")), "x-main")
    assert house.send() is Disposition.HELD
    first, last = date(2026, 4, 1), date(2026, 4, 2)
    assert house.held_by(delivery) == holds.Blackout(first, last, KEEPERS.slug, "mourning")
    assert house.send("x-main") is Disposition.PUBLISHED
    house.clock.advance(timedelta(days=2))
    assert house.send() is Disposition.PUBLISHED


def test_a_day_of_silence_of_the_partner_is_noted_at_queueing(house: House) -> None:
    with house.store.write() as unit:
        unit.partner_limits._connection.execute(
            text(
                "INSERT INTO partner_entries (partner_id, kind, words, day, last_day, recorded_at,"
                " recorded_by) SELECT id, 'blackout', '', '2026-04-03', '2026-04-03',"
                " '2026-01-01 00:00:00.000000', 'dan' FROM partners"
            )
        )
    asked = replace(SPOTLIGHT, at=house.clock.now() + timedelta(days=2))
    (queued,) = house.posts.queue(asked, ["bluesky-main"])
    assert [type(note) for note in queued.notes] == [InBlackout]


# What an edit needs


def test_an_edit_that_tags_somebody_needs_their_permission(house: House) -> None:
    delivery = house.queue(OwnPost(author="ana", says=Words("About us")))
    editor = person(house.store, house.clock, ACCOUNTS)
    changes = Changes(text="With @keepers.bsky.social")
    with pytest.raises(QueueingError):
        editor.edit(delivery, changes)
    assert house.text(delivery) == "About us"
    house.agree()
    editor.edit(delivery, changes)
    with house.store.read() as unit:
        assert unit.permissions.needs([delivery]) == {delivery: [Need(Scope.TAG, KEEPERS.slug)]}


def test_an_edit_keeps_what_was_declared_and_drops_what_is_no_longer_said(house: House) -> None:
    house.agree()
    house.agree(Scope.LOGO)
    logo = Need(Scope.LOGO, KEEPERS.slug, declared=True)
    delivery = house.queue(replace(SPOTLIGHT, declared=(logo,)))
    person(house.store, house.clock, ACCOUNTS).edit(delivery, Changes(text="They are great."))
    with house.store.read() as unit:
        assert unit.permissions.needs([delivery]) == {delivery: [logo]}


# Whatever happens, in whatever order

ACTS = st.lists(
    st.sampled_from(["agree", "withdraw", "queue", "send", "day", "other network"]), max_size=25
)


@settings(max_examples=examples(25), deadline=None)
@given(ACTS)
def test_no_claim_uses_a_permission_after_its_withdrawal(acts: list[str]) -> None:
    store = memory_store()
    try:
        house = House(store)
        for number, act in enumerate(["agree", "queue", "queue", *acts, "send"]):
            standing = [each for each in house.permissions.all() if each.stands]
            match act:
                case "agree":
                    house.agree(until=house.today + timedelta(days=3))
                case "other network":
                    house.agree(Scope.TAG, "x")
                case "withdraw" if standing:
                    house.permissions.withdraw(standing[0].number, "they left")
                case "queue":
                    house.queue(replace(SPOTLIGHT, link=f"https://keepers.example/{number}"))
                case "day":
                    house.clock.advance(timedelta(days=1))
                case "send":
                    may_tag = any(each.covers("bluesky", house.today) for each in standing)
                    before = len(house.network.sent)
                    house.send()
                    for prepared in house.network.sent[before:]:
                        assert may_tag or "@keepers" not in str(prepared.payload)
                case _:
                    assert not standing  # there is nothing to withdraw
    finally:
        store.close()
