"""A webhook on loopback that keeps what it is sent, and answers as it is told."""

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self


@dataclass(frozen=True)
class Call:
    """A request: its headers by lower-case name, and its body."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        found: str = json.loads(self.body)["text"]
        return found


@dataclass
class Webhook:
    """`status` and `says` are its answer; with `hangs` it gives none."""

    status: int = 200
    says: bytes = b"ok"
    hangs: bool = False
    location: str | None = None
    calls: list[Call] = field(default_factory=list)

    def __enter__(self) -> Self:
        self.over = threading.Event()
        handler = type("Handler", (_Handler,), {"webhook": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hooks/T0KEN-of-the-channel"
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def texts(self) -> list[str]:
        return [call.text for call in self.calls]


class _Handler(BaseHTTPRequestHandler):
    webhook: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.webhook.calls.append(Call(self.path, headers, body))
        if self.webhook.hangs:
            self.webhook.over.wait()
            return
        self.send_response(self.webhook.status)
        self.send_header("content-length", str(len(self.webhook.says)))
        if self.webhook.location is not None:
            self.send_header("location", self.webhook.location)
        self.end_headers()
        self.wfile.write(self.webhook.says)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (as in the base class)
        """Tests need no access log."""
