"""What an account would get, and all that can be wrong with it, before anything is written."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from exact import exact
from posts import changed
from timetables import TimetableInMemory

from crosspromo.domain.errors import QueueingError
from crosspromo.domain.events import Event
from crosspromo.domain.partner_limits import PartnerLimits
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Need, NeedsAsked, Permission
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Content, Credit, Hosting, Image
from crosspromo.domain.reasons.queueing import (
    AfterEventStart,
    EventHasBegun,
    EventIsCancelled,
    TextTooLong,
)
from crosspromo.domain.requests import EventPost, Notice, OwnPost, Reshare, Spotlight, Words
from crosspromo.domain.timing import Slot
from crosspromo.phrasing.refusals import of_refusal
from crosspromo.publishing.compose import Material, Rendered, compose
from crosspromo.publishing.enqueue import ProposedDelivery, propose
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.ports import QueueingUnit
from crosspromo.publishing.rules import AccountRules
from crosspromo.testing.clock import FakeClock
from crosspromo.text.fitting import Segment
from crosspromo.text.rules import BLUESKY, EMAIL, REDDIT, TextRules, X

CHICAGO = ZoneInfo("America/Chicago")
NOW = FakeClock().now()  # Wednesday 2026-04-01, 7:00 in Chicago
OWN = Material(OwnPost(author="us", says=Words("Hello")))
KEEPERS = Partner(slug="river-keepers", name="River Keepers")
ACTION = Partner(slug="rva-action", name="River Valley Action")
OWN_GROUP = frozenset({"rva-action"})
CLEANUP = Event(
    slug="river-cleanup",
    title="River Cleanup",
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, hours=3),
    zone="America/Chicago",
    uid="cleanup@us.example",
)


def spotlight(partner: Partner) -> Material:
    return Material(Spotlight(author="us", partner=partner.slug), (partner,))


def about(event: Event, *hosts: Partner) -> Material:
    return Material(EventPost(author="us", event=event.slug), hosts, event)


PICTURE = Image("pictures/river.png", "The river at dawn")


@dataclass(frozen=True)
class Says:
    """A renderer that always says the same, and remembers for which network."""

    text: str = "Hello"
    title: str | None = None
    segments: tuple[Segment, ...] = ()
    by_network: Mapping[str, str] | None = None

    def render(self, material: Material, network: str) -> Rendered:
        if self.by_network is not None:
            return Rendered((Segment(self.by_network[network]),), self.title)
        return Rendered(self.segments or (Segment(self.text),), self.title)


class Agreed:
    """Permissions of partners who agreed to everything, and whose handles nobody knows."""

    def with_handles(self, _network: str, _handles: object) -> dict[str, str]:
        return {}

    def asked_of(self, needs: Collection[Need]) -> list[NeedsAsked]:
        return [NeedsAsked(need, need.partner, [anything(need)]) for need in needs]


def anything(need: Need) -> Permission:
    return Permission(
        number=1,
        partner=need.partner,
        scope=need.scope,
        networks=(),
        agreed_by="Ana",
        agreed_on=None,
        until=None,
        evidence="mail",
        recorded_at=NOW,
        recorded_by="us",
    )


class NoLimits:
    """Partners who have agreed on no limits with us."""

    def of(self, _slugs: object, _today: object) -> dict[str, PartnerLimits]:
        return {}


class Queue:
    """All that drafting asks of the store: the times of the other deliveries, and agreements."""

    def __init__(self, *taken: datetime) -> None:
        self.taken = TimetableInMemory(*taken)
        self.deliveries = self
        self.permissions = Agreed()
        self.partner_limits = NoLimits()

    def timetable(self, account: str) -> TimetableInMemory:
        assert account == "main"
        return self.taken


def account(text: TextRules = BLUESKY, **capabilities: object) -> AccountRules:
    return AccountRules(
        name="main",
        network="sandbox",
        text_network=text.network,
        capabilities=replace(Capabilities(text), **capabilities),  # type: ignore[arg-type]  # each is of its field's type
        policy=Policy(slots=(Slot.parse("daily 09:00"),)),
        timeout=timedelta(seconds=30),
        look_up_after=(timedelta(seconds=20),),
    )


def drafted(
    request: Material,
    *,
    says: Says | None = None,
    rules: AccountRules | None = None,
    queue: Queue | None = None,
) -> ProposedDelivery:
    return propose(
        cast("QueueingUnit", queue or Queue()),
        request,
        rules or account(),
        renderer=says or Says(),
        own_group=OWN_GROUP,
        zone=CHICAGO,
        now=NOW,
    )


def fault(request: Material = OWN, says: Says | None = None, rules: TextRules = BLUESKY) -> str:
    with pytest.raises(QueueingError) as error:
        compose(request, account(rules), says or Says())
    return of_refusal(error.value.reason, CHICAGO)


# Text


def test_the_text_is_written_for_the_network_that_the_account_speaks() -> None:
    says = Says(by_network={"bluesky": "for Bluesky", "reddit": "for Reddit"}, title="A title")
    assert compose(OWN, account(BLUESKY), says)[0].text == "for Bluesky"
    assert compose(OWN, account(REDDIT), says)[0].text == "for Reddit"


def test_what_has_to_go_is_reported() -> None:
    parts = (Segment("a" * 290), Segment(" Optional words.", drop=1))
    content, dropped, *_ = compose(OWN, account(), Says(segments=parts))
    assert content.text == "a" * 290
    assert dropped == (" Optional words.",)


def test_a_text_that_fits_drops_nothing() -> None:
    parts = (Segment("Hello"), Segment(" there", drop=1))
    content, dropped, *_ = compose(OWN, account(), Says(segments=parts))
    assert (content.text, dropped) == ("Hello there", ())


def test_a_text_too_long_says_on_which_account_by_how_much_and_where() -> None:
    assert fault(says=Says("Short one. " + "A" * 296)) == (
        "main: the text is too long by 7 (307 of 300); what could be shortened: "
        f"“{'A' * 39}…” (296), “Short one.” (10)"
    )


def test_each_network_counts_in_its_own_way() -> None:
    text = "東" * 141
    assert compose(OWN, account(BLUESKY), Says(text))[0].text == text
    assert fault(says=Says(text), rules=X).startswith(
        "main: the text is too long by 2 (282 of 280)"
    )


@pytest.mark.parametrize("text", ["", " \n "])
def test_an_empty_text_says_nothing(text: str) -> None:
    assert (
        fault(says=Says(text)) == "main: there is nothing to say: nothing of the text can be seen"
    )


def test_a_title_alone_is_something_to_say_where_titles_are() -> None:
    content = compose(OWN, account(REDDIT), Says("", title="Look")).content
    assert (content.title, content.text) == ("Look", "")


def test_what_was_asked_for_is_carried_along() -> None:
    content = compose(changed(OWN, link="https://us.example"), account(), Says()).content
    assert content.link == "https://us.example"
    content = compose(changed(RESHARE, url="https://them.example/1"), account(), Says()).content
    assert content.reshare_of == "https://them.example/1"


# Reshares

POST = "https://social.example/river-keepers/1"
REPOSTS = re.compile(r"https://social\.example/[a-z-]+/\d+")
RESHARE = Material(Reshare(author="us", partner="river-keepers", url=POST), (KEEPERS,))


def shared(request: Material, **capabilities: object) -> Content:
    text = cast("TextRules", capabilities.pop("text", BLUESKY))
    rules = account(text, reposts=REPOSTS, **capabilities)
    return compose(request, rules, Says("From a template"))[0]


def test_a_post_of_the_accounts_own_network_is_reposted() -> None:
    assert shared(RESHARE) == Content("", reshare_of=POST, native=True)


@pytest.mark.parametrize(
    "address", [f"{POST}x", "https://elsewhere.example/river-keepers/1", f"{POST}/photo?s=20"]
)
def test_one_that_is_none_is_a_text_with_its_address(address: str) -> None:
    found = shared(changed(RESHARE, url=address))
    assert found == Content(
        f"From a template\n\n{address}", reshare_of=address, addresses=(address,)
    )


def test_a_network_that_cannot_repost_gets_a_text() -> None:
    content = compose(RESHARE, account(), Says("From a template")).content
    assert content == Content(f"From a template\n\n{POST}", reshare_of=POST, addresses=(POST,))


@pytest.mark.parametrize("more", ["?s=20&t=abc", "#top", "?utm_source=share"])
def test_by_which_button_somebody_found_it_does_not_matter(more: str) -> None:
    taken_whole = re.compile(REPOSTS.pattern + r"([?#].*)?")
    for pattern in (REPOSTS, taken_whole):
        request = changed(RESHARE, url=POST + more)
        content = compose(request, account(reposts=pattern), Says()).content
        assert (content.native, content.reshare_of) == (True, POST)


def test_an_address_that_needs_its_query_keeps_it() -> None:
    pattern = re.compile(r"https://social\.example/post\?id=\d+")
    request = changed(RESHARE, url="https://social.example/post?id=1")
    content = compose(request, account(reposts=pattern), Says()).content
    assert (content.native, content.reshare_of) == (True, request.reshare_of)


def test_with_words_it_is_quoted_where_that_is_possible() -> None:
    quoted = changed(RESHARE, text=" So true. ")
    assert shared(quoted, quotes=True) == Content("So true.", reshare_of=POST, native=True)
    assert shared(quoted).text == f"From a template\n\n{POST}"


@pytest.mark.parametrize("text", ["", "  "])
def test_words_that_are_none_quote_nothing(text: str) -> None:
    assert shared(changed(RESHARE, text=text)).native


def test_a_quote_is_held_to_the_limit_and_is_never_a_thread() -> None:
    with pytest.raises(QueueingError) as error:
        shared(changed(RESHARE, text="a" * 301), quotes=True, threads=True)
    assert exact(error.value.reason) == exact(
        TextTooLong("main", over=1, length=301, limit=300, longest=(("a" * 39 + "…", 301),))
    )


def test_who_was_paid_says_so_or_makes_a_text_of_it() -> None:
    paid = changed(RESHARE, paid=True)
    assert shared(paid, quotes=True).text == "Paid partnership."
    assert shared(paid, quotes=True).native
    assert shared(paid).text == f"Paid partnership.\n\nFrom a template\n\n{POST}"


def test_a_repost_needs_no_title_and_keeps_one_that_was_given() -> None:
    assert shared(RESHARE, text=REDDIT).title is None
    assert shared(changed(RESHARE, title="Look"), text=REDDIT).title == "Look"


def test_a_repost_costs_what_a_post_without_a_link_does() -> None:
    rules = account(X, reposts=REPOSTS, cost_per_post=0.015, cost_per_link_post=0.20)
    assert drafted(RESHARE, rules=rules).cost == 0.015


@pytest.mark.parametrize("text", [f"See {POST}!", f"{POST} is worth it"])
def test_a_template_that_names_the_post_is_left_as_it_is(text: str) -> None:
    assert compose(RESHARE, account(), Says(text)).content.text == text


# Titles


def test_a_title_that_somebody_names_takes_the_place_of_the_templates() -> None:
    assert compose(OWN, account(REDDIT), Says(title="Usual"))[0].title == "Usual"
    named = changed(OWN, title="  Mine,\n really ")
    assert compose(named, account(REDDIT), Says(title="Usual"))[0].title == "Mine, really"


def test_where_there_are_no_titles_none_is_sent() -> None:
    assert compose(changed(OWN, title="Mine"), account(BLUESKY), Says())[0].title is None


@pytest.mark.parametrize("title", [None, "", " \n "])
def test_where_a_title_is_needed_it_is_asked_for(title: str | None) -> None:
    assert fault(changed(OWN, title=title), rules=REDDIT) == "main needs a title; write one"


def test_where_a_title_may_be_it_need_not() -> None:
    rules = replace(REDDIT, title_required=False)
    assert compose(OWN, account(rules), Says())[0].title is None


def test_a_title_too_long_says_by_how_much() -> None:
    assert compose(changed(OWN, title="a" * 300), account(REDDIT), Says())[0].title == "a" * 300
    assert fault(changed(OWN, title="a" * 304), rules=REDDIT) == (
        "main: the title is too long by 4 (304 of 300); shorten it"
    )


def test_a_title_is_counted_as_its_network_counts_it() -> None:
    assert fault(changed(OWN, title="é" * 500), rules=EMAIL) == (
        "main: the title is too long by 2 (1000 of 998); shorten it"
    )


# Images


def test_images_go_along_with_their_alt_text() -> None:
    content = compose(changed(OWN, images=(PICTURE,)), account(), Says()).content
    assert content.images == (PICTURE,)


# Cost


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("Hello", 0.015),
        ("Hello https://us.example.org", 0.20),
        ("Hello example.org", 0.20),  # X links it all the same
        ("Hello @us #Water", 0.015),
    ],
)
def test_a_post_costs_more_with_a_link(text: str, cost: float) -> None:
    rules = account(X, cost_per_post=0.015, cost_per_link_post=0.20)
    assert drafted(OWN, says=Says(text), rules=rules).cost == cost


def test_where_posts_are_free_no_cost_is_shown() -> None:
    assert drafted(OWN, says=Says("https://us.example.org")).cost is None


# Credit


@pytest.mark.parametrize(
    ("request_", "credit"),
    [
        (OWN, Credit.SELF),
        (Material(Notice(author="us", text="Boil water.", reason="county")), Credit.NONE),
        (spotlight(KEEPERS), Credit.OTHERS),
        (spotlight(ACTION), Credit.SELF),
        (changed(spotlight(KEEPERS), paid=True), Credit.SELF),
        (RESHARE, Credit.OTHERS),
        (changed(RESHARE, partners=()), Credit.SELF),  # whose it is, nobody said
    ],
)
def test_a_post_is_credited_by_whom_it_is_about(request_: Material, credit: Credit) -> None:
    assert drafted(request_).credit is credit


@pytest.mark.parametrize(
    ("hosting", "partners", "credit"),
    [
        (Hosting.OURS, (), Credit.SELF),
        (Hosting.PARTNER, (KEEPERS,), Credit.OTHERS),
        (Hosting.PARTNER, (ACTION,), Credit.SELF),
        (Hosting.PARTNER, (), Credit.SELF),  # which partner's, nobody said
        (Hosting.JOINT, (KEEPERS,), Credit.BOTH),
        (Hosting.JOINT, (KEEPERS, ACTION), Credit.BOTH),
        (Hosting.JOINT_WE_LEAD, (KEEPERS,), Credit.SELF),
    ],
)
def test_an_event_is_credited_by_who_holds_it(
    hosting: Hosting, partners: tuple[Partner, ...], credit: Credit
) -> None:
    event = replace(CLEANUP, hosting=hosting)
    assert drafted(about(event, *partners)).credit is credit


# When


def test_a_named_time_is_kept_and_pinned() -> None:
    at = NOW + timedelta(hours=1)
    found = drafted(changed(OWN, at=at))
    assert (found.due_at, found.pinned) == (at, True)


def test_without_a_time_it_is_the_next_free_slot_and_not_pinned() -> None:
    first = datetime(2026, 4, 1, 14, 0, tzinfo=UTC)
    assert (drafted(OWN).due_at, drafted(OWN).pinned) == (first, False)
    assert drafted(OWN, queue=Queue(first)).due_at == first + timedelta(days=1)


# Expiry

ABOUT_CLEANUP = about(CLEANUP, KEEPERS)


def test_a_post_about_an_event_expires_when_it_starts() -> None:
    assert drafted(ABOUT_CLEANUP).expires_at == CLEANUP.starts_at
    assert drafted(OWN).expires_at is None


def test_a_post_about_an_event_goes_out_before_it_starts() -> None:
    in_time = changed(ABOUT_CLEANUP, at=CLEANUP.starts_at - timedelta(minutes=1))
    assert drafted(in_time).due_at == in_time.request.at
    with pytest.raises(QueueingError) as error:
        drafted(changed(ABOUT_CLEANUP, at=CLEANUP.starts_at))
    start = CLEANUP.starts_at
    assert exact(error.value.reason) == exact(AfterEventStart("main", start, start))
    assert of_refusal(error.value.reason, CHICAGO) == (
        "main: this would go out at Thu 2026-04-02 07:00, after the event has begun "
        "(Thu 2026-04-02 07:00); name an earlier time"
    )


def test_an_event_whose_next_free_slot_comes_too_late_says_so() -> None:
    taken = Queue(datetime(2026, 4, 1, 14, 0, tzinfo=UTC))
    with pytest.raises(QueueingError) as error:
        drafted(ABOUT_CLEANUP, queue=taken)
    too_late = datetime(2026, 4, 2, 14, 0, tzinfo=UTC)
    assert exact(error.value.reason) == exact(AfterEventStart("main", too_late, CLEANUP.starts_at))


def test_nobody_is_invited_to_what_is_over_or_called_off() -> None:
    with pytest.raises(QueueingError) as error:
        drafted(changed(ABOUT_CLEANUP, event=replace(CLEANUP, starts_at=NOW)))
    assert exact(error.value.reason) == exact(EventHasBegun("river-cleanup"))
    with pytest.raises(QueueingError) as error:
        drafted(changed(ABOUT_CLEANUP, event=replace(CLEANUP, cancelled=True)))
    assert exact(error.value.reason) == exact(EventIsCancelled("river-cleanup"))


# Threads


LONG = " ".join(f"Sentence number {n} says something about the river." for n in range(12))


def test_a_text_too_long_becomes_a_thread_only_when_asked() -> None:
    says = Says(LONG)
    with pytest.raises(QueueingError) as error:
        compose(OWN, account(threads=True), says)
    assert isinstance(error.value.reason, TextTooLong)
    assert error.value.reason.may_thread
    content, dropped, *_ = compose(changed(OWN, thread=True), account(threads=True), says)
    assert content.text == LONG
    assert len(content.parts) > 1
    assert all(BLUESKY.fits(part) for part in content.parts)
    assert dropped == ()


def test_a_thread_leaves_nothing_out() -> None:
    says = Says(segments=(Segment(LONG), Segment(" One more.", drop=1)))
    content = compose(changed(OWN, thread=True), account(threads=True), says).content
    assert "One more." in " ".join(content.parts)


def test_a_text_that_fits_is_one_post_even_when_a_thread_was_asked_for() -> None:
    content = compose(changed(OWN, thread=True), account(threads=True), Says("Hello")).content
    assert (content.text, content.parts) == ("Hello", ())


def test_a_network_without_threads_says_by_how_much_it_is_too_long() -> None:
    with pytest.raises(QueueingError) as error:
        compose(changed(OWN, thread=True), account(), Says(LONG))
    assert isinstance(error.value.reason, TextTooLong)
    assert error.value.reason.over == error.value.reason.length - 300
    assert not error.value.reason.may_thread


def test_a_thread_costs_what_its_posts_cost() -> None:
    prices = account(X, threads=True, cost_per_post=0.015, cost_per_link_post=0.2)
    thread = drafted(changed(OWN, thread=True), says=Says(f"{LONG} https://us.org"), rules=prices)
    count = len(thread.content.parts)
    assert thread.cost == pytest.approx(0.015 * (count - 1) + 0.2)
