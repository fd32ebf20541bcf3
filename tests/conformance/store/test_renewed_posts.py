"""What becomes of the posts that wait when their event moves or changes, on each database."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType

import pytest
from newsroom import OURS, SLUG, STARTS, WALK, Newsroom, changed, moved
from sqlalchemy import update
from stories import rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.deliveries import Fault, HoldNote
from crosspromo.domain.errors import StateError
from crosspromo.domain.outcomes import Unknown
from crosspromo.domain.partners import Partner
from crosspromo.domain.permissions import Need, Scope
from crosspromo.domain.posts import Credit, Image, Making
from crosspromo.domain.reasons.faults import EventChanged, EventMoved, Part, WhyDraft
from crosspromo.domain.reasons.holds import InQuietHours, WaitsForTurn
from crosspromo.domain.requests import EventPost
from crosspromo.domain.states import State
from crosspromo.domain.timing import Slot
from crosspromo.publishing.networks import Capabilities, ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.services.edited_content import Changes
from crosspromo.services.event_consequences import Consequences, OnAgain
from crosspromo.services.event_renewals import RenewedDelivery
from crosspromo.store.database.engine import transaction
from crosspromo.store.schema import deliveries, posts
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START
from crosspromo.text.rules import REDDIT, X

DAY = timedelta(days=1)
NEW_PARK = changed(WALK, location="New Park")


def approving(name: str, approval: Approvers = Approvers.ONE) -> AccountRules:
    plain = rules(name)
    return replace(plain, policy=replace(plain.policy, approval=approval))


def slotted(name: str, *slots: str) -> AccountRules:
    plain = rules(name)
    return replace(plain, policy=replace(plain.policy, slots=tuple(map(Slot.parse, slots))))


@pytest.fixture
def room(store: Store) -> Newsroom:
    accounts = {
        "main": rules("main"),
        "asked": approving("asked"),
        "daily": slotted("daily", "Mon-Sun 09:00"),
    }
    return Newsroom(store, accounts)


def only_renewed(room: Newsroom, post: int, signatures: int = 0) -> Consequences:
    """The one consequence that this post was renewed, at the time that it had."""
    known = room.delivery(post)
    renewal = RenewedDelivery(post, known.account, None, known.due_at, signatures=signatures)
    return Consequences(renewals=(renewal,))


def why(room: Newsroom, delivery_id: int) -> WhyDraft | None:
    fault = room.delivery(delivery_id).fault
    return fault.reason.why if fault and isinstance(fault.reason, EventChanged) else None


class TestAChangedEvent:
    def test_a_post_that_waits_has_the_new_place(self, room: Newsroom) -> None:
        post = room.queue()
        before = room.delivery(post)
        assert "Old Hall" in before.content.text
        assert room.import_(NEW_PARK) == only_renewed(room, post)
        after = room.delivery(post)
        assert after.content.text == before.content.text.replace("Old Hall", "New Park")
        assert (after.state, after.due_at, after.wake_at) == (
            State.QUEUED,
            before.due_at,
            before.due_at,
        )

    def test_what_goes_out_is_the_new_text(self, room: Newsroom) -> None:
        room.queue()
        room.import_(NEW_PARK)
        room.publish()
        (sent,) = room.memory.network.texts
        assert "New Park" in sent

    def test_its_approvals_are_void_and_it_is_a_draft_again(self, room: Newsroom) -> None:
        post = room.queue("asked")
        room.person.approve(post)
        assert room.delivery(post).state is State.QUEUED
        assert room.import_(NEW_PARK) == only_renewed(room, post, signatures=1)
        assert room.delivery(post).state is State.DRAFT
        with room.store.read() as unit:
            assert unit.approvals.signatures([post]) == {post: []}

    def test_a_pinned_one_becomes_a_draft_with_the_new_text(self, room: Newsroom) -> None:
        at = room.clock.now() + DAY
        post = room.queue(at=at)
        (aside,) = room.import_(NEW_PARK).set_aside
        assert (aside.delivery, aside.reason) == (
            post,
            EventChanged(SLUG, (Part.PLACE,), WhyDraft.PINNED),
        )
        after = room.delivery(post)
        assert (after.state, after.due_at, after.wake_at) == (State.DRAFT, at, None)
        assert "New Park" in after.content.text

    def test_its_own_author_may_let_it_go_where_nobody_is_asked(self, room: Newsroom) -> None:
        post = room.queue(at=room.clock.now() + DAY)
        room.import_(NEW_PARK)
        replace(room.person, actor="ana").approve(post)
        after = room.delivery(post)
        assert (after.state, after.fault) == (State.QUEUED, None)

    def test_a_text_that_a_person_edited_is_not_overwritten(self, room: Newsroom) -> None:
        post = room.queue()
        room.person.edit(post, Changes(text="Meet us at the Old Hall!"))
        (aside,) = room.import_(NEW_PARK).set_aside
        assert aside.reason.why is WhyDraft.BY_HAND
        assert "New Park" in aside.reason.would_say
        after = room.delivery(post)
        assert (after.state, after.content.text) == (State.DRAFT, "Meet us at the Old Hall!")
        assert after.fault == Fault(aside.reason), "both texts are shown with the delivery"

    def test_a_change_that_no_text_tells_leaves_everything(self, room: Newsroom) -> None:
        queued = [room.queue(), room.queue("asked"), room.queue(at=room.clock.now() + DAY)]
        room.person.approve(queued[1])
        before = [room.delivery(post) for post in queued]
        assert room.import_(changed(WALK, description="Bring boots.")) == Consequences()
        assert [room.delivery(post) for post in queued] == before
        with room.store.read() as unit:
            assert len(unit.approvals.signatures([queued[1]])[queued[1]]) == 1

    def test_variables_title_and_payment_stay(self, room: Newsroom) -> None:
        post = room.queue(paid=True, variables={"link": "https://x.example/c"})
        before = room.delivery(post)
        room.import_(NEW_PARK)
        after = room.delivery(post)
        assert after.content.text == before.content.text.replace("Old Hall", "New Park")
        assert "Paid partnership" in after.content.text
        assert after.credit is Credit.SELF

    def test_an_older_edition_and_the_same_one_change_nothing(self, room: Newsroom) -> None:
        room.import_(NEW_PARK)
        post = room.queue()
        before = room.delivery(post)
        assert room.import_(NEW_PARK) == room.import_(WALK) == Consequences()
        assert room.delivery(post) == before

    def test_a_held_one_is_judged_anew(self, room: Newsroom) -> None:
        post = room.queue()
        with room.store.write() as unit:
            note = HoldNote(InQuietHours("21:00-07:00"), room.clock.now() + DAY)
            unit.transitions.hold(unit.deliveries.get(post), note, room.clock.now())
        room.import_(NEW_PARK)
        after = room.delivery(post)
        assert (after.hold, after.wake_at) == (None, after.due_at)

    def test_one_that_goes_when_it_is_allowed_keeps_its_age_and_has_no_time(
        self, room: Newsroom
    ) -> None:
        post = room.queue(paid=True, when_allowed=True)
        before = room.delivery(post)
        with room.store.write() as unit:
            note = HoldNote(WaitsForTurn(None), room.clock.now() + DAY)
            unit.transitions.hold(unit.deliveries.get(post), note, room.clock.now())
        room.import_(NEW_PARK)
        after = room.delivery(post)
        assert "New Park" in after.content.text
        assert after.waits_to_be_allowed
        assert (after.due_at, after.wake_at) == (before.due_at, before.due_at)
        with room.store.read() as unit:
            assert unit.deliveries.faults() == []

    def test_a_repetition_stays_as_it_was_and_waits_for_a_person(self, room: Newsroom) -> None:
        room.memory.accidents.append(lambda _accept: Unknown("no answer"))
        post = room.queue()
        room.publish()
        room.person.resolve_not_posted(post)
        before = room.delivery(post)
        (aside,) = room.import_(NEW_PARK).set_aside
        assert aside.reason.why is WhyDraft.REPEATS
        after = room.delivery(post)
        assert (after.state, after.content) == (State.DRAFT, before.content)

    def test_an_account_that_is_gone_keeps_its_text_as_a_draft(self, room: Newsroom) -> None:
        post = room.queue()
        before = room.delivery(post)
        room.accounts = {}
        (aside,) = room.import_(NEW_PARK).set_aside
        assert (aside.reason.why, room.delivery(post).content) == (
            WhyDraft.NOT_RENEWED,
            before.content,
        )

    def test_a_new_text_that_does_not_fit_leaves_a_draft(self, room: Newsroom) -> None:
        post = room.queue()
        (aside,) = room.import_(changed(WALK, title="Bird " * 60)).set_aside
        assert (aside.reason.why, aside.reason.words) == (WhyDraft.NOT_RENEWED, "text-too-long")
        assert "Bird walk" in room.delivery(post).content.text

    def test_a_post_of_an_older_database_is_renewed_if_its_template_made_it(
        self, room: Newsroom
    ) -> None:
        made, written = room.queue(), room.queue()
        room.person.edit(written, Changes(text="By hand"))
        with transaction(room.store.engine, writes=True) as connection:
            connection.execute(update(posts).values(making=None))
            connection.execute(update(deliveries).values(composed=None))
        done = room.import_(NEW_PARK)
        assert done.renewed == (made,)
        assert [aside.delivery for aside in done.set_aside] == [written]


class TestTheAnswer:
    """It names each delivery with its time, and what will hold it then."""

    def test_a_post_that_keeps_its_time_is_named_with_it(self, room: Newsroom) -> None:
        post = room.queue()
        (told,) = room.import_(NEW_PARK).renewals
        assert told == RenewedDelivery(post, "main", None, room.delivery(post).due_at)

    def test_a_post_that_finds_another_slot_is_named_with_the_new_time(
        self, room: Newsroom
    ) -> None:
        room.clock.set(STARTS - 5 * DAY)
        queued = [room.queue("daily") for _ in range(4)]
        room.person.cancel(queued[0])
        before = {each: room.delivery(each).due_at for each in queued}
        told = room.import_(moved(WALK, -2 * DAY)).renewals
        assert [each.delivery for each in told] == queued[1:]
        assert {each.delivery: each.due_at for each in told} == {
            each: room.delivery(each).due_at for each in queued[1:]
        }
        assert {each.delivery for each in told if each.moved} == {
            each for each in queued[1:] if before[each] != room.delivery(each).due_at
        }
        assert any(each.moved for each in told)

    def test_it_counts_the_approvals_that_are_void(self, room: Newsroom) -> None:
        post, waiting = room.queue("asked"), room.queue("asked")
        room.person.approve(post)
        done = room.import_(NEW_PARK)
        assert {each.delivery: each.signatures for each in done.renewals} == {post: 1, waiting: 0}

    def test_what_a_person_has_to_look_at_is_named_with_its_time_too(self, room: Newsroom) -> None:
        post = room.queue(at=STARTS - DAY)
        done = room.import_(moved(WALK, DAY))
        assert [each.delivery for each in done.set_aside] == [post]
        assert [(each.delivery, each.due_at) for each in done.renewals] == [(post, STARTS - DAY)]
        assert done.renewed == ()


class TestAMovedEvent:
    def test_its_text_and_its_expiry_are_new(self, room: Newsroom) -> None:
        post = room.queue()
        assert room.import_(moved(WALK, 2 * DAY)) == only_renewed(room, post)
        after = room.delivery(post)
        assert "June 3" in after.content.text
        assert after.expires_at == STARTS + 2 * DAY

    def test_a_slot_after_the_new_start_becomes_one_before(self, room: Newsroom) -> None:
        room.clock.set(STARTS - 5 * DAY)
        queued = [room.queue("daily") for _ in range(4)]
        assert room.delivery(queued[-1]).due_at > STARTS - 2 * DAY
        room.person.cancel(queued[0])
        done = room.import_(moved(WALK, -2 * DAY))
        after = room.delivery(queued[-1])
        assert queued[-1] in done.renewed
        assert after.due_at == after.wake_at
        assert after.due_at < STARTS - 2 * DAY

    def test_without_a_slot_before_the_new_start_it_waits_for_a_person(
        self, room: Newsroom
    ) -> None:
        room.clock.set(STARTS - 5 * DAY)
        queued = [room.queue("daily") for _ in range(5)]
        done = room.import_(moved(WALK, -2 * DAY))
        assert [(each.delivery, each.reason.why) for each in done.set_aside] == [
            (queued[3], WhyDraft.NO_TIME),
            (queued[4], WhyDraft.NO_TIME),
        ]

    def test_one_that_moved_into_the_past_takes_its_posts_with_it(self, room: Newsroom) -> None:
        post = room.queue()
        room.clock.set(STARTS - DAY)
        assert room.import_(moved(WALK, -3 * DAY)) == Consequences(cancelled=(post,))
        fault = room.delivery(post).fault
        assert fault is not None
        assert isinstance(fault.reason, EventMoved)


class TestOtherHosts:
    def test_other_hosts_are_named_and_credited(self, room: Newsroom) -> None:
        post = room.queue()
        assert room.delivery(post).credit is Credit.OTHERS
        room.hosts = OURS
        assert room.import_(changed(WALK)) == only_renewed(room, post)
        after = room.delivery(post)
        assert (after.credit, after.partners) == (Credit.SELF, ())
        assert "River Keepers" not in after.content.text

    def test_a_post_that_went_out_stays_about_whom_it_was(self, room: Newsroom) -> None:
        sent = room.queue("main", "daily")
        waits = sent + 1
        room.publish()
        room.hosts = OURS
        room.import_(changed(WALK))
        assert room.delivery(sent).partners == ("river-keepers",)
        assert room.delivery(waits).partners == ()
        assert room.delivery(sent).post != room.delivery(waits).post


class TestWhatItsAuthorChose:
    TEMPLATE = """{% set title %}Come{% endset %}
{{ greeting }} {{ event.title }}, {{ event.location }}. {{ link }}
{% for day in range(40) %}Day {{ day }} has *stars*. {% endfor %}"""
    CHOSEN = MappingProxyType(
        {
            "author": "ana",
            "event": SLUG,
            "at": START + DAY,
            "template": "event/mine.j2",
            "variables": {"greeting": "Hello, dear friends, at https://us.example/b."},
            "images": (Image("river.png", "The river."),),
            "link": "https://us.example/a",
            "title": "Our walk",
            "thread": True,
            "paid": True,
            "markdown": True,
            "allow_duplicate": "tests repeat",
        }
    )

    @pytest.fixture
    def reading_room(self, store: Store, tmp_path: Path) -> Newsroom:
        """Account on a network that reads Markdown, has titles, and makes threads."""
        (tmp_path / "event").mkdir()
        (tmp_path / "event" / "mine.j2").write_text(self.TEMPLATE, encoding="utf-8")
        capabilities = Capabilities(
            text=replace(REDDIT, limit=400), threads=True, images=ImageLimits(most=1)
        )
        account = replace(rules("main"), capabilities=capabilities)
        templates = Templates((tmp_path, SHIPPED / "templates"), "us")
        return Newsroom(store, {"main": account}, templates=templates)

    @pytest.mark.parametrize(
        "left_out", [None, *sorted(CHOSEN.keys() - {"author", "event", "template"})]
    )
    def test_each_field_of_it_comes_through(
        self, reading_room: Newsroom, left_out: str | None
    ) -> None:
        """A renewed post is what would be queued of the event as it is now."""
        room = reading_room
        chosen = {name: value for name, value in self.CHOSEN.items() if name != left_out}
        if left_out == "variables":
            chosen["variables"] = {"greeting": "Hi"}
        if left_out == "thread":
            chosen["template"] = None
        post = room.queue(**chosen)
        before = room.delivery(post).content
        room.import_(NEW_PARK)
        renewed, anew = room.delivery(post).content, room.delivery(room.queue(**chosen)).content
        assert renewed != before
        assert renewed == anew

    def test_the_test_above_names_every_field(self) -> None:
        no_content = {"when_allowed", "declared", "campaign", "step", "tone", "as_draft"}
        beside_it = no_content | {"without_image"}  # which images a delivery shows is kept
        asked = [each for each in fields(EventPost) if each.name not in beside_it]
        assert {each.name for each in asked} == self.CHOSEN.keys()
        for each in asked:
            assert self.CHOSEN[each.name] not in (each.default, None)

    def test_what_its_author_declared_is_still_needed(self, room: Newsroom) -> None:
        post = room.queue()
        logo = Need(Scope.LOGO, "river-keepers", declared=True)
        with room.store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers"), START)
            unit.permissions.set_needs(post, [logo])
        before = room.delivery(post).content
        room.import_(NEW_PARK)
        assert room.delivery(post).content != before
        with room.store.read() as unit:
            assert logo in unit.permissions.needs([post])[post]

    def test_a_choice_of_markdown_by_an_edit_is_a_persons(self, reading_room: Newsroom) -> None:
        post = reading_room.queue(title="Our walk")
        reading_room.person.edit(post, Changes(markdown=True))
        reading_room.import_(NEW_PARK)
        assert why(reading_room, post) is WhyDraft.BY_HAND
        assert not reading_room.delivery(post).content.plain

    def test_a_making_of_another_version_is_read(self, room: Newsroom) -> None:
        post = room.queue()
        made_of: dict[str, object] = {
            "variables": {},
            "title": None,
            "paid": True,
            "colour": "green",
        }
        with transaction(room.store.engine, writes=True) as connection:
            connection.execute(update(posts).values(making=made_of))
        with room.store.read() as unit:
            assert unit.posts.making(room.delivery(post).post) == Making(paid=True)
        room.import_(NEW_PARK)
        assert "New Park" in room.delivery(post).content.text


class TestARepairedPost:
    @pytest.fixture
    def kin(self, store: Store) -> Newsroom:
        """Newsroom of an organisation to whose group the host belongs."""
        return Newsroom(store, {"main": rules("main")}, own_group=frozenset({"river-keepers"}))

    def test_it_is_renewed_with_its_repairs_again_and_again(self, kin: Newsroom) -> None:
        post = kin.queue()
        kin.person.repair(post)
        for place in ("New Park", "Old Mill"):
            assert kin.edit(location=place).consequences.renewed == (post,)
            content = kin.delivery(post).content
            assert content.text.startswith("From our own group.\n\n")
            assert place in content.text

    def test_one_that_was_not_repaired_is_not_repaired_by_itself(self, kin: Newsroom) -> None:
        post = kin.queue()
        kin.edit(location="New Park")
        assert "From our own group" not in kin.delivery(post).content.text

    def test_a_template_that_tells_it_in_its_own_way_is_left_to_it(
        self, store: Store, tmp_path: Path
    ) -> None:
        (tmp_path / "event").mkdir()
        (tmp_path / "event" / "mine.j2").write_text(
            "{% set title %}Come{% endset %}From our own group: {{ event.location }}.",
            encoding="utf-8",
        )
        account = replace(rules("main"), capabilities=Capabilities(text=REDDIT))
        templates = Templates((tmp_path, SHIPPED / "templates"), "us")
        own_group = frozenset({"river-keepers"})
        kin = Newsroom(store, {"main": account}, templates=templates, own_group=own_group)
        post = kin.queue(template="event/mine.j2")
        before = kin.delivery(post)
        assert kin.import_(changed(WALK, description="Bring boots.")) == Consequences()
        assert kin.delivery(post) == before
        kin.edit(location="New Park")
        assert kin.delivery(post).content.text == "From our own group: New Park."


class TestALongPlaceOfARepairedPost:
    """The words about our own group and the new place do not fit together."""

    LONG = f"{'The old mill behind the river, ' * 5}on the second floor, right"

    @pytest.fixture
    def kin(self, store: Store) -> Newsroom:
        account = replace(rules("main"), text_network="x", capabilities=Capabilities(text=X))
        return Newsroom(store, {"main": account}, own_group=frozenset({"river-keepers"}))

    def test_what_may_be_left_out_makes_room_again_and_again(self, kin: Newsroom) -> None:
        post = kin.queue(link="https://us.org/a")
        kin.person.repair(post)
        for place in (self.LONG, "New Park", f"{self.LONG} side", "Old Mill"):
            assert kin.edit(location=place).consequences.renewed == (post,)
            after = kin.delivery(post)
            assert after.content.text.startswith("From our own group.\n\n")
            assert (place in after.content.text) is (len(place) < 100)
            assert any(place in each for each in after.dropped) is (len(place) > 100)
            assert after.state is State.QUEUED

    def test_where_nothing_can_be_left_out_it_is_a_draft_with_the_reason(
        self, kin: Newsroom
    ) -> None:
        post = kin.queue(link="https://us.org/a")
        kin.person.repair(post)
        before = kin.delivery(post).content
        (aside,) = kin.edit(title=f"Bird walk {'and more ' * 24}").consequences.set_aside
        assert (aside.reason.why, aside.reason.words) == (WhyDraft.NOT_RENEWED, "text-too-long")
        after = kin.delivery(post)
        assert (after.state, after.content) == (State.DRAFT, before)


class TestCancelling:
    def test_it_cancels_what_waits_and_coming_back_brings_nothing_back(
        self, room: Newsroom
    ) -> None:
        post = room.queue()
        gone = changed(WALK, cancelled=True)
        assert room.import_(gone) == Consequences(cancelled=(post,))
        back = OnAgain(SLUG, cancelled=(post,))
        assert room.import_(changed(gone, cancelled=False)) == Consequences(on_again=(back,))
        assert room.delivery(post).state is State.CANCELLED

    def test_an_event_that_is_on_again_withdraws_corrections_that_say_otherwise(
        self, room: Newsroom
    ) -> None:
        room.queue()
        room.publish()
        gone = changed(WALK, cancelled=True)
        (correction,) = room.import_(gone).drafted
        again = changed(gone, cancelled=False)
        withdrawn = Consequences(withdrawn=(correction,))
        assert room.import_(again, dry_run=True) == withdrawn
        assert room.import_(again) == withdrawn
        assert room.import_(changed(again, description="Bring boots.")) == Consequences()

    def test_an_event_that_was_moved_into_the_past_and_back_tells_the_same(
        self, room: Newsroom
    ) -> None:
        post = room.queue()
        over = changed(WALK, starts_at=room.clock.now() - DAY, ends_at=room.clock.now() - DAY / 2)
        assert room.import_(over).cancelled == (post,)
        back = OnAgain(SLUG, cancelled=(post,), moved=True)
        assert room.import_(moved(over, 30 * DAY)).on_again == (back,)

    def test_a_cancellation_without_a_title_keeps_the_title(self, room: Newsroom) -> None:
        room.import_(changed(WALK, cancelled=True, title=""))
        with room.store.read() as unit:
            assert unit.events.get(SLUG).title == "Bird walk"


class TestWhatIsBeingSent:
    @pytest.mark.parametrize("change", [NEW_PARK, moved(WALK, DAY), changed(WALK, cancelled=True)])
    def test_a_delivery_in_flight_stays(self, room: Newsroom, change: object) -> None:
        post = room.queue()
        made = room.dispatcher().advance([], ["main"], {})
        prepared = room.dispatcher().make_ready(made.to_prepare[0])
        room.dispatcher().advance([], ["main"], {"main": prepared})
        before = room.delivery(post)
        assert before.state is State.SENDING
        done = room.import_(change)  # type: ignore[arg-type]
        assert (done.renewed, done.set_aside, done.cancelled) == ((), (), ())
        assert room.delivery(post) == before

    def test_a_transition_of_what_is_being_sent_is_refused(self, room: Newsroom) -> None:
        post = room.queue()
        room.publish()
        with room.store.write() as unit, pytest.raises(StateError):
            unit.transitions.renew(unit.deliveries.get(post), None, room.clock.now())  # type: ignore[arg-type]


class TestEditing:
    def test_an_edit_renews_as_an_import_does(self, room: Newsroom) -> None:
        post = room.queue()
        done = room.edit(location="New Park")
        assert (done.event.location, done.consequences) == (
            "New Park",
            only_renewed(room, post),
        )
        assert "New Park" in room.delivery(post).content.text

    def test_a_dry_run_tells_the_same_and_changes_nothing(self, room: Newsroom) -> None:
        post = room.queue(at=room.clock.now() + DAY)
        before = room.delivery(post)
        would = room.import_(NEW_PARK, dry_run=True)
        assert room.delivery(post) == before
        assert room.import_(NEW_PARK) == would
