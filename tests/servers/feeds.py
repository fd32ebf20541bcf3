"""Server of feeds that keeps versions, as the web does: ETag, Last-Modified, 304, compression."""

import gzip
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self


@dataclass
class Served:
    """Document at a path. `status` other than 200 is answered with these headers alone."""

    body: bytes = b""
    media_type: str = "application/rss+xml; charset=utf-8"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    packed: bool = False

    @property
    def etag(self) -> str:
        return f'"{sha256(self.body).hexdigest()[:16]}"'


class FeedServer:
    """Real HTTP server on 127.0.0.1. `asked` has path and status of each answer, in order."""

    def __init__(self) -> None:
        self.documents: dict[str, Served] = {}
        self.asked: list[tuple[str, int]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                found = server.documents.get(self.path, Served(status=404))
                known = self.headers.get("if-none-match") == found.etag
                status = 304 if found.status == 200 and known else found.status
                server.asked.append((self.path, status))
                body = found.body if status == 200 else b""
                self.send_response(status)
                for name, value in found.headers.items():
                    self.send_header(name, value)
                if status == 200:
                    self.send_header("content-type", found.media_type)
                    self.send_header("etag", found.etag)
                if body and found.packed:
                    body = gzip.compress(body)
                    self.send_header("content-encoding", "gzip")
                if status != 304:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *_: object) -> None:  # noqa: A002 (its own name)
                """Say nothing."""

        return Handler


def rss(title: str, items: Mapping[str, str], day: str = "Mon, 02 Mar 2026") -> bytes:
    """RSS feed with items by address, in order, an hour apart."""
    told = "".join(
        f"<item><title>{words}</title><link>{link}</link><guid>{link}</guid>"
        f"<pubDate>{day} {hour:02}:00:00 GMT</pubDate></item>"
        for hour, (link, words) in enumerate(items.items())
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>'
        f"<link>https://example.org/</link><description>x</description>{told}</channel></rss>"
    ).encode()
