"""What templates may say of a partner, a moment, a topic and an address."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posts import changed

from crosspromo.domain.errors import TemplateError
from crosspromo.domain.posts import Kind
from crosspromo.rendering.samples import EVENT, PARTNER, material_of
from crosspromo.rendering.template_language import hashtags, link, listed, local_date, local_time
from crosspromo.rendering.templates import Templates

MOMENT = datetime(2026, 4, 23, 2, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("network", "tag_ok", "shown"),
    [
        ("x", True, "@samplepartner"),
        ("bluesky", True, "@partner.example"),
        ("reddit", True, "u/sample_partner"),
        ("mastodon", True, "Sample Partner"),  # no handle there
        ("x", False, "Sample Partner"),
        ("reddit", False, "Sample Partner"),
    ],
)
def test_a_partner_is_mentioned_on_its_word_and_named_otherwise(
    tmp_path: Path, network: str, tag_ok: bool, shown: str
) -> None:
    (tmp_path / "spotlight").mkdir()
    (tmp_path / "spotlight" / "default.j2").write_text("{{ partner | handle }}")
    request = changed(material_of(Kind.SPOTLIGHT), partners=(replace(PARTNER, tag_ok=tag_ok),))
    rendered = Templates((tmp_path,), "us").render(request, network)
    assert rendered.segments[0].text == shown


def test_a_subreddit_is_written_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "spotlight").mkdir()
    (tmp_path / "spotlight" / "reddit.j2").write_text("{{ partner | handle }}")
    partner = replace(PARTNER, handles={"reddit": "r/rivervalley"})
    request = changed(material_of(Kind.SPOTLIGHT), partners=(partner,))
    rendered = Templates((tmp_path,), "us").render(request, "reddit")
    assert rendered.segments[0].text == "r/rivervalley"


def test_an_event_is_told_in_its_own_zone() -> None:
    event = replace(EVENT, starts_at=MOMENT)
    assert local_date(event) == "Wednesday, April 22"
    assert local_time(event) == "9:05 pm"
    assert local_time(event, hours=24) == "21:05"
    assert local_date(event, "Europe/Berlin") == "Thursday, April 23"


@pytest.mark.parametrize(
    ("home", "time"),
    [
        ("Europe/Berlin", "9:05 pm CDT"),
        ("America/Winnipeg", "9:05 pm"),  # its clocks show the same
        ("America/Chicago", "9:05 pm"),
    ],
)
def test_the_time_of_an_event_elsewhere_has_the_letters_of_its_zone(home: str, time: str) -> None:
    event = replace(EVENT, starts_at=MOMENT)
    assert local_time(event, home=ZoneInfo(home)) == time
    assert local_time(event, "America/Chicago", home=ZoneInfo(home)) == "9:05 pm"


def test_a_zone_without_letters_is_told_by_its_offset() -> None:
    event = replace(EVENT, starts_at=MOMENT, zone="America/Sao_Paulo")
    assert local_time(event, home=ZoneInfo("UTC")) == "11:05 pm UTC-03"


def test_the_zone_of_the_organisation_reaches_the_templates(tmp_path: Path) -> None:
    (tmp_path / "event").mkdir()
    (tmp_path / "event" / "x.j2").write_text("{{ event | local_time(hours=24) }}")
    request = changed(material_of(Kind.EVENT), event=replace(EVENT, starts_at=MOMENT))
    rendered = Templates((tmp_path,), "us", ZoneInfo("Europe/Berlin")).render(request, "x")
    assert rendered.segments[0].text == "21:05 CDT"


@pytest.mark.parametrize(
    ("hour", "shown"), [(0, "12:00 am"), (1, "1:00 am"), (12, "12:00 pm"), (23, "11:00 pm")]
)
def test_noon_and_midnight_are_twelve(hour: int, shown: str) -> None:
    assert local_time(MOMENT.replace(hour=hour, minute=0), "UTC") == shown


def test_a_whole_day_has_no_time() -> None:
    assert local_time(replace(EVENT, all_day=True)) == ""


def test_a_moment_alone_needs_a_zone() -> None:
    with pytest.raises(TemplateError) as error:
        local_date(MOMENT)
    assert str(error.value) == "a moment that is not an event needs a zone: local_date(zone)"


@pytest.mark.parametrize(
    ("topics", "shown"),
    [
        (["FoodJustice", "water"], "#FoodJustice #water"),
        (["Clean Water!", "d'abord"], "#CleanWater #dabord"),
        (["हिन्दी", "Ünïcode", "東京"], "#हिन्दी #Ünïcode #東京"),
        (["2030", "!", "", "_", "4th"], "#4th"),
        (["snake_case"], "#snake_case"),
        ([], ""),
    ],
)
def test_topics_become_tags_with_the_capitals_people_gave_them(
    topics: list[str], shown: str
) -> None:
    assert hashtags(topics) == shown


@given(st.lists(st.text()))
def test_whatever_the_topics_a_tag_is_one_word(topics: list[str]) -> None:
    for tag in hashtags(topics).split():
        assert tag.startswith("#")
        assert len(tag) > 1


@pytest.mark.parametrize(
    ("words", "shown"),
    [(["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_words_are_listed_as_one_would_say_them(words: list[str], shown: str) -> None:
    assert listed(words) == shown


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        (" https://us.example/a?b#c ", "https://us.example/a?b#c"),
        ("http://us.example", "http://us.example"),
        ("javascript:alert(1)", ""),
        ("mailto:us@us.example", ""),
        ("us.example", "https://us.example"),
        ("www.us.example/a", "https://www.us.example/a"),
        ("report.pdf", ""),
        ("https://", ""),
        ("https://[bad", ""),
        ("", ""),
    ],
)
def test_only_an_address_of_the_web_is_a_link(address: str, kept: str) -> None:
    assert link(address) == kept


def test_a_time_that_the_clocks_show_twice_has_the_letters_of_its_zone() -> None:
    twice = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
    assert local_time(twice, "America/Chicago") == "1:30 am CDT"
    assert local_time(twice + timedelta(hours=1), "America/Chicago", hours=24) == "01:30 CST"
