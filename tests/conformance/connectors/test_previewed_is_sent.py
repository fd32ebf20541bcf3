"""What is previewed is what is sent: title, text, thread, links, card and Markdown, per network.

Each example is composed as `queue` composes it, previewed, and sent to a simulated network or to
the sandbox's page; what stands there is compared with the preview.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from conformance.connectors import reddit_world, x_world
from conformance.connectors.reddit_world import PLENTY, Reddit
from examples import examples
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from servers.simulators import Subreddit
from stories import rules

from crosspromo.connectors import bluesky, manual, reddit, sandbox, x
from crosspromo.connectors.base import AccountSetup, Content, Network, Sent
from crosspromo.connectors.bluesky.records import post
from crosspromo.connectors.manual import Manual
from crosspromo.connectors.sandbox import Sandbox
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import QueueingError
from crosspromo.domain.posts import Credit, Kind
from crosspromo.domain.requests import OwnPost, Words
from crosspromo.domain.states import State
from crosspromo.publishing.compose import Material, compose
from crosspromo.publishing.networks import Capabilities
from crosspromo.rendering.preview import Preview, preview
from crosspromo.rendering.templates import Templates
from crosspromo.resources import SHIPPED
from crosspromo.testing.clock import START, FakeClock

TEMPLATES = Templates((SHIPPED / "templates",), "Us")
ADDRESSES = (
    "https://en.wikipedia.org/wiki/Acme_Inc.",
    "HTTPS://EXAMPLE.ORG/Path",
    "https://us.example/what_(is)_it?a=1&b=2",
    "https://us.example/" + "very-long-" * 30,
)
WORDS = st.lists(
    st.sampled_from(
        [
            *(
                "Open hours:",
                "Mon 9-5",
                "\n",
                "\n\n",
                "\n#CleanWater ",
                "\n* note",
                "\n1986. A year",
            ),
            *("**all**", "_we_", "wiki.vg's", "(https://us.example/a)", " @us.example ", "u/a_b"),
            *(
                "> said",
                "`code`",
                "&amp;",
                "<b>",
                "word ",
                " and ",
                ". ",
                "We meet at the river. " * 9,
            ),
        ]
    ),
    min_size=1,
).map("".join)
PLAIN_SETTINGS = settings(
    max_examples=examples(25),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
numbers = count(1)


@st.composite
def requests(draw: st.DrawFn, *, markdown: bool = False) -> OwnPost:
    words = re.sub("river", lambda _: f"river {next(numbers)}", draw(WORDS))  # no part twice on X
    return OwnPost(
        author="ana",
        says=Words(f"Number {next(numbers)}: {words}"),
        link=draw(st.none() | st.sampled_from(ADDRESSES)),
        title=draw(st.none() | st.just("A *title* of_ours")),
        thread=draw(st.booleans()),
        markdown=markdown and draw(st.booleans()),
    )


def queued(
    request: OwnPost, network: Network, text_network: str, capabilities: Capabilities | None = None
) -> tuple[Content, Preview]:
    """The content as `queue` composes it, and its preview."""
    capabilities = capabilities or network.capabilities
    account = replace(
        rules("main"), network=network.name, text_network=text_network, capabilities=capabilities
    )
    try:
        content, dropped, *_ = compose(Material(request), account, TEMPLATES)
    except QueueingError:
        assume(False)
        raise
    delivery = Delivery(
        id=1,
        post=1,
        account="main",
        network=network.name,
        kind=Kind.OWN,
        state=State.QUEUED,
        credit=Credit.SELF,
        content=content,
        due_at=START,
        pinned=False,
        dropped=dropped,
    )
    return content, preview(delivery, capabilities)


def seen(markdown: str) -> list[str]:
    """Words that a reader of Markdown sees, by an HTML page of it."""
    page = MarkdownIt("commonmark", {"html": False}).render(markdown)
    return html.unescape(re.sub(r"<[^>]*>", "", page.replace("<br />", " "))).split()


@PLAIN_SETTINGS
@given(request=requests())
def test_on_bluesky(request: OwnPost) -> None:
    content, shown = queued(request, bluesky.NETWORK, "bluesky")
    records = [
        post(text, {"us.example": "did:plc:us"}, START, content.known_addresses)
        for text in content.posts
    ]
    assert [record["text"] for record in records] == [each.text for each in shown.posts]
    for record, part in zip(records, shown.posts, strict=True):
        assert part.fits
        links = [each for each in part.entities if each.type == "link"]
        facets = [
            (facet["index"]["byteStart"], facet["index"]["byteEnd"], facet["features"][0]["uri"])  # type: ignore[index,call-overload]  # a record is JSON
            for facet in record.get("facets", [])  # type: ignore[union-attr]  # as above
            if "uri" in facet["features"][0]  # type: ignore[index,call-overload,operator]  # as above
        ]
        assert facets == [(each.byte_start, each.byte_end, each.target) for each in links]
    if request.link is not None:
        scheme, colon, rest = request.link.partition(":")
        whole = scheme.lower() + colon + rest
        assert whole in [e.target for each in shown.posts for e in each.entities]
        assert shown.card == whole


@settings(PLAIN_SETTINGS, max_examples=examples(12))
@given(request=requests())
def test_on_x(tmp_path: Path, request: OwnPost) -> None:
    content, shown = queued(request, x.NETWORK, "x")
    with x_world.world_in(tmp_path) as world:  # X takes no text twice, nor a part of a thread
        account = world.connect()
        assert isinstance(account.send(world.prepared(account, content)), Sent)
        assert [each.text for each in world.x.posts] == [each.text for each in shown.posts]
    assert all(each.fits for each in shown.posts)


@pytest.fixture(scope="module")
def on_reddit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[reddit_world.World]:
    clock = FakeClock()
    simulated = Reddit(clock=clock, limit=PLENTY, subreddits=(Subreddit("test"),))
    simulated.start()
    world = reddit_world.World(simulated, clock, tmp_path_factory.mktemp("reddit"))
    yield world
    for connector in world.made:
        connector.close()
    simulated.stop()


@PLAIN_SETTINGS
@given(request=requests(markdown=True))
def test_on_reddit(on_reddit: reddit_world.World, request: OwnPost) -> None:
    content, shown = queued(request, reddit.NETWORK, "reddit")
    account = on_reddit.made[0] if on_reddit.made else on_reddit.connect()
    on_reddit.clock.advance(timedelta(hours=1))
    assert isinstance(account.send(reddit_world.prepared(account, content)), Sent)
    sent = on_reddit.reddit.posts[-1]
    (part,) = shown.posts
    assert sent.title == shown.title
    assert part.length == len(sent.text)
    if request.markdown:
        assert sent.text == content.text
    else:  # a person's words, each line and sign of them
        assert seen(sent.text) == content.text.split() == part.text.split()
        lines = [line.strip() for line in content.text.split("\n") if line.strip()]
        assert [line.strip() for line in part.text.split("\n") if line.strip()] == lines


@pytest.mark.parametrize(
    "imitated", [x.NETWORK, bluesky.NETWORK, reddit.NETWORK], ids=lambda network: network.name
)
@PLAIN_SETTINGS
@given(request=requests(markdown=True))
def test_on_a_page_of_the_sandbox(tmp_path: Path, imitated: Network, request: OwnPost) -> None:
    limits = replace(
        sandbox.NETWORK.capabilities,
        text=imitated.capabilities.text,
        threads=imitated.capabilities.threads,
    )
    content, shown = queued(request, sandbox.NETWORK, imitated.name, limits)
    account = Sandbox(setup(tmp_path, imitated.name))
    outcome = account.send(account.prepare(content, START))
    assert isinstance(outcome, Sent)
    page = (tmp_path / "sandbox" / "main.html").read_text(encoding="utf-8")
    article = page.partition(f'id="{outcome.receipt.remote_id}"')[2].partition("<time ")[0]
    article = article.partition(">")[2].partition("<small>")[0]
    assert (f"<h2>{html.escape(str(shown.title))}</h2>" in article) == (shown.title is not None)
    words = html.unescape(re.sub("<[^>]+>", "", article.partition("</h2>")[2] or article))
    if request.markdown:  # marks and numbers of lists are drawn by the browser
        assert letters(words) == letters(" ".join(each.text for each in shown.posts))
    else:
        assert words.split() == " ".join(each.text for each in shown.posts).split()


def letters(text: str) -> list[str]:
    return re.findall(r"[^\W\d]+", text)


@PLAIN_SETTINGS
@given(request=requests())
def test_in_reddits_own_form(tmp_path: Path, request: OwnPost) -> None:
    limits = replace(manual.NETWORK.capabilities, text=reddit.NETWORK.capabilities.text)
    content, shown = queued(request, manual.NETWORK, "reddit", limits)
    form = Manual(setup(tmp_path, "reddit")).form(content)
    assume(form is not None)
    (text,) = parse_qs(urlsplit(str(form)).query)["text"]
    assert seen(text) == shown.posts[0].text.split()


def setup(folder: Path, imitates: str) -> AccountSetup:
    return AccountSetup(
        name="main",
        credentials={},
        options={"subreddit": "test"},
        server=None,
        timeout=timedelta(seconds=10),
        workspace=folder,
        sessions=x_world.NoSessions(),
        imitates=imitates,
    )
