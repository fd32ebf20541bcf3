"""Campaigns: groups of posts and events, with what belongs to each."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from newsroom import SLUG, Newsroom
from stories import delivery, rules

from crosspromo.domain.approval import Approvers
from crosspromo.domain.campaigns import chosen_campaign
from crosspromo.domain.errors import InputError, NotFoundError, Refused, StateError
from crosspromo.domain.reasons.inputs import (
    CampaignEndsFirst,
    CampaignExists,
    NameMakesNoSlug,
    NameMissing,
)
from crosspromo.domain.reasons.not_found import NoSuchCampaign
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.campaigns import CampaignService, CampaignViews
from crosspromo.services.change_event import Hosts
from crosspromo.services.delivery_view import DeliveryViews
from crosspromo.store.unit import Store
from crosspromo.testing.clock import START, FakeClock

SPRING = "spring-drive"


@pytest.fixture
def campaigns(store: Store) -> CampaignService:
    return CampaignService(store, FakeClock(), "ana")


@pytest.fixture
def newsroom(store: Store, campaigns: CampaignService) -> Newsroom:
    campaigns.add("Spring drive")
    return Newsroom(store)


class TestAdding:
    def test_the_name_makes_the_slug(self, store: Store, campaigns: CampaignService) -> None:
        first, last = date(2026, 5, 1), date(2026, 5, 31)
        added = campaigns.add(" Spring\x00 drive ", first_day=first, last_day=last, why="Gloves")
        assert (added.slug, added.name, added.why) == (SPRING, "Spring drive", "Gloves")
        assert (added.first_day, added.last_day, added.added_by) == (first, last, "ana")
        assert CampaignViews(store).get(SPRING).campaign == added

    @pytest.mark.parametrize(
        ("name", "reason"),
        [
            (" ", NameMissing("campaign")),
            ("春", NameMakesNoSlug("春")),
            ("Spring Drive", CampaignExists(SPRING)),
            ("None", CampaignExists("none")),
        ],
    )
    def test_a_name_that_cannot_be_one_is_refused(
        self, campaigns: CampaignService, name: str, reason: object
    ) -> None:
        campaigns.add("Spring drive")
        with pytest.raises(InputError) as error:
            campaigns.add(name)
        assert error.value.reason == reason

    def test_it_does_not_end_before_it_begins(self, campaigns: CampaignService) -> None:
        day = date(2026, 5, 1)
        assert campaigns.add("One day", first_day=day, last_day=day).last_day == day
        with pytest.raises(InputError) as error:
            campaigns.add("Backwards", first_day=day, last_day=day - timedelta(days=1))
        assert error.value.reason == CampaignEndsFirst()


class TestPosts:
    def test_a_post_belongs_to_the_campaign_that_is_asked_for(self, newsroom: Newsroom) -> None:
        number = newsroom.queue(campaign=SPRING)
        shown = CampaignViews(newsroom.store).get(SPRING)
        assert [each.id for each in shown.deliveries] == [number]
        assert newsroom.delivery(number).campaign == SPRING

    def test_the_queue_is_listed_by_campaign(self, newsroom: Newsroom) -> None:
        number = newsroom.queue(campaign=SPRING)
        newsroom.queue()
        views = DeliveryViews(newsroom.store, {}, dict)
        listed = views.list(room=9, campaign=SPRING).views
        assert [each.delivery.id for each in listed] == [number]
        with pytest.raises(NotFoundError):
            views.list(room=9, campaign="autumn")

    def test_else_to_that_of_its_event(self, newsroom: Newsroom) -> None:
        newsroom.edit(campaign=SPRING)
        assert newsroom.delivery(newsroom.queue()).campaign == SPRING

    def test_an_unknown_campaign_is_refused_and_nothing_is_queued(self, newsroom: Newsroom) -> None:
        with pytest.raises(NotFoundError) as error:
            newsroom.queue(campaign="autumn")
        assert error.value.reason == NoSuchCampaign("autumn", (SPRING,))
        with newsroom.store.read() as unit:
            assert not unit.deliveries.some()

    def test_campaign_and_note_change_and_approvals_stay(self, newsroom: Newsroom) -> None:
        known = rules("main")
        policy = replace(known.policy, approval=Approvers.ONE)
        newsroom.accounts = {"main": replace(known, policy=policy)}
        number = newsroom.queue()
        newsroom.person.approve(number)
        newsroom.person.label(number, Labels(campaign=SPRING, note=" Ask\x00 Maria "))
        found = newsroom.delivery(number)
        assert (found.campaign, found.note) == (SPRING, "Ask Maria")
        newsroom.person.label(number, Labels(campaign="", note=""))
        assert (newsroom.delivery(number).campaign, newsroom.delivery(number).note) == (None, "")
        with newsroom.store.read() as unit:
            assert unit.approvals.signatures([number])[number]

    def test_a_post_that_no_longer_waits_stays_as_it_is(self, newsroom: Newsroom) -> None:
        number = newsroom.queue()
        newsroom.person.cancel(number)
        with pytest.raises(StateError):
            newsroom.person.label(number, Labels(note="Too late"))
        assert delivery(newsroom.store, number).note == ""

    def test_nothing_to_change_is_refused(self, newsroom: Newsroom) -> None:
        number = newsroom.queue()
        with pytest.raises(Refused):
            newsroom.person.label(number, Labels())


class TestEvents:
    def test_an_event_keeps_its_campaign_when_its_calendar_comes_again(
        self, newsroom: Newsroom
    ) -> None:
        newsroom.edit(campaign=SPRING)
        newsroom.edit(title="Bird walk at dawn")
        with newsroom.store.read() as unit:
            assert unit.events.get(SLUG).campaign == SPRING
        newsroom.edit(campaign="")
        with newsroom.store.read() as unit:
            assert unit.events.get(SLUG).campaign is None

    def test_an_event_is_added_to_a_campaign(self, newsroom: Newsroom) -> None:
        added = newsroom.events.add(
            "Picnic", START + timedelta(days=9), timedelta(hours=2), Hosts(), campaign=SPRING
        )
        assert added.campaign == SPRING
        (listed,) = CampaignViews(newsroom.store).list()
        assert (listed.posts, listed.events) == (0, 1)


def test_what_it_sends_people_to_is_listed_once(newsroom: Newsroom) -> None:
    newsroom.edit(campaign=SPRING, url="https://walk.example")
    for _ in range(2):
        newsroom.queue(link="https://us.example/help")
    shown = CampaignViews(newsroom.store).get(SPRING)
    assert list(shown.links) == ["https://us.example/help", "https://walk.example"]
    with pytest.raises(NotFoundError):
        CampaignViews(newsroom.store).get("autumn")


@pytest.mark.parametrize(
    ("word", "slug"),
    [(None, None), ("", None), ("none", None), (" None ", None), (" spring ", "spring")],
)
def test_a_word_takes_out_of_any_campaign(word: str | None, slug: str | None) -> None:
    assert chosen_campaign(word) == slug
