"""From a request to the queue, without a command line: what is written, and what is refused."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from stories import rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.errors import InputError, Refused, TemplateError
from crosspromo.domain.events import Event
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Hosting, Image
from crosspromo.domain.ratio import Window
from crosspromo.domain.reasons.notes import HostArchived, TitleNotShown
from crosspromo.domain.requests import (
    EventPost,
    FromTemplate,
    Notice,
    OwnPost,
    PostRequest,
    Reshare,
    Spotlight,
    Words,
)
from crosspromo.domain.states import State
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.rules import AccountRules, OrganisationRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.queue_post import Budget, PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.text.rules import BLUESKY, REDDIT, X

CLOCK = FakeClock()
NOW = CLOCK.now()
ALL = ("main", "second")
KEEPERS = Partner("river-keepers", "River Keepers", why="They clean our river.")
CLEANUP = Event(
    slug="river-cleanup",
    title="River Cleanup",
    starts_at=NOW + timedelta(days=1),
    ends_at=NOW + timedelta(days=1, hours=3),
    zone="UTC",
    uid="cleanup@us.example",
    hosting=Hosting.PARTNER,
    partners=("river-keepers",),
)
OWN = OwnPost(author="ana", says=Words("Our annual report is out."))


def queue(
    store: Store, folder: Path, *accounts: AccountRules, status: str | None = None
) -> PostQueue:
    known = accounts or (rules("main"), rules("second"))
    return PostQueue(
        store=store,
        clock=CLOCK,
        rules={each.name: each for each in known},
        organisation=OrganisationRules(
            floor=None, window=Window(days=28), zone=ZoneInfo("UTC"), status=status
        ),
        own_group=frozenset({"our-action"}),
        renderer=Templates((SHIPPED / "templates",), "us"),
        pictures=lambda *, keep: ImageFolder(folder, keep=keep),
    )


@pytest.fixture
def known(store: Store) -> Store:
    """A store that knows a partner and her event."""
    with store.write() as unit:
        unit.partners.save(KEEPERS, START)
        unit.events.save(CLEANUP)
    return store


REQUESTS: dict[str, tuple[PostRequest, Credit]] = {
    "spotlight": (Spotlight(author="ana", partner="river-keepers"), Credit.OTHERS),
    "event": (EventPost(author="ana", event="river-cleanup"), Credit.OTHERS),
    "reshare": (
        Reshare(author="ana", partner="river-keepers", url="https://social.example/1"),
        Credit.OTHERS,
    ),
    "own": (OWN, Credit.SELF),
    "notice": (Notice(author="ana", text="Boil water.", reason="county"), Credit.NONE),
}


@pytest.mark.parametrize(("request_", "credit"), REQUESTS.values(), ids=REQUESTS)
def test_each_kind_is_queued_with_its_credit(
    known: Store, tmp_path: Path, request_: PostRequest, credit: Credit
) -> None:
    queued = queue(known, tmp_path).queue(request_, ALL)
    assert [each.view.delivery.account for each in queued] == ["main", "second"]
    assert {each.view.delivery.credit for each in queued} == {credit}
    assert {each.view.delivery.state for each in queued} == {State.QUEUED}
    assert all(0 < each.length <= each.limit for each in queued)


def test_a_dry_run_says_the_same_and_writes_nothing(known: Store, tmp_path: Path) -> None:
    would = queue(known, tmp_path).queue(OWN, ALL, dry_run=True)
    assert [each.view.delivery.content.text for each in would] == ["Our annual report is out."] * 2
    with known.read() as unit:
        assert unit.deliveries.counts() == {}


def test_a_draft_says_whose_approval_it_waits_for(known: Store, tmp_path: Path) -> None:
    asking = replace(rules("main"), policy=replace(rules().policy, approval=Approvers.ONE))
    (queued,) = queue(known, tmp_path, asking).queue(OWN, ["main"])
    assert queued.view.delivery.state is State.DRAFT
    assert queued.view.approval.people_missing == 1


def test_what_costs_something_says_what_is_left_of_the_budget(known: Store, tmp_path: Path) -> None:
    paid = replace(
        rules("main"),
        policy=replace(rules().policy, monthly_budget=0.02),
        capabilities=replace(rules().capabilities, text=X, cost_per_post=0.015),
    )
    (queued,) = queue(known, tmp_path, paid).queue(OWN, ["main"])
    assert queued.budget == Budget(most=0.02, left=0.005)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as error:
        act()
    return error.value.code


LONG = OwnPost(author="ana", says=Words("word " * 200))
REFUSED: dict[str, tuple[PostRequest, tuple[str, ...], str]] = {
    "a past time": (replace(OWN, at=NOW - timedelta(minutes=1)), ALL, "past-moment"),
    "no account": (OWN, (), "no-account-named"),
    "an unknown account": (OWN, ("nobody",), "no-such-account"),
    "an unknown partner": (Spotlight(author="ana", partner="nobody"), ALL, "no-such-partner"),
    "an unknown event": (EventPost(author="ana", event="nothing"), ALL, "no-such-event"),
    "a text too long": (LONG, ALL, "text-too-long"),
    "an empty text": (OwnPost(author="ana", says=Words(" ")), ALL, "nothing-to-say"),
    "images where there are none": (
        replace(OWN, images=(Image("river.png", "The river"),)),
        ALL,
        "too-many-images",
    ),
    "a time after the event began": (
        EventPost(author="ana", event="river-cleanup", at=NOW + timedelta(days=2)),
        ALL,
        "after-event-start",
    ),
}


@pytest.mark.parametrize(("request_", "accounts", "code"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_leaves_nothing_behind(
    known: Store, tmp_path: Path, request_: PostRequest, accounts: tuple[str, ...], code: str
) -> None:
    assert code_of(lambda: queue(known, tmp_path).queue(request_, accounts)) == code
    with known.read() as unit:
        assert unit.deliveries.counts() == {}


def test_the_same_text_again_needs_a_reason(known: Store, tmp_path: Path) -> None:
    queue(known, tmp_path).queue(OWN, ["main"])
    assert code_of(lambda: queue(known, tmp_path).queue(OWN, ["main"])) == "said-already"
    again = replace(OWN, allow_duplicate="the printer ate the first one")
    (queued,) = queue(known, tmp_path).queue(again, ["main"])
    assert queued.view.delivery.duplicate_allowed


SOUP = (
    "On Saturday, April 18 we clean the river bank with our neighbours, and everybody who has "
    "boots and an hour is welcome to come and to stay for soup afterwards with all of us"
)


@pytest.mark.parametrize(
    "again",
    [SOUP.upper(), f"{SOUP}!!!", SOUP.replace(" ", "\u200b  "), SOUP.replace("boots", "wellies")],
)
def test_nearly_the_same_text_again_needs_a_reason(
    known: Store, tmp_path: Path, again: str
) -> None:
    ours = queue(known, tmp_path)
    ours.queue(OwnPost(author="ana", says=Words(SOUP)), ["main"])
    asked = OwnPost(author="ana", says=Words(again))
    assert code_of(lambda: ours.queue(asked, ["main"])) == "said-already"
    ours.queue(replace(asked, allow_duplicate="it rained on the first one"), ["main"])


def test_the_same_words_about_another_day_or_address_are_another_text(
    known: Store, tmp_path: Path
) -> None:
    ours = queue(known, tmp_path)
    for text in (SOUP, SOUP.replace("18", "25"), f"{SOUP} https://us.example/more"):
        ours.queue(OwnPost(author="ana", says=Words(text)), ["main"])


@pytest.mark.parametrize("text", ["\u200b", "\u2060 \ufeff\n", "\u3164", "\u2800"])
def test_a_text_of_which_nothing_can_be_seen_is_refused(
    known: Store, tmp_path: Path, text: str
) -> None:
    ours = queue(known, tmp_path)
    for asked in (
        OwnPost(author="ana", says=Words(text), link="https://us.example"),
        Notice(author="ana", text=text, reason="county"),
    ):
        assert code_of(partial(ours.queue, asked, ["main"])) == "nothing-to-say"


def test_a_long_address_is_counted_as_it_will_be_sent(known: Store, tmp_path: Path) -> None:
    account = rules("main")
    account = replace(account, capabilities=replace(account.capabilities, text=BLUESKY))
    link = "https://us.example/" + "a-long-way-" * 40
    request = OwnPost(author="ana", says=Words("Read this"), link=link)
    (queued,) = queue(known, tmp_path, account).queue(request, ["main"])
    assert queued.length < 60
    assert link in queued.view.delivery.content.text


def test_two_accounts_that_must_not_say_the_same(known: Store, tmp_path: Path) -> None:
    twins = (
        replace(rules("main"), accounts_sharing_duplicate_rule=("second",)),
        replace(rules("second"), accounts_sharing_duplicate_rule=("main",)),
    )
    assert code_of(lambda: queue(known, tmp_path, *twins).queue(OWN, ALL)) == "same-on-two-accounts"
    queue(known, tmp_path, *twins).queue(OWN, ["main"])
    code = code_of(lambda: queue(known, tmp_path, *twins).queue(OWN, ["second"]))
    assert code == "said-elsewhere"


def test_whom_the_law_bars_us_from_sharing(known: Store, tmp_path: Path) -> None:
    with known.write() as unit:
        unit.partners.save(Partner("kim", "Kim for Mayor", status="candidate"), START)
    ours = queue(known, tmp_path, rules("main"), status="c3")
    kim = Spotlight(author="ana", partner="kim")
    assert code_of(lambda: ours.queue(kim, ["main"])) == "barred-by-law"


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (replace(CLEANUP, cancelled=True), "event-is-cancelled"),
        (replace(CLEANUP, starts_at=NOW), "event-has-begun"),
    ],
)
def test_an_event_that_will_not_be(known: Store, tmp_path: Path, event: Event, code: str) -> None:
    with known.write() as unit:
        unit.events.save(event)
    about = EventPost(author="ana", event="river-cleanup")
    assert code_of(lambda: queue(known, tmp_path).queue(about, ALL)) == code


def test_a_template_that_asks_for_more_names_it(known: Store, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "thanks.j2").write_text("Thank you, {{ whom }}!")
    asks = replace(queue(known, tmp_path), renderer=Templates((tmp_path,), "us"))
    with pytest.raises(TemplateError) as error:
        asks.queue(OwnPost(author="ana", says=FromTemplate("own/thanks")), ["main"])
    assert error.value.variable == "whom"


class TestRequestsThatCannotBeWritten:
    @pytest.mark.parametrize("reason", ["", " ", "\n"])
    def test_a_notice_without_a_reason(self, reason: str) -> None:
        with pytest.raises(InputError) as error:
            Notice(author="ana", text="Boil water.", reason=reason)
        assert error.value.code == "reason-missing"

    @pytest.mark.parametrize("author", ["", "  "])
    def test_a_post_without_an_author(self, author: str) -> None:
        with pytest.raises(InputError) as error:
            OwnPost(author=author, says=Words("Hello"))
        assert error.value.code == "person-unnamed"

    @pytest.mark.parametrize("name", ["", "a b", "1a", "a-b"])
    def test_a_variable_that_no_template_can_name(self, name: str) -> None:
        with pytest.raises(InputError) as error:
            Spotlight(author="ana", partner="river-keepers", variables={name: "x"})
        assert error.value.code == "bad-variable"

    def test_a_duplicate_allowed_for_no_reason(self) -> None:
        with pytest.raises(InputError) as error:
            OwnPost(author="ana", says=Words("Hello"), allow_duplicate=" ")
        assert error.value.code == "reason-missing"

    @pytest.mark.parametrize("url", ["", "social example", "javascript:alert(1)"])
    def test_a_reshare_of_no_address(self, url: str) -> None:
        with pytest.raises(InputError) as error:
            Reshare(author="ana", partner="river-keepers", url=url)
        assert error.value.code == "bad-address"


class TestArchivedHosts:
    def archive(self, store: Store) -> None:
        with store.write() as unit:
            unit.partners.save(replace(KEEPERS, archived_at=NOW), START)

    def test_an_event_that_only_archived_partners_hold_is_announced_no_more(
        self, known: Store, tmp_path: Path
    ) -> None:
        self.archive(known)
        request = EventPost(author="ana", event="river-cleanup")
        assert code_of(lambda: queue(known, tmp_path).queue(request, ["main"])) == (
            "event-of-archived"
        )

    def test_an_event_that_we_hold_with_them_is_announced_with_a_note(
        self, known: Store, tmp_path: Path
    ) -> None:
        self.archive(known)
        with known.write() as unit:
            unit.events.save(replace(CLEANUP, hosting=Hosting.JOINT))
        (done,) = queue(known, tmp_path).queue(
            EventPost(author="ana", event="river-cleanup"), ["main"]
        )
        assert HostArchived("river-keepers") in done.notes


def test_a_title_where_posts_have_none_is_said(store: Store, tmp_path: Path) -> None:
    (titled,) = queue(store, tmp_path).queue(replace(OWN, title="Report"), ["main"])
    assert TitleNotShown() in titled.notes
    (plain,) = queue(store, tmp_path).queue(OWN, ["second"])
    assert TitleNotShown() not in plain.notes


def test_a_title_that_one_of_the_accounts_shows_is_not_talked_about(
    store: Store, tmp_path: Path
) -> None:
    titled = rules("reddit-main")
    titled = replace(titled, capabilities=replace(titled.capabilities, text=REDDIT))
    ours = queue(store, tmp_path, rules("main"), titled)
    done = ours.queue(replace(OWN, title="Report"), ["main", "reddit-main"])
    assert all(TitleNotShown() not in each.notes for each in done)
