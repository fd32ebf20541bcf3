"""Every template that travels with crosspromo, with everything filled in and with the barest."""

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st
from posts import changed

from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Policy
from crosspromo.domain.posts import Content, Hosting, Kind
from crosspromo.publishing.compose import Material, compose
from crosspromo.publishing.networks import Capabilities
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.samples import EVENT, PARTNER, material_of
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.text.rules import BY_NETWORK

NETWORKS = ["x", "bluesky", "reddit", "mastodon"]  # no template is mastodon's own: the default
TEMPLATES = Templates((SHIPPED / "templates",), "River Valley Alliance")

BARE_PARTNER = Partner(slug="river-keepers", name="River Keepers")
BARE_EVENT = replace(EVENT, location="", url="", description="", partners=())
OTHER_HOSTS = tuple(
    Partner(slug=name.lower(), name=name) for name in ("Millside Tenants", "Spokes Coalition")
)


def account(network: str, limit: int | None = None) -> AccountRules:
    text = BY_NETWORK[network]
    return AccountRules(
        name=f"{network}-main",
        network=network,
        text_network=network,
        capabilities=Capabilities(text if limit is None else replace(text, limit=limit)),
        policy=Policy(),
        timeout=timedelta(seconds=30),
        look_up_after=(timedelta(seconds=20),),
    )


def written(request: Material, network: str, limit: int | None = None) -> Content:
    """What would be sent: drops gone where they had to, white space as it will stand."""
    return compose(request, account(network, limit), TEMPLATES).content


def barest(kind: Kind) -> Material:
    request = material_of(kind) if kind is Kind.RESHARE else changed(material_of(kind), link=None)
    match kind:
        case Kind.SPOTLIGHT | Kind.RESHARE:
            return changed(request, partners=(BARE_PARTNER,))
        case Kind.EVENT:
            return changed(request, partners=(), event=BARE_EVENT)
        case Kind.OWN | Kind.NOTICE:
            return request


def well_set(text: str) -> bool:
    lines = text.split("\n")
    return (
        text == text.strip()
        and "\n\n\n" not in text
        and "  " not in text
        and all(line == line.strip() for line in lines)
        and not any(line.endswith((": ", "* ", " by", " with", "#")) for line in lines)
        and not any(word in text for word in ("None", "Undefined", "\ue000", "\ue001", "\ue002"))
    )


# How they read

SPOTLIGHT_X = """\
Meet @samplepartner: They keep the river clean, and have done so for thirty years.

We are proud to work beside them.

https://partner.example

#CleanWater #neighbours"""

SPOTLIGHT_REDDIT = """\
**Sample Partner**: They keep the river clean, and have done so for thirty years.

We work beside them and think you should know them.

Find out more: https://partner.example

They are here as u/sample_partner."""

EVENT_BLUESKY = """\
Sample River Cleanup
Monday, April 22, 9:00 am
Riverside Park, north gate

Hosted by @partner.example

https://partner.example/cleanup

#CleanWater #neighbours"""

EVENT_REDDIT = """\
**Sample River Cleanup**

* When: Monday, April 22, 9:00 am
* Where: Riverside Park, north gate
* Hosted by Sample Partner

Bring gloves. We bring the rest.

Details: https://partner.example/cleanup"""

RESHARE_MASTODON = """\
Worth your time, from Sample Partner:

https://partner.example/post/1

#CleanWater #neighbours"""

RESHARE_REDDIT = """\
From our neighbours at Sample Partner, and worth your time.

https://partner.example/post/1"""

OWN = """\
A sentence of our own.

https://us.example"""


@pytest.mark.parametrize(
    ("kind", "network", "title", "text"),
    [
        (Kind.SPOTLIGHT, "x", None, SPOTLIGHT_X),
        (Kind.SPOTLIGHT, "reddit", "Meet our neighbours: Sample Partner", SPOTLIGHT_REDDIT),
        (Kind.EVENT, "bluesky", None, EVENT_BLUESKY),
        (Kind.EVENT, "reddit", "Sample River Cleanup, Monday, April 22, 9:00 am", EVENT_REDDIT),
        (Kind.RESHARE, "mastodon", None, RESHARE_MASTODON),
        (Kind.RESHARE, "reddit", "Sample Partner: worth reading", RESHARE_REDDIT),
        (Kind.OWN, "x", None, OWN),
        (Kind.OWN, "reddit", "River Valley Alliance: A sentence of our own.", OWN),
        (Kind.NOTICE, "bluesky", None, OWN),
        (Kind.NOTICE, "reddit", "River Valley Alliance: A sentence of our own.", OWN),
    ],
)
def test_a_post_with_everything_reads_well(
    kind: Kind, network: str, title: str | None, text: str
) -> None:
    content = written(material_of(kind), network)
    assert (content.title, content.text) == (title, text)


@pytest.mark.parametrize(
    ("kind", "network", "text"),
    [
        (Kind.SPOTLIGHT, "x", "Meet River Keepers\n\nWe are proud to work beside them."),
        (
            Kind.SPOTLIGHT,
            "reddit",
            "**River Keepers**\n\nWe work beside them and think you should know them.",
        ),
        (Kind.EVENT, "bluesky", "Sample River Cleanup\nMonday, April 22, 9:00 am"),
        (Kind.EVENT, "reddit", "**Sample River Cleanup**\n\n* When: Monday, April 22, 9:00 am"),
        (
            Kind.RESHARE,
            "x",
            "Worth your time, from River Keepers:\n\nhttps://partner.example/post/1",
        ),
        (Kind.OWN, "mastodon", "A sentence of our own."),
        (Kind.NOTICE, "reddit", "A sentence of our own."),
    ],
)
def test_the_barest_post_reads_well(kind: Kind, network: str, text: str) -> None:
    assert written(barest(kind), network).text == text


# Whatever is missing, and whatever has to go, leaves no trace.

partners = st.builds(
    replace,
    st.just(BARE_PARTNER),
    why=st.sampled_from(["", "They keep the river clean.", "  They do.\n"]),
    website=st.sampled_from(["", "https://partner.example", "partner.example", "https://[bad"]),
    topics=st.sampled_from([(), ("Clean Water",), ("!", "2030"), ("a", "b", "c")]),
    handles=st.sampled_from([MappingProxyType({}), PARTNER.handles]),
    tag_ok=st.booleans(),
)
events = st.builds(
    replace,
    st.just(EVENT),
    location=st.sampled_from(["", "Riverside Park", " Riverside Park "]),
    url=st.sampled_from(["", "https://partner.example/cleanup", "mailto:a@b.example"]),
    description=st.sampled_from(["", "Bring gloves.", "\nBring gloves.\n\nWe bring the rest.\n"]),
    all_day=st.booleans(),
    hosting=st.sampled_from(Hosting),
)
links = st.sampled_from([None, "https://us.example/more", "us.example/more"])


@st.composite
def requests(draw: st.DrawFn) -> Material:
    kind: Kind = draw(st.sampled_from(Kind))
    request = material_of(kind)
    if kind is not Kind.RESHARE:
        request = changed(request, link=draw(links))
    match kind:
        case Kind.SPOTLIGHT:
            return changed(request, partners=(draw(partners),))
        case Kind.RESHARE:
            text = draw(st.sampled_from([None, "Read this.", "Read this.\nAll of it.\n"]))
            return changed(request, partners=(draw(partners),), text=text)
        case Kind.EVENT:
            hosts = tuple(draw(st.lists(partners, max_size=3)))
            return changed(request, partners=hosts, event=draw(events))
        case Kind.OWN | Kind.NOTICE:
            return changed(request, text=draw(st.sampled_from(["One line.", "Two\n\nlines.\n"])))


@given(requests(), st.sampled_from(NETWORKS))
def test_what_is_missing_leaves_no_gap_and_no_label_behind(request: Material, network: str) -> None:
    content = written(request, network)
    assert well_set(content.text), content.text
    assert content.title is None or well_set(content.title)


@pytest.mark.parametrize(
    ("limit", "left"),
    [
        (500, ["when", "where", "who", "link", "tags"]),
        (156, ["when", "who", "link", "tags"]),
        (129, ["when", "link", "tags"]),
        (103, ["when", "link"]),
    ],
)
def test_what_has_to_go_goes_in_order_and_leaves_no_gap(limit: int, left: list[str]) -> None:
    text = written(material_of(Kind.EVENT), "mastodon", limit).text
    signs = {
        "when": "Monday",
        "where": "Riverside",
        "who": "Hosted",
        "link": "https://",
        "tags": "#CleanWater",
    }
    assert [name for name, sign in signs.items() if sign in text] == left
    assert well_set(text)


# Who is named, and how


@pytest.mark.parametrize("kind", [Kind.SPOTLIGHT, Kind.EVENT])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_partner_is_tagged_only_on_its_word(kind: Kind, network: str) -> None:
    request = material_of(kind)
    shy = changed(request, partners=(replace(PARTNER, tag_ok=False),))
    text = written(shy, network).text
    assert "Sample Partner" in text
    for mention in ("@", "u/sample_partner", "samplepartner"):
        assert mention not in text


@pytest.mark.parametrize(
    ("hosting", "hosts", "line"),
    [
        (Hosting.PARTNER, 1, "Hosted by River Keepers"),
        (Hosting.PARTNER, 2, "Hosted by River Keepers and Millside Tenants"),
        (Hosting.JOINT, 1, "Together with River Keepers"),
        (
            Hosting.JOINT_WE_LEAD,
            3,
            "Together with River Keepers, Millside Tenants and Spokes Coalition",
        ),
    ],
)
@pytest.mark.parametrize("network", ["x", "reddit"])
def test_hosts_are_named_as_one_would_say_it(
    network: str, hosting: Hosting, hosts: int, line: str
) -> None:
    request = changed(
        material_of(Kind.EVENT),
        partners=(BARE_PARTNER, *OTHER_HOSTS)[:hosts],
        event=replace(EVENT, hosting=hosting),
    )
    lines = [text.removeprefix("* ") for text in written(request, network).text.split("\n")]
    assert line in lines


def test_an_event_of_a_whole_day_has_no_time() -> None:
    request = changed(barest(Kind.EVENT), event=replace(BARE_EVENT, all_day=True))
    assert written(request, "x").text == "Sample River Cleanup\nMonday, April 22"
    assert written(request, "reddit").title == "Sample River Cleanup, Monday, April 22"


# Links


@pytest.mark.parametrize("kind", [Kind.SPOTLIGHT, Kind.EVENT])
@pytest.mark.parametrize("network", NETWORKS)
def test_a_link_that_somebody_names_takes_the_place_of_the_usual_one(
    kind: Kind, network: str
) -> None:
    text = written(changed(material_of(kind), link="https://us.example/more"), network).text
    assert "https://us.example/more" in text
    assert "https://partner.example" not in text


@pytest.mark.parametrize("network", NETWORKS)
def test_a_link_that_stands_in_the_text_is_not_said_twice(network: str) -> None:
    text = "Come: https://us.example now"
    request = changed(material_of(Kind.OWN), text=text)
    assert written(request, network).text == text


def test_a_long_first_line_is_shortened_for_the_title_alone() -> None:
    request = changed(material_of(Kind.OWN), text="word " * 100 + "\nand more", link=None)
    content = written(request, "reddit")
    assert content.title is not None
    assert content.title.endswith("word…")
    assert len(content.title) <= 230
    assert content.text.endswith("word \nand more")
