"""The steps of a ladder read well on every network, and no two of them say nearly the same."""

from dataclasses import replace
from datetime import timedelta
from itertools import combinations
from types import MappingProxyType

import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from posts import changed
from unit.rendering.test_shipped_templates import well_set, written

from crosspromo.domain.duplicates import nearly_the_same
from crosspromo.domain.events import Event
from crosspromo.domain.ladders import STEP_NAMES, template_of
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Content, Hosting, Kind
from crosspromo.publishing.compose import Material
from crosspromo.rendering.samples import EVENT, PARTNER, material_of
from crosspromo.resources import SHIPPED
from crosspromo.text.rules import BY_NETWORK

NETWORKS = sorted(BY_NETWORK)
KEEPERS = Partner(slug="river-keepers", name="River Keepers")
TENANTS = Partner(slug="millside-tenants", name="Millside Tenants")


def post(step: str | None, event: Event, *hosts: Partner, link: str | None = None) -> Material:
    """Material of a step; without a step, of the plain post about the event."""
    about = changed(material_of(Kind.EVENT), event=event, partners=hosts, link=link)
    return about if step is None else changed(about, template=template_of(step), step=step)


def of_steps(event: Event, hosts: tuple[Partner, ...], network: str) -> dict[str | None, Content]:
    plain = () if network == "email" else (None,)  # a mail needs a subject of its own
    return {step: written(post(step, event, *hosts), network) for step in (*plain, *STEP_NAMES)}


ANNOUNCE = """\
Here is news that is worth sharing.

Sample River Cleanup
Monday, April 22, 9:00 am
Riverside Park, north gate

Hosted by @partner.example

Pass it on to anybody who may like to hear of it.

https://partner.example/cleanup

#CleanWater #neighbours"""

NAMED = ANNOUNCE.replace("@partner.example", "Sample Partner")

THANKS = """\
Thank you to everyone who made this possible: Sample River Cleanup

Our thanks go to the hosts @partner.example.

To all who came, who helped and who spread the word: we are grateful.

https://partner.example/cleanup"""

RECAP = """\
Looking back at what we saw on Monday, April 22: **Sample River Cleanup**

It was hosted by Sample Partner.

If you missed it, read how it went and what comes next.

Details: https://partner.example/cleanup"""

PROGRAMME = """\
The programme is taking shape: see what is planned.

**Sample River Cleanup**

* When: Monday, April 22, 9:00 am
* Where: Riverside Park, north gate
* Hosted by Sample Partner

Bring gloves. We bring the rest.

Details: https://partner.example/cleanup"""


@pytest.mark.parametrize(
    ("step", "network", "title", "text"),
    [
        ("announce", "email", "Announced: Sample River Cleanup, Monday, April 22", NAMED),
        ("announce", "bluesky", None, ANNOUNCE),
        ("thanks", "bluesky", None, THANKS),
        ("recap", "reddit", "Looking back: Sample River Cleanup, Monday, April 22", RECAP),
        (
            "programme",
            "reddit",
            "What is planned: Sample River Cleanup, Monday, April 22",
            PROGRAMME,
        ),
    ],
)
def test_a_step_with_everything_reads_well(
    step: str, network: str, title: str | None, text: str
) -> None:
    content = written(post(step, EVENT, PARTNER), network)
    assert (content.title, content.text) == (title, text)


def test_the_barest_step_reads_well() -> None:
    bare = replace(EVENT, location="", url="", description="", all_day=True, partners=())
    assert written(post("last-days", bare), "x").text == (
        "Only a few days remain to decide.\n\nSample River Cleanup\nMonday, April 22\n\n"
        "If you were still thinking about it, this is your reminder."
    )


def test_an_event_of_the_first_hours_of_a_day_is_tonight() -> None:
    vigil = replace(EVENT, starts_at=EVENT.starts_at - timedelta(hours=8))  # 01:00 there
    assert written(post("today", vigil), "x").text.startswith("Tonight is the night")
    assert written(post("today", EVENT), "x").text.startswith("Today is the day")


@pytest.mark.parametrize("step", STEP_NAMES)
def test_every_step_has_a_template_for_all_networks_and_one_for_reddit(step: str) -> None:
    folder = SHIPPED / "templates" / "event"
    assert (folder / f"{step}.j2").is_file()
    assert (folder / step / "reddit.j2").is_file()


@pytest.mark.parametrize("step", STEP_NAMES)
def test_no_step_tells_a_number_of_days_which_a_held_post_would_make_untrue(step: str) -> None:
    bare = replace(EVENT, location="", url="", description="")
    text = written(post(step, bare, KEEPERS), "x").text.lower()
    for word in ("tomorrow", "yesterday", "one week", "two weeks", "next week", "this week"):
        assert word not in text


WORDS = st.sampled_from(
    (
        *("river", "cleanup", "for", "clean", "water", "as", "neighbours", "and", "friends", "of"),
        *("the", "old", "mill", "a", "day", "to", "plan", "look", "back", "thank", "you", "save"),
    )
)
events = st.builds(
    replace,
    st.just(EVENT),
    title=st.lists(WORDS, min_size=1, max_size=22).map(" ".join).map(str.capitalize),
    location=st.sampled_from(["", "Riverside Park", "Riverside Park, north gate, by the old oak"]),
    url=st.sampled_from(["", "https://partner.example/cleanup"]),
    description=st.sampled_from(["", "Bring gloves.", "Bring gloves and a friend. " * 40]),
    all_day=st.booleans(),
    hosting=st.sampled_from(Hosting),
)
hosts = st.sampled_from(
    [
        (),
        (KEEPERS,),
        (PARTNER, TENANTS),
        (replace(PARTNER, topics=tuple("abcdefgh"), handles=MappingProxyType({})),),
    ]
)


@settings(max_examples=examples(60))
@given(events, hosts, st.sampled_from(NETWORKS))
def test_no_two_steps_say_nearly_the_same_and_none_has_a_gap(
    event: Event, hosts: tuple[Partner, ...], network: str
) -> None:
    found = of_steps(event, hosts, network)
    for one, other in combinations(found, 2):
        assert not nearly_the_same(found[one].text, found[other].text), (one, other)
    for content in found.values():
        assert event.title in content.text
        assert well_set(content.text), content.text
        assert content.title is None or well_set(content.title)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("words", [1, 5, 12, 20])
@pytest.mark.parametrize("hosting", [Hosting.PARTNER, Hosting.JOINT, Hosting.OURS])
def test_titles_short_and_long_leave_the_steps_apart(
    network: str, words: int, hosting: Hosting
) -> None:
    title = " ".join(f"w{number}" for number in range(words))
    event = replace(EVENT, title=title, hosting=hosting)
    found = of_steps(event, (KEEPERS,), network)
    for one, other in combinations(found, 2):
        assert not nearly_the_same(found[one].text, found[other].text), (one, other)
