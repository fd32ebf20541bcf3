"""Items of Google Alerts lead to what was found, and a page found twice is one mention."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.feeds.feed import Feed
from crosspromo.intake.feeds.google_alerts import target_of
from crosspromo.intake.feeds.reading import read_feed
from crosspromo.intake.feeds.same_page import same_page

ALERTS = "https://www.google.com/alerts/feeds/1/2"


def wrapped(target: str) -> str:
    return f"https://www.google.com/url?rct=j&sa=t&url={quote(target, safe='')}&ct=ga&cd=abc&usg=x"


def alert(*targets: str, published: str = "2030-01-01T09:00:00Z") -> Feed:
    entries = "".join(
        f"<entry><id>tag:google.com,2013:googlealerts/feed:{n}</id>"
        "<title type='html'>&lt;b&gt;River Keepers&lt;/b&gt; win &amp;amp; celebrate</title>"
        f"<link href='{wrapped(target).replace('&', '&amp;')}'/>"
        f"<published>{published}</published><updated>{published}</updated>"
        "<content type='html'>The &lt;b&gt;river&lt;/b&gt;&amp;nbsp;...</content>"
        "<author><name/></author></entry>"
        for n, target in enumerate(targets)
    )
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom'>"
        f"<id>tag:google.com,2005:reader/user/1/state/com.google/alerts/2</id>{entries}</feed>"
    )
    return read_feed(text.encode(), "https://feeds.example/a")


def test_an_item_leads_to_what_was_found() -> None:
    (item,) = alert("https://www.news.example/a?b=1&c=%41").items
    assert item.link == "https://www.news.example/a?b=1&c=%41"
    assert item.source == "news.example"
    assert (item.title, item.summary) == ("River Keepers win & celebrate", "The river ...")


def test_an_alert_is_known_by_its_address_too() -> None:
    text = f"<feed><entry><link href='{wrapped('https://a.example/')}'/></entry></feed>"
    data = text.replace("&", "&amp;").encode()
    assert read_feed(data, ALERTS).items[0].link == "https://a.example/"
    assert read_feed(data, "https://feeds.example/").items[0].link.startswith("https://www.google")


def test_an_item_that_leads_nowhere_is_remarked() -> None:
    feed = alert("javascript:alert(1)")
    assert feed.items[0].link == ""
    assert "leads to no web address" in str(feed.remarks[0])


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "//a.example",
        "file:///etc/passwd",
        "https://u@a.example/",
        "a" * 9_000,
    ],
)
def test_a_target_that_is_no_web_address_is_none(target: str) -> None:
    assert target_of(wrapped(target)) == ""


def test_a_link_without_target_is_none_and_one_to_elsewhere_its_own() -> None:
    assert target_of("https://www.google.com/url?sa=t") == ""
    assert target_of("https://www.google.co.uk/url?q=https://a.example/") == "https://a.example/"
    assert target_of("https://evil.example/url?url=https://a.example/").startswith("https://evil.")


@given(st.text(max_size=50))
def test_a_target_comes_back_as_it_was(text: str) -> None:
    target = f"https://a.example/{quote(text)}?q={quote(text, safe='')}"
    assert target_of(wrapped(target)) == target


@given(st.text() | st.text("htps:/.?&=%google.comurl"))
def test_any_link_has_a_target_or_none(text: str) -> None:
    for link in (text, f"https://www.google.com/url?{text}"):
        assert (target := target_of(link)) == "" or is_web_address(target)


def test_parameters_tell_pages_apart() -> None:
    assert same_page("https://a.example/?p=1") != same_page("https://a.example/?p=2")
