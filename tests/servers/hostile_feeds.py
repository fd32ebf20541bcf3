"""Server of feeds that means harm: slow, huge, leading elsewhere, or packed beyond measure."""

import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from servers.bombs import bomb

HEAD = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>'
TAIL = b"</channel></rss>"
LEVELS = 30
ATTRIBUTES = 300_000


def laughs() -> bytes:
    """Feed whose title unfolds to ten to the LEVELS-th letters."""
    entities = b'<!ENTITY e0 "ha">' + b"".join(
        f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">'.encode() for n in range(1, LEVELS)
    )
    title = f"<title>&e{LEVELS - 1};</title>".encode()
    return b'<!DOCTYPE rss [%s]><rss version="2.0"><channel>%s%s' % (entities, title, TAIL)


def attributes() -> bytes:
    """Feed with one element of 300,000 attributes."""
    many = b"".join(b' a%d="1"' % number for number in range(ATTRIBUTES))
    return (
        HEAD
        + b"<item"
        + many
        + b"><title>One</title><link>https://x.example/1</link></item>"
        + TAIL
    )


def nested() -> bytes:
    """Feed of elements within elements, of which none ends."""
    return HEAD + b"<item>" * ATTRIBUTES


class HostileFeeds:
    """Real HTTP server on 127.0.0.1. The first part of a path names what is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.ended = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def at(self, path: str, host: str = "hostile.example") -> str:
        return f"http://{host}:{self.port}/{path}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.strip("/").partition("/")[0]
                server.asked.append(name)
                with suppress(OSError):  # the reader has had enough
                    self.tell(name)

            def tell(self, name: str) -> None:
                lead = f"/endless/{len(server.asked)}" if name == "endless" else LEADS.get(name)
                if lead is not None:
                    self.begin(302, {"location": lead, "content-length": "0"})
                    return
                if name in HEADS:
                    self.wfile.write(HEADS[name])
                else:
                    self.begin(200, {"content-type": "application/rss+xml"} | HEADERS.get(name, {}))
                    self.wfile.write(BODIES.get(name, lambda: HEAD)())
                while name in WITHOUT_END and not server.ended.wait(PAUSES.get(name, 0)):
                    self.wfile.write(WITHOUT_END[name])

            def begin(self, status: int, headers: dict[str, str]) -> None:
                self.send_response(status)
                for header, value in headers.items():
                    self.send_header(header, value)
                self.end_headers()

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (its own name)
                """Say nothing."""

        return Handler


def _good() -> bytes:
    return HEAD + b"<item><title>One</title><link>https://x.example/1</link></item>" + TAIL


BODIES: dict[str, Callable[[], bytes]] = {
    "good": _good,
    "laughs": laughs,
    "attributes": attributes,
    "nested": nested,
    "charset": lambda: _good().replace(b"One", b"Caf\xe9"),
    "no-charset": _good,
    "nothing": lambda: b"",
    "picture": lambda: b"\x89PNG\r\n\x1a\n" + bytes(1_000),
    "gzip": lambda: bomb("gzip"),
    "deflate": lambda: bomb("deflate"),
    "raw": lambda: bomb("raw"),
}
"""What is at a path; at every other one the beginning of a feed."""

HEADERS = {
    "charset": {"content-type": "application/rss+xml; charset=utf-8"},
    "no-charset": {"content-type": "application/rss+xml; charset=klingon-8"},
    "gzip": {"content-encoding": "gzip"},
    "deflate": {"content-encoding": "deflate"},
    "raw": {"content-encoding": "deflate"},
    "br": {"content-encoding": "br"},
    "zstd": {"content-encoding": "zstd"},
    "half": {"content-length": "100000"},
}
LEADS = {"private": "http://10.0.0.1/feed", "private-name": "http://inner.example/feed"}
HEADS = {
    "slow-head": b"HTTP/1.1 200 OK\r\nx-slow: ",
    "silent": b"",
    "long-head": b"HTTP/1.1 200 OK\r\n",
    "not-http": b"220 mail.example ESMTP\r\n",
}
"""Beginnings of answers that are no whole heads."""

WITHOUT_END = {
    "drip": b" ",
    "huge": b"<item/>" * 10_000,
    "slow-head": b"x",
    "silent": b"",
    "long-head": b"x-more: 1\r\n" * 1_000,
}
PAUSES = {"drip": 0.02, "slow-head": 0.02, "silent": 0.1}
"""Seconds before each further piece."""
