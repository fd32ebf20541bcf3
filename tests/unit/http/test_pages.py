"""Pages of strangers: little, soon, from public hosts, and a card of what they say."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from servers.feeds import FeedServer, Served
from servers.misbehaving import CLOSE, HANG, Answer, Behaviour, MisbehavingServer

from crosspromo.connectors.cards import MOST_HTML, Card, Cards, read
from crosspromo.http.pages import (
    NO_VERSION,
    Page,
    PageError,
    Pages,
    Unchanged,
    anywhere,
    is_public,
)
from crosspromo.testing.clock import FakeClock

HTML = {"content-type": "text/html; charset=utf-8"}
NOW = datetime(2026, 10, 1, 12, tzinfo=UTC)

EMBEDDING: dict[str, Callable[[int, int], int]] = {
    "mapped": lambda inner, _: (0xFFFF << 32) | inner,
    "compatible": lambda inner, _: inner,
    "translated (SIIT)": lambda inner, _: (0xFFFF << 48) | inner,
    "64:ff9b::/96": lambda inner, _: (0x64FF9B << 96) | inner,
    "64:ff9b:1::/48": lambda inner, rest: (0x64FF9B0001 << 80) | (rest << 32) | inner,
    "6to4": lambda inner, rest: (0x2002 << 112) | (inner << 80) | rest,
    "Teredo": lambda inner, rest: (0x2001 << 112) | (inner << 64) | rest,
    "ISATAP": lambda inner, rest: (0x2606 << 112) | (rest << 64) | (0x5EFE << 32) | inner,
    "site-local": lambda inner, rest: (0xFEC0 << 112) | (rest << 32) | inner,
}
"""Addresses that embed the IPv4 address `inner`; `rest` fills what is free."""


@pytest.fixture
def site() -> Iterator[MisbehavingServer]:
    with closing(MisbehavingServer([])) as site:
        yield site


@pytest.fixture
def pages() -> Iterator[Pages]:
    with closing(Pages(allows=anywhere, patience=timedelta(seconds=0.5))) as pages:
        yield pages


class TestAPage:
    def test_is_fetched_with_its_type_charset_and_address(
        self, site: MisbehavingServer, pages: Pages
    ) -> None:
        site.answers["/a"] = Answer(200, "Grüße".encode(), HTML)
        address = f"{site.url}/a"
        expected = Page(address, "text/html", "utf-8", "Grüße".encode(), whole=True)
        assert pages.fetch(address, 100) == expected

    def test_is_read_only_so_far(self, site: MisbehavingServer, pages: Pages) -> None:
        site.answers["/a"] = Answer(200, b"x" * 5_000_000, HTML)
        page = pages.fetch(f"{site.url}/a", 1_000)
        assert (page.data, page.whole) == (b"x" * 1_000, False)

    def test_is_followed_to_where_it_has_moved(self, site: MisbehavingServer, pages: Pages) -> None:
        site.answers["/a"] = Answer(301, headers={"location": "b"})
        site.answers["/b"] = Answer(302, headers={"location": f"{site.url}/c"})
        site.answers["/c"] = Answer(200, b"here", HTML)
        page = pages.fetch(f"{site.url}/a", 100)
        assert (page.data, page.address) == (b"here", f"{site.url}/c")

    def test_that_moves_on_and_on_is_given_up(self, site: MisbehavingServer, pages: Pages) -> None:
        site.answers["/a"] = Answer(302, headers={"location": "/a"})
        with pytest.raises(PageError, match="redirects more than 3 times"):
            pages.fetch(f"{site.url}/a", 100)
        assert len(site.journal) == 4

    @pytest.mark.parametrize(
        "location", ["file:///etc/passwd", "ftp://example.org/", "", "http://[::1", "//"]
    )
    def test_is_not_followed_to_what_is_no_page(
        self, site: MisbehavingServer, pages: Pages, location: str
    ) -> None:
        site.answers["/a"] = Answer(302, headers={"location": location})
        with pytest.raises(PageError):
            pages.fetch(f"{site.url}/a", 100)

    @pytest.mark.parametrize(
        "answer",
        [
            HANG,
            CLOSE,
            Answer(404),
            Answer(200, b"x", cut=10),
            Answer(200, drips=True),
            Answer(200, b"\x1f\x8b", {"content-encoding": "gzip"}),
        ],
    )
    def test_that_cannot_be_had_is_an_error_that_names_the_host(
        self, site: MisbehavingServer, pages: Pages, answer: Behaviour
    ) -> None:
        site.answers["/a"] = answer
        with pytest.raises(PageError, match=r"127\.0\.0\.1"):
            pages.fetch(f"{site.url}/a", 100)

    @pytest.mark.parametrize(
        "address", ["", "example.org", "file:///etc/passwd", "javascript:alert(1)", "http://"]
    )
    def test_is_http_or_https(self, pages: Pages, address: str) -> None:
        with pytest.raises(PageError):
            pages.fetch(address, 100)


class TestADocumentThatIsReadAgain:
    def test_comes_once_and_then_only_when_it_has_changed(self, pages: Pages) -> None:
        with FeedServer() as server:
            server.documents["/feed"] = Served(b"one")
            first = pages.fetch_changed(f"{server.url}/feed", 100, NO_VERSION)
            assert isinstance(first, Page)
            assert pages.fetch_changed(f"{server.url}/feed", 100, first.version) == Unchanged()
            server.documents["/feed"] = Served(b"two")
            second = pages.fetch_changed(f"{server.url}/feed", 100, first.version)
            assert isinstance(second, Page)
            assert (first.data, second.data) == (b"one", b"two")
            assert [status for _, status in server.asked] == [200, 304, 200]

    def test_may_come_compressed(self, pages: Pages) -> None:
        with FeedServer() as server:
            server.documents["/feed"] = Served(b"x" * 5_000, packed=True)
            page = pages.fetch_changed(f"{server.url}/feed", 5_000, NO_VERSION)
            assert isinstance(page, Page)
            assert page.data == b"x" * 5_000

    def test_that_unpacks_beyond_the_limit_is_refused(self, pages: Pages) -> None:
        with FeedServer() as server:
            server.documents["/feed"] = Served(b"x" * 5_001, packed=True)
            with pytest.raises(PageError, match="more than 5,000 bytes"):
                pages.fetch_changed(f"{server.url}/feed", 5_000, NO_VERSION)

    def test_says_which_status_it_has_and_how_long_to_wait(self, pages: Pages) -> None:
        with FeedServer() as server:
            server.documents["/busy"] = Served(status=503, headers={"retry-after": "120"})
            server.documents["/gone"] = Served(status=410)
            with pytest.raises(PageError, match="answers 503 Service Unavailable") as busy:
                pages.fetch_changed(f"{server.url}/busy", 100, NO_VERSION)
            with pytest.raises(PageError, match="answers 410 Gone") as gone:
                pages.fetch_changed(f"{server.url}/gone", 100, NO_VERSION)
        assert busy.value.retry_after == timedelta(minutes=2)
        assert gone.value.retry_after is None

    @pytest.mark.parametrize(
        ("asked", "wait"),
        [
            ("Fri, 31 Dec 1999 23:59:59 GMT", timedelta()),
            ("Fri, 31 Dec 9999 23:59:59 GMT", timedelta(days=7)),
            ("9" * 400, timedelta(days=7)),
            ("soon", None),
            ("-5", None),
        ],
    )
    def test_waits_within_bounds(self, pages: Pages, asked: str, wait: timedelta | None) -> None:
        with FeedServer() as server:
            server.documents["/busy"] = Served(status=429, headers={"retry-after": asked})
            with pytest.raises(PageError) as error:
                pages.fetch_changed(f"{server.url}/busy", 100, NO_VERSION)
        assert error.value.retry_after == wait

    def test_of_a_huge_version_is_read_again(self, pages: Pages) -> None:
        with FeedServer() as server:
            server.documents["/feed"] = Served(b"x", headers={"last-modified": "x" * 501})
            page = pages.fetch_changed(f"{server.url}/feed", 100, NO_VERSION)
        assert isinstance(page, Page)
        assert page.version.last_modified is None


class TestPrivateHosts:
    @pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "127.1"])
    def test_are_not_asked(self, site: MisbehavingServer, name: str) -> None:
        site.answers["/a"] = Answer(200, b"secret", HTML)
        address = f"{site.url}/a".replace("127.0.0.1", name)
        with closing(Pages()) as pages, pytest.raises(PageError, match="public"):
            pages.fetch(address, 100)
        assert site.journal == []

    def test_are_not_reached_by_a_redirect(self, site: MisbehavingServer) -> None:
        private = site.url.replace("127.0.0.1", "127.0.0.2")
        site.answers["/a"] = Answer(302, headers={"location": f"{private}/b"})
        with (
            closing(Pages(allows=lambda address: str(address) == "127.0.0.1")) as pages,
            pytest.raises(PageError, match=r"127\.0\.0\.2.*public"),
        ):
            pages.fetch(f"{site.url}/a", 100)
        assert site.journal == ["/a"]

    def test_are_not_reached_by_a_name_that_changes_its_address(
        self, site: MisbehavingServer
    ) -> None:
        site.answers["/a"] = Answer(200, b"here", HTML)
        asked: list[str] = []

        def resolve(host: str, port: int) -> list[str]:
            asked.append(host)
            return ["127.0.0.1"]

        address = f"{site.url}/a".replace("127.0.0.1", "name.invalid")
        with closing(Pages(allows=anywhere, resolve=resolve)) as pages:
            assert pages.fetch(address, 100).data == b"here"  # connected to what was checked
        assert asked == ["name.invalid"]

    @pytest.mark.parametrize("found", [["93.184.216.34", "10.0.0.1"], ["::1", "2606:4700::1"], []])
    def test_are_not_asked_where_any_of_their_addresses_is_private(self, found: list[str]) -> None:
        with (
            closing(Pages(resolve=lambda host, port: found)) as pages,
            pytest.raises(PageError, match="public"),
        ):
            pages.fetch("http://two-faced.example/", 100)

    @pytest.mark.parametrize(
        "address",
        [
            *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1"),
            *("192.168.1.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255"),
            *("::", "::1", "fc00::1", "fe80::1", "ff02::1", "::ffff:10.0.0.1"),
            *("::ffff:100.64.0.1", "::ffff:224.0.0.1"),
            *("64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1"),
            *("::ffff:1.1.1.1", "64:ff9b::1.1.1.1", "64:ff9b:1::a00:1", "::10.0.0.1", "::1.1.1.1"),
            *("::ffff:0:10.0.0.1", "2001:0:a00:1::", "fec0::1", "100::1", "5f00::1", "3fff::1"),
            *("2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:10.0.0.1", "2606:4700::1%eth0"),
            *("192.0.0.9", "192.88.99.1", "192.0.2.1", "203.0.113.1", "255.255.255.255"),
        ],
    )
    def test_have_such_addresses(self, address: str) -> None:
        assert not is_public(ip_address(address))

    @given(
        inner=st.integers(0, 2**32 - 1),
        rest=st.integers(0, 2**48 - 1),
        form=st.sampled_from(sorted(EMBEDDING)),
    )
    def test_have_every_address_that_embeds_another(self, inner: int, rest: int, form: str) -> None:
        assert not is_public(IPv6Address(EMBEDDING[form](inner, rest)))

    @given(st.integers(0, 2**128 - 1))
    def test_have_every_address_outside_of_global_unicast(self, number: int) -> None:
        address = IPv6Address(number)
        assert is_public(address) <= (number >> 125 == 0b001)
        assert is_public(address) <= address.is_global

    @pytest.mark.parametrize("address", ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111"])
    def test_do_not_have_such_addresses(self, address: str) -> None:
        assert is_public(ip_address(address))


def card(html: str, charset: str | None = "utf-8", address: str = "https://a.org/x") -> Card | None:
    return read("https://a.org", Page(address, "text/html", charset, html.encode(), whole=True))


class TestACard:
    def test_prefers_what_the_page_says_for_cards(self) -> None:
        made = card(
            '<title>T</title><meta name="description" content="D">'
            '<meta property="og:title" content="OT"><meta property="og:description" content="OD">'
            '<meta property="og:image" content="../i.png">'
        )
        assert made == Card("https://a.org", "OT", "OD", "https://a.org/i.png")

    def test_takes_title_and_description_where_there_is_nothing_else(self) -> None:
        made = card('<title> A &lt;b&gt;\n river </title><meta name="Description" content="D">')
        assert made == Card("https://a.org", "A <b> river", "D")

    @pytest.mark.parametrize(
        "html", ["", "<p>x</p>", "<title> \n</title>", "<title>\u202e</title>"]
    )
    def test_needs_a_title(self, html: str) -> None:
        assert card(html) is None

    @pytest.mark.parametrize(
        "charset",
        [None, "utf-8", "no-such-charset", "ascii", "idna", "punycode", "undefined", "hex", "a\0b"],
    )
    def test_is_made_whatever_charset_the_page_claims(self, charset: str | None) -> None:
        assert card("<title>River</title>\udcff".encode("utf-8", "replace").decode(), charset)

    @pytest.mark.parametrize(
        "odd", ["<![x]>", "<![if !mso]>", "&#" + "9" * 5_000 + ";", "<a <b <!"]
    )
    def test_is_made_of_a_page_with_odd_markup(self, odd: str) -> None:
        assert card(f"{odd}<title>River</title>{odd}") == Card("https://a.org", "River", "")

    def test_is_none_of_a_file(self) -> None:
        assert read("https://a.org", Page("https://a.org", "image/png", None, b"", True)) is None

    @given(title=st.text(max_size=2_000), description=st.text(max_size=3_000))
    def test_has_one_line_of_bounded_length_whatever_the_page_says(
        self, title: str, description: str
    ) -> None:
        made = card(
            f"<meta property=og:title content='{title}'>"
            f"<meta name=description content='{description}'>".encode("utf-8", "replace").decode()
        )
        if made is not None:
            assert 0 < len(made.title) <= 300
            assert len(made.description) <= 500
            for line in (made.title, made.description):
                assert line == " ".join(line.split())
                assert not any(ord(char) < 32 or "\u202a" <= char <= "\u202e" for char in line)

    @pytest.mark.parametrize("piece", ["<", "<!--", "<a ", "<a b='", "&", "</", "<![CDATA[", "<?"])
    def test_is_read_in_no_time_from_a_page_made_to_take_long(self, piece: str) -> None:
        html = "<title>T</title>" + piece * (MOST_HTML // len(piece))
        started = time.monotonic()
        card(html)
        assert time.monotonic() - started < 2

    def test_is_kept_for_an_hour(self, site: MisbehavingServer, pages: Pages) -> None:
        site.answers["/a"] = Answer(200, b"<title>T</title>", HTML)
        clock = FakeClock(NOW)
        cards = Cards(pages, clock)
        link = f"{site.url}/a"
        assert cards.of(link) == cards.of(link) == Card(link, "T", "")
        assert len(site.journal) == 1
        clock.advance(timedelta(hours=2))
        assert cards.of(link) is not None
        assert len(site.journal) == 2
