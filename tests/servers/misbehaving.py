"""A Bluesky server that misbehaves, as no real one can be made to.

It answers as it is told, and passes on to a real PDS what it was told nothing about.
"""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx


@dataclass(frozen=True)
class Answer:
    """What the server sends. `cut` bytes are announced that never come. `drips`: in place of the
    end of its headers comes one byte after the other, for ever.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    drips: bool = False


class Silence:
    """Answers that are none."""


CLOSE, HANG = Silence(), Silence()
Behaviour = Answer | Silence


class MisbehavingServer:
    """Answers as told; what it was not told it passes on to `upstream`, if there is one.

    `fails_after` names how many requests of a kind are passed on before the rest fail so. Every
    request is noted in `journal`.
    """

    def __init__(self, journal: list[str], upstream: str | None = None) -> None:
        self.journal = journal
        self.answers: dict[str, Behaviour] = {}
        self.fails_after: dict[str, tuple[int, Behaviour]] = {}
        self.upstream = upstream
        self.accepting = False  # whether what fails has been passed on before
        self.accepted = threading.Event()
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        if not self.over.is_set():
            self.over.set()
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    def behave(self, request: "_Handler", body: bytes) -> Behaviour:
        method = request.path.removeprefix("/xrpc/").partition("?")[0]
        self.journal.append(method)
        told = self.answers.get(method)
        if method in self.fails_after:
            most, failure = self.fails_after[method]
            told = None if self.journal.count(method) <= most else failure
        if told is not None and not self.accepting:
            return told
        passed_on = self._pass_on(request, body)
        return passed_on if told is None else told

    def _pass_on(self, request: "_Handler", body: bytes) -> Answer:
        assert self.upstream is not None, f"nothing was said about {request.path}"
        kept = {"authorization", "content-type"}
        headers = {k: v for k, v in request.headers.items() if k.lower() in kept}
        with httpx.Client(base_url=self.upstream, trust_env=False, timeout=30) as client:
            answer = client.request(request.command, request.path, content=body, headers=headers)
        self.accepted.set()
        return Answer(answer.status_code, answer.content, {"content-type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    scripted: MisbehavingServer

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        answer = self.scripted.behave(self, body)
        if answer is HANG:
            self.scripted.over.wait()
        if not isinstance(answer, Answer):
            return
        self.send_response(answer.status)
        self.send_header("content-length", str(len(answer.body) + answer.cut))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.drips:
            self._drip()
        else:
            self.end_headers()
            self.wfile.write(answer.body)

    def _drip(self) -> None:
        """Another byte of a header that never ends, until nobody listens."""
        self.flush_headers()
        self.wfile.write(b"x-drip: ")
        while not self.scripted.over.wait(0.02):
            try:
                self.wfile.write(b".")
            except OSError:
                return

    do_GET = do_POST = handle_any  # noqa: N815 - the names the base class looks for

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as in the base class
        """Tests need no access log."""


def _handler_of(server: MisbehavingServer) -> type[_Handler]:
    return type("Handler", (_Handler,), {"scripted": server})
