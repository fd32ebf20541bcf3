"""The page of a sandbox account: what a person sees, and what hostile texts cannot do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from crosspromo.connectors.base import Absent, AccountSetup, Content, Found, Sent
from crosspromo.connectors.payloads import read_payload
from crosspromo.connectors.sandbox import Sandbox
from crosspromo.connectors.sandbox_page import PagePayload, earlier_identity
from crosspromo.domain.posts import Image
from crosspromo.testing.conformance.subject import MemorySessions

NOW = datetime(2026, 11, 1, 6, 30, tzinfo=UTC)
PICTURE = Image(path="media/abc.png", alt="The river at <dawn>")
OLD = (
    '<article id="abc"><h2>News</h2><p>Tom &amp; Ann</p>\n<p>two</p>'
    "<time>2026-11-01T06:30:00+00:00</time></article>\n"
)


def connected(folder: Path, imitates: str | None = "x") -> Sandbox:
    return Sandbox(
        AccountSetup(
            name="our-page",
            credentials={},
            options={},
            server=None,
            timeout=timedelta(seconds=1),
            workspace=folder,
            sessions=MemorySessions(),
            imitates=imitates,
            zone=ZoneInfo("America/Chicago"),
        )
    )


def page(folder: Path, *contents: Content, imitates: str | None = "x") -> str:
    connector = connected(folder, imitates)
    for content in contents:
        assert isinstance(connector.send(connector.prepare(content, NOW)), Sent)
    return (folder / "sandbox" / "our-page.html").read_text(encoding="utf-8")


def test_it_names_the_account_and_the_network_and_leads_to_the_others(tmp_path: Path) -> None:
    shown = page(tmp_path, Content("Hello"))
    assert "<h1>our-page, as on x</h1>" in shown
    assert '<a href="all.html">' in shown
    assert "flex-direction:column-reverse" in shown  # the newest first


def test_times_are_the_organisations_also_in_the_hour_that_comes_twice(tmp_path: Path) -> None:
    time = '<time datetime="2026-11-01T06:30:00+00:00">Sun 2026-11-01 01:30 CDT</time>'
    assert time in page(tmp_path, Content("Hello"))


def test_addresses_are_links_and_alt_texts_can_be_read(tmp_path: Path) -> None:
    shown = page(tmp_path, Content("See https://example.org/a?b=1&c=2 now", images=(PICTURE,)))
    link = "https://example.org/a?b=1&amp;c=2"
    assert f'See <a href="{link}" rel="noopener">{link}</a> now' in shown
    assert "<figcaption>Alt text: The river at &lt;dawn&gt;</figcaption>" in shown


def test_markdown_is_rendered_where_the_network_has_it(tmp_path: Path) -> None:
    text = "**Meet** [them](https://example.org)"
    rendered = '<strong>Meet</strong> <a href="https://example.org">them</a>'
    assert rendered in page(tmp_path, Content(text, title="Hi"), imitates="reddit")


def test_markdown_stays_as_it_is_where_the_network_has_none(tmp_path: Path) -> None:
    assert "<strong>" not in page(tmp_path, Content("**Meet** them"))


@pytest.mark.parametrize("imitates", ["x", "reddit", None])
@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[click](javascript:alert(1))",
        "[click](data:text/html;base64,PHNjcmlwdD4=)",
        "![spy](https://example.org/spy.png)",
        '</p></article><article id="fake">',
        'https://example.org/"onmouseover="alert(1)',
    ],
)
def test_a_hostile_text_is_text(tmp_path: Path, text: str, imitates: str | None) -> None:
    folder = tmp_path
    article = page(folder, Content(text), imitates=imitates).partition("<main>")[2]
    for forbidden in ("<script", "<img", 'href="javascript', 'href="data', '"onmouseover'):
        assert forbidden not in article
    assert article.count("<article") == 1


def test_what_stands_there_is_found_by_its_content_and_by_nothing_else(tmp_path: Path) -> None:
    content = Content("See https://example.org", images=(PICTURE,), title="News")
    page(tmp_path, content, imitates="reddit")
    connector = connected(tmp_path, "reddit")
    before = NOW - timedelta(hours=1)
    assert isinstance(connector.find(content, before), Found)
    assert isinstance(connector.find(replace(content, title="Other"), before), Absent)
    assert isinstance(connector.find(content, NOW + timedelta(hours=1)), Absent)


def test_an_article_of_an_older_version_is_still_found_and_deleted(tmp_path: Path) -> None:
    """Else a post in doubt would look absent after an upgrade, and go out twice."""
    file = tmp_path / "sandbox" / "our-page.html"
    file.parent.mkdir()
    file.write_text(OLD, encoding="utf-8")
    connector = connected(tmp_path)
    content = Content("Tom & Ann\n\ntwo", title="News", parts=("Tom & Ann", "two"))
    found = connector.find(content, NOW - timedelta(hours=1))
    assert isinstance(found, Found)
    connector.delete(found.receipt)
    assert "<article" not in file.read_text(encoding="utf-8")


def test_a_post_is_found_also_when_the_account_imitates_another_network_by_now(
    tmp_path: Path,
) -> None:
    content = Content("See *this*: https://example.org/a-long-path/of-many-words/" + "x" * 280)
    page(tmp_path, content, imitates="bluesky")
    for imitated in ("reddit", "x", None):
        found = connected(tmp_path, imitated).find(content, NOW - timedelta(minutes=1))
        assert isinstance(found, Found)
    others = (Content("See *that*"), replace(content, title="Other"))
    for other in others:
        assert isinstance(connected(tmp_path).find(other, NOW - timedelta(minutes=1)), Absent)


def test_an_article_of_before_is_found_by_what_it_shows(tmp_path: Path) -> None:
    content = Content("Hello", images=(PICTURE,))
    shown = page(tmp_path, content)
    prepared = connected(tmp_path).prepare(content, NOW)
    payload = read_payload(prepared.payload, PagePayload)
    earlier = shown.replace(str(payload.content), earlier_identity(payload))
    assert earlier != shown
    (tmp_path / "sandbox" / "our-page.html").write_text(earlier, encoding="utf-8")
    found = connected(tmp_path).find(content, NOW - timedelta(minutes=1))
    assert isinstance(found, Found)
