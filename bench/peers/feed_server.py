"""Server of feeds on 127.0.0.1, each with items of the last days and an ETag."""

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from bench.work import text

ITEMS = 50


class FeedServer:
    """Server whose every path and every host name has a feed of ITEMS items."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        """Status of each answer, in order."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        answers = self.answers

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                host = self.headers["host"]
                etag = f'"{host}"'
                is_known = self.headers.get("if-none-match") == etag
                body = b"" if is_known else feed(host)
                answers.append(304 if is_known else 200)
                self.send_response(answers[-1])
                self.send_header("etag", etag)
                self.send_header("content-type", "application/rss+xml; charset=utf-8")
                if not is_known:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (its own name)
                """Say nothing."""

        return Handler


@cache
def feed(host: str) -> bytes:
    """Feed of a host: ITEMS items, an hour apart, the newest of now."""
    now = datetime.now(UTC)
    items = "".join(
        f"<item><title>News {number} of {host}</title><link>http://{host}/{number}</link>"
        f"<guid>http://{host}/{number}</guid><description>{text(number)}</description>"
        f"<pubDate>{format_datetime(now - timedelta(hours=number))}</pubDate></item>"
        for number in range(ITEMS)
    )
    return (
        '<?xml version="1.0"?><rss version="2.0"><channel>'
        f"<title>News of {host}</title><link>http://{host}/</link>{items}</channel></rss>"
    ).encode()
