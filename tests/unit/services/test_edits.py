"""Edits of what deliveries say: an edit changes what was asked for, and loses nothing owed."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from examples import examples
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PIL import Image as Pixels
from servers.databases import memory_store
from staff import person
from stories import NO_FLOOR, TEMPLATES, delivery, rules

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError, Refused, StateError
from crosspromo.domain.invisible import fit_to_post, has_something_visible
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.notes import SignsTakenOut
from crosspromo.domain.reasons.state import EditedMeanwhile
from crosspromo.domain.requests import Notice, OwnPost, PostRequest, Reshare, Spotlight, Words
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.accessibility import accessibility_notes
from crosspromo.publishing.disclosure import DISCLOSURE, RELATED
from crosspromo.publishing.networks import Capabilities, ImageLimits
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.preview import preview
from crosspromo.services.act_on_posts import PostActs, Targets
from crosspromo.services.edited_content import Changes
from crosspromo.services.queue_post import PostQueue
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock
from crosspromo.text.fitting import shorten_links
from crosspromo.text.rules import BLUESKY, FACEBOOK, LINKEDIN, MASTODON, REDDIT, TextRules, X

CLOCK = FakeClock()
POST = "https://social.example/1"
SHOT = Image("river.png", "Volunteers on the bank.")


def account(name: str, text: TextRules, **abilities: Any) -> AccountRules:
    images = ImageLimits(most=4, longest_alt=1_000)
    capabilities = Capabilities(text=text, images=images, **abilities)
    return replace(rules(name), text_network=name, network=name, capabilities=capabilities)


ACCOUNTS = {
    "x": account(
        "x", X, threads=True, makes_cards=True, cost_per_post=0.015, cost_per_link_post=0.2
    ),
    "bluesky": account("bluesky", BLUESKY, threads=True, makes_cards=True),
    "reddit": account("reddit", REDDIT),
}


FOLDED = ACCOUNTS | {
    "linkedin": account("linkedin", LINKEDIN),
    "facebook": account("facebook", FACEBOOK),
    "mastodon": account("mastodon", replace(MASTODON, limit=1_000), threads=True),
}
"""Accounts also on networks that cut a text in their lists."""


class Desk:
    """A person's place of work: a queue for three networks, and acts on it."""

    def __init__(
        self,
        store: Store,
        folder: Path,
        accounts: Mapping[str, AccountRules] = ACCOUNTS,
        own_group: frozenset[str] = frozenset(),
    ) -> None:
        picture = io.BytesIO()
        Pixels.new("RGB", (8, 8)).save(picture, "PNG")
        (folder / SHOT.path).write_bytes(picture.getvalue())
        self.store = store
        self.queue = PostQueue(
            store=store,
            clock=CLOCK,
            rules=accounts,
            organisation=NO_FLOOR,
            own_group=own_group,
            renderer=TEMPLATES,
            pictures=lambda *, keep=True: ImageFolder(folder, keep=keep),
        )
        ours = replace(NO_FLOOR, own_group=own_group)
        self.one = replace(person(store, CLOCK, accounts, "ana"), organisation=ours)
        self.acts = PostActs(store, self.one, lambda *, keep=True: ImageFolder(folder, keep=keep))
        with store.write() as unit:
            unit.partners.save(Partner("river-keepers", "River Keepers", why="They clean."), START)

    def queued(self, request: PostRequest, *names: str) -> list[int]:
        chosen = names or tuple(ACCOUNTS)
        return [each.view.delivery.id for each in self.queue.queue(request, chosen)]

    def look(self, number: int) -> Delivery:
        return delivery(self.store, number)

    def edit(self, number: int, **changes: object) -> Delivery:
        self.one.edit(number, Changes(**changes))  # type: ignore[arg-type]  # as named
        return self.look(number)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, tmp_path)


def own(text: str = "Our report.", **more: object) -> OwnPost:
    return OwnPost(author="ana", says=Words(text), **more)  # type: ignore[arg-type]  # as named


PAID = Spotlight(author="ana", partner="river-keepers", paid=True)
RESHARE = Reshare(author="ana", partner="river-keepers", url=POST, paid=True)


BELOW_THE_FOLD = f"{'Long words. ' * 9}{DISCLOSURE}."
OF_A_THREAD = f"{'We went to the river. ' * 30}{DISCLOSURE}. {POST}"


class TestObligations:
    def test_the_disclosure_of_a_paid_post_is_put_back(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "x")
        edit = desk.one.edit(number, Changes(text="Meet them."))
        assert DISCLOSURE in edit.after.text
        assert edit.put_back == ("the disclosure",)

    def test_a_title_keeps_it_where_lists_show_titles_only(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "reddit")
        assert desk.edit(number, title="A new title").content.title == f"{DISCLOSURE}: A new title"

    def test_a_title_that_follows_the_text_does_not_begin_with_it_twice(self, desk: Desk) -> None:
        number, *_ = desk.queued(RESHARE, "reddit")
        title = desk.edit(number, text="Other words of ours.").content.title
        assert title is not None
        assert title.count(DISCLOSURE) == 1
        assert "Other words of ours" in title

    @pytest.mark.parametrize(
        "said", ["Unpaid partnership: meet them.", "This is NOT a paid partnership."]
    )
    def test_its_contrary_does_not_stand_for_it(self, desk: Desk, said: str) -> None:
        for number in desk.queued(PAID):
            edit = desk.one.edit(number, Changes(text=said))
            assert edit.after.text == f"{DISCLOSURE}.\n\n{said}"
            assert edit.put_back == ("the disclosure",)

    def test_a_title_of_the_contrary_does_not_either(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "reddit")
        title = "Unpaid partnership of friends"
        assert desk.edit(number, title=title).content.title == f"{DISCLOSURE}: {title}"

    HIDDEN = f'[x]: {POST} "{DISCLOSURE}"\n\nMeet them.'

    def test_what_markdown_hides_does_not_either(self, desk: Desk) -> None:
        number, *_ = desk.queued(RESHARE, "reddit")
        edit = desk.one.edit(number, Changes(text=self.HIDDEN, markdown=True))
        assert edit.put_back == ("the address of the reshared post", "the disclosure")
        assert REDDIT.shown(edit.after.text).startswith(f"{DISCLOSURE}.")
        assert POST in REDDIT.shown(edit.after.text).split()

    @pytest.mark.parametrize("name", ["x", "bluesky", "reddit"])
    @pytest.mark.parametrize("post", [POST, "https://bsky.app/profile/a.org/post/b"])
    def test_an_address_inside_another_one_does_not_name_the_post(
        self, desk: Desk, name: str, post: str
    ) -> None:
        number, *_ = desk.queued(replace(RESHARE, url=post), name)
        edit = desk.one.edit(number, Changes(text=f"See https://evil.org/?u={post}"))
        assert "the address of the reshared post" in edit.put_back
        assert edit.after.text.endswith(f"\n\n{post}")

    @pytest.mark.parametrize(
        "text", [f"See <{POST}>.", f"[See]({POST})", f"See {POST}", "See [it][1]\n\n[1]: " + POST]
    )
    def test_a_link_in_markdown_names_it(self, desk: Desk, text: str) -> None:
        number, *_ = desk.queued(replace(RESHARE, paid=False), "reddit")
        assert desk.edit(number, text=text, markdown=True).content.text == text

    @pytest.mark.parametrize("post", [f"{POST}/_a_b_~c~", f"{POST}/c%20d%5B", f"{POST}/*é*"])
    def test_an_address_with_signs_of_markdown_is_added_once(self, desk: Desk, post: str) -> None:
        number, *_ = desk.queued(replace(RESHARE, paid=False, url=post), "reddit")
        first = desk.edit(number, text="Look.", markdown=True).content.text
        assert first.startswith("Look.\n\n")
        assert desk.edit(number, text=f"{first}\n\nMore.").content.text == f"{first}\n\nMore."

    def test_words_about_our_own_group_stay_in_once_they_are(self, tmp_path: Path) -> None:
        with a_desk(tmp_path, own_group=frozenset({"river-keepers"})) as desk:
            for number in desk.queued(PAID):
                assert RELATED not in desk.edit(number, text="Meet them!").content.text
                desk.one.repair(number)
                edit = desk.one.edit(number, Changes(text="Unpaid. Not from our own group."))
                assert edit.after.text.startswith(f"{RELATED}.\n\n{DISCLOSURE}.\n\nUnpaid.")
                assert edit.put_back == ("the disclosure", "the words about our own group")
            edit = desk.one.edit(number, Changes(title="Friends"))
            assert edit.after.title == f"{RELATED}: {DISCLOSURE}: Friends"

    def test_they_may_go_where_the_partner_is_no_longer_of_it(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "x")
        desk.edit(number, text=f"{RELATED}. Meet them.")
        assert RELATED not in desk.edit(number, text="Meet them.").content.text

    def test_where_it_does_not_fit_with_it_the_edit_is_refused(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "x")
        before = desk.look(number)
        with pytest.raises(QueueingError):
            desk.one.edit(number, Changes(text="a " * 138))
        assert desk.look(number) == before

    def test_a_reshare_goes_on_naming_the_post(self, desk: Desk) -> None:
        number, *_ = desk.queued(RESHARE, "bluesky")
        assert POST in desk.edit(number, text="Look at this.").content.text

    def test_an_image_never_loses_its_alt_text(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(images=(SHOT,)), "x")
        for alts in (("",), ("  ",), (), ("one", "two"), ("long " * 201,)):
            with pytest.raises(Refused):
                desk.one.edit(number, Changes(alts=alts))
        assert desk.look(number).content.images[0].alt == SHOT.alt

    HASHTAGS = "#savetherivers 🎉🎉🎉 "
    words = st.text(
        st.sampled_from("ab .\n#@é*\u200b\u202e\x1f") | st.characters(codec="utf-8"), max_size=200
    )
    told = st.sampled_from(
        [
            "Meet them.",
            HASHTAGS + "Meet them.",
            f"See {POST}/more",
            f"{POST}\x1fmore",
            DISCLOSURE,
            f"a {DISCLOSURE.lower()}",
            BELOW_THE_FOLD,
            f"Pai\u200bd partnership. {POST}",
            f"\n\n{RELATED}.\n\n{DISCLOSURE}.",
            OF_A_THREAD,
            "# A heading\n\n* a star",
            "Unpaid partnership: meet them.",
            "This is NOT a paid partnership, and not from our own group.",
            f"See https://evil.example/?u={POST}",
            HIDDEN,
            "",
        ]
    )
    edits = st.builds(
        Changes,
        text=st.none() | words | told,
        title=st.none()
        | words
        | st.sampled_from([DISCLOSURE, RELATED, "Unpaid partnership", "t" * 290]),
        link=st.none() | st.sampled_from(["us.example/a", "https://us.example/b", POST]),
        alts=st.none() | st.tuples(words) | st.just(("a" * 1_001,)),
        thread=st.booleans(),
        markdown=st.none() | st.booleans(),
        allow_duplicate=st.just("tests repeat"),
    )
    acts_on_text = edits | st.just("repair")
    JUST_IN_TIME = f"{'Long words. ' * 9}Look. {DISCLOSURE}"
    """Text whose disclosure stands before the fold only where no other words come before it."""

    BELOW = Changes(text=BELOW_THE_FOLD)
    THREAD = Changes(text=OF_A_THREAD, thread=True)
    PAID_KINDS = (PAID, replace(PAID, images=(SHOT,)), replace(PAID, title="Our title"), RESHARE)

    @settings(max_examples=examples(20), deadline=None)
    @example(request_=PAID, acts=[BELOW], kin=False)
    @example(request_=PAID, acts=[BELOW, "repair"], kin=True)
    @example(request_=PAID, acts=[THREAD], kin=False)
    @example(request_=PAID, acts=["repair", Changes(text="Meet.", title="Them")], kin=True)
    @example(request_=PAID, acts=["repair", Changes(text=JUST_IN_TIME)], kin=True)
    @example(request_=RESHARE, acts=["repair", Changes(text=HIDDEN, markdown=True)], kin=True)
    @example(request_=PAID, acts=[THREAD, "repair", Changes(title="A title")], kin=True)
    @given(
        request_=st.sampled_from([*PAID_KINDS, replace(RESHARE, paid=False)]),
        acts=st.lists(acts_on_text, max_size=4),
        kin=st.booleans(),
    )
    def test_no_series_of_edits_loses_an_obligation(
        self,
        tmp_path_factory: pytest.TempPathFactory,
        request_: Spotlight | Reshare,
        acts: list[Changes | str],
        kin: bool,
    ) -> None:
        own_group = frozenset({"river-keepers"} if kin else ())
        with a_desk(tmp_path_factory.mktemp("desk"), FOLDED, own_group=own_group) as desk:
            request_ = replace(request_, allow_duplicate="tests repeat")
            numbers = desk.queued(request_, *FOLDED)
            first = {number: desk.look(number) for number in numbers}
            for act in acts:
                for number in numbers:
                    told = kin and tells_relation(desk.look(number))
                    try:
                        if isinstance(act, Changes):
                            desk.one.edit(number, act)
                        else:
                            desk.one.repair(number)
                    except Refused:
                        continue
                    assert not told or tells_relation(desk.look(number))
            for number in numbers:
                now = desk.look(number)
                assert_keeps_what_it_owes(now, request_)
                assert now.credit is first[number].credit
            if "repair" in acts:
                assert_repairs_converge(desk, numbers)


def assert_keeps_what_it_owes(now: Delivery, request: Spotlight | Reshare) -> None:
    """The promises about what readers of a delivery see, by the limits of its network."""
    limits, content = FOLDED[now.account].capabilities, now.content
    rules = limits.text.of_post(content.known_addresses, plain=content.plain)
    if request.paid:
        assert says(DISCLOSURE, seen_in_lists(now))
        if limits.text.fold == 0:
            assert says(DISCLOSURE, content.title or "")
    if isinstance(request, Reshare):
        words = " ".join(map(partial(as_readers_see_it, now), content.posts)).split()
        assert POST in {word.strip("()<>[]*_.,;:!?'\"") for word in words}
    assert "".join(content.parts).split()[:1] == (content.text.split()[:1] if content.parts else [])
    assert len(content.images) == len(getattr(request, "images", ()))
    for image in content.images:
        assert has_something_visible(image.alt)
        assert limits.images.longest_alt is None or len(image.alt) <= limits.images.longest_alt
    for post in content.posts:
        assert has_something_visible(post)
        assert rules.measure(shorten_links(post, rules).text) <= rules.limit
    assert content.plain <= limits.text.markdown
    assert (content.title is not None) <= (limits.text.title_limit is not None)
    assert content.title is not None or not limits.text.title_required
    assert limits.text.title_limit is None or len(content.title or "") <= limits.text.title_limit
    for said in (content.text, content.title or "", *(image.alt for image in content.images)):
        assert fit_to_post(said) == (said, ())


def as_readers_see_it(delivery: Delivery, post: str) -> str:
    rules = FOLDED[delivery.account].capabilities.text
    return post if delivery.content.plain else rules.shown(post)


def seen_in_lists(delivery: Delivery) -> str:
    """Beginning of the delivery that readers see without a click."""
    fold = FOLDED[delivery.account].capabilities.text.fold
    length = 1_000 if fold is None else fold or 140
    return as_readers_see_it(delivery, delivery.content.posts[0])[:length]


def tells_relation(delivery: Delivery) -> bool:
    return says(RELATED, seen_in_lists(delivery))


def says(words: str, text: str) -> bool:
    """Whether the words, perhaps with an article, are all that stands between two signs."""
    said = {re.sub(r" \d+/\d+$", "", each).strip() for each in re.split(r"[.:\n]", text.casefold())}
    return not said.isdisjoint({words.casefold(), f"a {words.casefold()}"})


def assert_repairs_converge(desk: Desk, numbers: list[int]) -> None:
    """Once repaired, a delivery has nothing more to be repaired."""
    for number in numbers:
        try:
            desk.one.repair(number)
        except QueueingError:  # it does not fit
            continue
        repaired = desk.look(number)
        assert desk.one.repair(number).after == repaired.content
        rules, ours = FOLDED[repaired.account].capabilities.text, desk.one.organisation.own_group
        assert accessibility_notes(repaired, rules, [], own_group=ours) == ()


class TestSomebodyElseMeanwhile:
    def test_an_edit_of_what_is_another_text_by_now_is_refused_and_shows_it(
        self, desk: Desk
    ) -> None:
        number, *_ = desk.queued(own(), "reddit")
        seen = desk.look(number).content.fingerprint("reddit")
        now = desk.edit(number, text="Words of Kim.", title="Kim's")
        with pytest.raises(StateError) as error:
            desk.one.edit(number, Changes(text="Words of Ana.", seen=seen))
        assert error.value.reason == EditedMeanwhile(number, "Kim's", "Words of Kim.")
        assert desk.look(number) == now

    def test_whoever_saw_the_latest_text_may_edit_it(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        seen = desk.look(number).content.fingerprint("x")
        assert desk.edit(number, text="Words of Ana.", seen=seen).content.text == "Words of Ana."

    def test_of_several_texts_none_is_saved(self, desk: Desk) -> None:
        numbers = desk.queued(own())
        seen = {
            each: desk.look(each).content.fingerprint(desk.look(each).account) for each in numbers
        }
        desk.edit(numbers[-1], text="Words of Kim.")
        changes = {each: Changes(text="Words of Ana.", seen=seen[each]) for each in numbers}
        with pytest.raises(StateError) as error:
            desk.acts.edit_each(changes)
        assert error.value.spared == 2
        texts = [desk.look(each).content.text for each in numbers]
        assert texts == ["Our report.", "Our report.", "Words of Kim."]

    def test_to_have_seen_something_is_no_change(self) -> None:
        assert Changes(seen="a", allow_duplicate="why not").nothing


class TestRepetitions:
    """An edited text is held to the rule about duplicates as a queued one is."""

    LONG = "We cleaned the river with forty friends of ours and found a red bicycle in it."

    @pytest.mark.parametrize(
        "near", [LONG, LONG.upper(), LONG.replace("friends of", "good friends of")]
    )
    def test_a_text_that_waits_on_the_account_is_refused(self, desk: Desk, near: str) -> None:
        desk.queued(own(self.LONG), "x")
        number, *_ = desk.queued(own("Something else."), "x")
        with pytest.raises(QueueingError) as error:
            desk.one.edit(number, Changes(text=near))
        assert error.value.code == "said-already"
        assert desk.look(number).content.text == "Something else."

    def test_a_slip_in_the_delivery_itself_is_no_repetition(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(self.LONG), "x")
        assert "blue" in desk.edit(number, text=self.LONG.replace("red", "blue")).content.text

    def test_with_a_reason_it_may_be_said_again(self, desk: Desk) -> None:
        desk.queued(own(self.LONG), "x")
        number, *_ = desk.queued(own("Something else."), "x")
        now = desk.edit(number, text=self.LONG, allow_duplicate="for those who missed it")
        assert now.duplicate_allowed
        with desk.store.read() as unit:
            assert "for those who missed it" in {each.reason for each in unit.audit.entries()}
        with pytest.raises(Refused) as error:
            desk.one.edit(number, Changes(text="Else.", allow_duplicate=" "))
        assert error.value.code == "reason-missing"

    def test_a_reason_is_good_for_the_text_that_it_was_given_for(self, desk: Desk) -> None:
        desk.queued(own(self.LONG), "x")
        desk.queued(own("Volunteers wanted."), "x")
        number, *_ = desk.queued(own("Something else."), "x")
        desk.edit(number, text=self.LONG, allow_duplicate="for those who missed it")
        assert desk.edit(number, text=self.LONG.upper()).duplicate_allowed
        assert not desk.edit(number, text="A third thing.").duplicate_allowed
        with pytest.raises(QueueingError) as error:
            desk.one.edit(number, Changes(text="Volunteers wanted."))
        assert error.value.code == "said-already"

    def test_two_texts_of_an_account_may_change_places(self, desk: Desk) -> None:
        (one,), (two,) = desk.queued(own(self.LONG), "x"), desk.queued(own("Else."), "x")
        desk.acts.edit_each({one: Changes(text="Else."), two: Changes(text=self.LONG)})
        assert [desk.look(each).content.text for each in (one, two)] == ["Else.", self.LONG]

    def test_accounts_that_share_a_duplicate_rule_need_texts_of_their_own(
        self, tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        sharing = replace(ACCOUNTS["x"], accounts_sharing_duplicate_rule=("bluesky",))
        with a_desk(tmp_path_factory.mktemp("desk"), {**ACCOUNTS, "x": sharing}) as desk:
            desk.queued(own(self.LONG), "bluesky")
            number, *_ = desk.queued(own("Something else."), "x")
            with pytest.raises(QueueingError) as error:
                desk.one.edit(number, Changes(text=self.LONG, allow_duplicate="because"))
            assert error.value.code == "said-elsewhere"


class TestSignsThatNobodySees:
    @pytest.mark.parametrize("name", list(ACCOUNTS))
    def test_they_are_taken_out_of_what_is_queued_and_that_is_told(
        self, desk: Desk, name: str
    ) -> None:
        shot = replace(SHOT, alt="The\u202e bank")
        request = own("Our\u200b re\x07port.", title="Ne\u202aws", images=(shot,))
        (queued,) = desk.queue.queue(request, [name])
        content = queued.view.delivery.content
        assert (content.text, content.images[0].alt) == ("Our report.", "The bank")
        assert content.title in {None, "News"}
        (note,) = (each for each in queued.notes if isinstance(each, SignsTakenOut))
        assert {"\u202e", "\u200b", "\x07", "\u202a"} == {*note.signs}

    def test_so_are_those_of_a_template_and_its_values(self, desk: Desk) -> None:
        with desk.store.write() as unit:
            unit.partners.save(
                Partner("river-keepers", "River\u202e Keepers", why="They clean."), START
            )
        number, *_ = desk.queued(PAID, "x")
        assert "River Keepers" in desk.look(number).content.text

    def test_and_of_an_edit(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "reddit")
        edit = desk.one.edit(number, Changes(text="Our\u2066 words.\r\nAll", title="N\x1bews"))
        assert (edit.after.text, edit.after.title) == ("Our words.\nAll", "News")
        assert {*edit.taken} == {"\u2066", "\x1b"}

    def test_they_hide_no_obligation(self, desk: Desk) -> None:
        number, *_ = desk.queued(RESHARE, "bluesky")
        text = desk.edit(number, text=f"See {POST}\x1fmore").content.text
        assert f"See {POST} more" in text


@contextmanager
def a_desk(
    folder: Path,
    accounts: Mapping[str, AccountRules] = ACCOUNTS,
    *,
    own_group: frozenset[str] = frozenset(),
) -> Iterator[Desk]:
    """Desk with a store of its own."""
    store = memory_store()
    try:
        yield Desk(store, folder, accounts, own_group)
    finally:
        store.close()


class TestLinks:
    @pytest.mark.parametrize("name", ["x", "bluesky"])
    def test_another_address_in_the_text_is_the_one_of_the_card(
        self, desk: Desk, name: str
    ) -> None:
        number, *_ = desk.queued(own(link="https://us.org/old"), name)
        now = desk.edit(number, text="Our report: https://us.org/new")
        assert now.content.link == "https://us.org/new"
        assert preview(now, ACCOUNTS[name].capabilities).card == "https://us.org/new"

    def test_an_address_that_only_begins_alike_is_another_one(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(link="https://us.org"), "bluesky")
        assert desk.edit(number, text="https://us.org/new").content.link == "https://us.org/new"

    def test_a_new_link_takes_the_place_of_the_old_one_everywhere(self, desk: Desk) -> None:
        for number in desk.queued(own(link="https://us.org/old")):
            now = desk.edit(number, link="us.org/new").content
            assert (now.text, now.link) == (
                "Our report.\n\nhttps://us.org/new",
                "https://us.org/new",
            )

    @pytest.mark.parametrize(
        ("text", "now"),
        [
            (
                "See {} and https://archive.org/web/{}",
                "See {new} and https://archive.org/web/{old}",
            ),
            ("„{}“ heute, und {}— dort", "„{new}“ heute, und {new}— dort"),
            ("Weiter: {}… und mehr", "Weiter: {new}… und mehr"),
            ("Weiter: {}x und mehr {}", "Weiter: {old}x und mehr {new}"),
        ],
    )
    def test_the_old_one_is_found_between_signs_and_not_inside_another(
        self, desk: Desk, text: str, now: str
    ) -> None:
        old, new = "https://us.org/old", "https://us.org/new"
        number, *_ = desk.queued(own(link=old), "bluesky")
        desk.edit(number, text=text.format(old, old))
        assert desk.edit(number, link=new).content.text == now.format(old=old, new=new)

    def test_a_link_is_added_where_there_was_none(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        now = desk.edit(number, link="https://us.org/new")
        assert now.content.text.endswith("\n\nhttps://us.org/new")
        assert now.cost == pytest.approx(0.2)

    def test_what_is_no_address_is_refused(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        with pytest.raises(Refused) as error:
            desk.one.edit(number, Changes(link="javascript:alert(1)"))
        assert error.value.code == "bad-address"

    def test_a_link_without_its_scheme_is_whole_in_the_queue(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(link="www.us.org/x"), "bluesky")
        assert "https://www.us.org/x" in desk.look(number).content.text


class TestTitles:
    def test_the_title_that_a_template_made_follows_the_text(self, desk: Desk) -> None:
        number, *_ = desk.queued(own("Our old words."), "reddit")
        assert desk.edit(number, text="Our new words.").content.title == "us: Our new words."

    def test_a_notice_does_likewise(self, desk: Desk) -> None:
        notice = Notice(author="ana", text="Closed on Monday.", reason="holiday")
        number, *_ = desk.queued(notice, "reddit")
        assert desk.edit(number, text="Closed on Friday.").content.title == "us: Closed on Friday."

    @pytest.mark.parametrize("late", [False, True])
    def test_the_title_of_a_person_stays(self, desk: Desk, late: bool) -> None:
        number, *_ = desk.queued(own("Our old words.", title=None if late else "News"), "reddit")
        if late:
            desk.edit(number, title="News")
        assert desk.edit(number, text="Our new words.").content.title == "News"

    def test_a_title_that_is_of_the_partner_stays(self, desk: Desk) -> None:
        number, *_ = desk.queued(PAID, "reddit")
        title = desk.look(number).content.title
        assert desk.edit(number, text="Meet them.").content.title == title

    def test_it_is_a_persons_even_where_it_is_the_same(self, desk: Desk) -> None:
        number, *_ = desk.queued(own("Our old words."), "reddit")
        title = desk.look(number).content.title
        assert desk.edit(number, title=title).title_given
        assert desk.edit(number, text="Our new words.").content.title == title

    def test_and_stays_so_when_it_is_edited_back(self, desk: Desk) -> None:
        number, *_ = desk.queued(own("Our old words."), "reddit")
        title = desk.look(number).content.title
        desk.edit(number, title="News")
        assert desk.edit(number, title=title).title_given

    def test_the_same_title_voids_no_approval(self, desk: Desk) -> None:
        number, *_ = desk.queued(own("Our old words."), "reddit")
        edit = desk.one.edit(number, Changes(title=desk.look(number).content.title))
        assert (edit.void, edit.before) == (0, edit.after)


class TestThreads:
    LONG = "We went to the river and looked at it for a long while. " * 12

    def test_a_thread_is_edited_as_a_thread(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(self.LONG, thread=True), "bluesky")
        now = desk.edit(number, text=self.LONG.replace("river", "lake"))
        assert len(now.content.parts) > 1
        assert "lake" in now.content.parts[0]

    def test_it_becomes_one_post_where_it_fits(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(self.LONG, thread=True), "bluesky")
        assert desk.edit(number, text="Short.").content.parts == ()

    def test_a_post_becomes_a_thread_only_when_asked_to(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "bluesky")
        with pytest.raises(QueueingError):
            desk.one.edit(number, Changes(text=self.LONG))
        assert len(desk.edit(number, text=self.LONG, thread=True).content.parts) > 1


class TestPosts:
    def test_an_act_on_a_post_is_done_on_all_its_accounts(self, desk: Desk) -> None:
        numbers = desk.queued(own())
        post = desk.look(numbers[0]).post
        acted = desk.acts.edit(Targets(posts=(post,)), Changes(text="Our words."))
        assert [each.delivery for each in acted.done] == numbers
        assert {desk.look(number).content.text for number in numbers} == {"Our words."}

    def test_what_of_a_post_can_no_longer_be_changed_is_left_and_named(self, desk: Desk) -> None:
        first, *others = desk.queued(own())
        desk.one.cancel(first)
        post = desk.look(first).post
        acted = desk.acts.cancel(Targets(posts=(post,)))
        assert [each.delivery for each in acted.done] == others
        assert [each.id for each in acted.left] == [first]
        with pytest.raises(Refused) as error:
            desk.acts.cancel(Targets(posts=(post,)))
        assert error.value.code == "wrong-state"

    def test_of_several_deliveries_all_are_changed_or_none(self, desk: Desk) -> None:
        numbers = desk.queued(own())
        with pytest.raises(Refused) as error:
            desk.acts.edit(Targets(tuple(numbers)), Changes(text="a" * 290))  # too long for X
        assert error.value.spared == 2
        assert {desk.look(number).content.text for number in numbers} == {"Our report."}
        with pytest.raises(Refused):
            desk.acts.cancel(Targets((*numbers, 99)))
        assert {desk.look(number).state for number in numbers} == {"queued"}

    def test_a_delivery_named_twice_is_changed_once(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        post = desk.look(number).post
        assert len(desk.acts.cancel(Targets((number, number), (post,))).done) == 1

    def test_a_title_is_for_the_accounts_that_have_titles(self, desk: Desk) -> None:
        numbers = desk.queued(own())
        desk.acts.edit(Targets(tuple(numbers)), Changes(title="News"))
        assert [desk.look(number).content.title for number in numbers] == [None, None, "News"]
        with pytest.raises(Refused) as error:
            desk.acts.edit(Targets((numbers[0],)), Changes(title="News"))
        assert error.value.code == "no-titles-there"

    def test_images_are_fitted_for_each_account(self, desk: Desk) -> None:
        numbers = desk.queued(own())
        desk.acts.edit(Targets(tuple(numbers)), Changes(images=(SHOT,)))
        for number in numbers:
            (image,) = desk.look(number).content.images
            assert image.path.startswith("media/")
            assert image.alt == SHOT.alt

    def test_what_is_rejected_is_cancelled_with_the_reason(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        desk.acts.reject(Targets((number,)), "the date is wrong")
        now = desk.look(number)
        assert now.state == "cancelled"
        assert now.fault is not None
        assert now.fault.code == "turned-down"

    def test_a_retry_of_a_post_leaves_alone_what_met_no_fault(self, desk: Desk) -> None:
        number, *_ = desk.queued(own(), "x")
        with pytest.raises(Refused) as error:
            desk.acts.retry(Targets(posts=(desk.look(number).post,)))
        assert error.value.code == "wrong-state"
