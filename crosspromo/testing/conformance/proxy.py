"""Faulty proxy in front of a real test server: faults for networks without a simulator."""

from __future__ import annotations

from abc import abstractmethod
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit

from crosspromo.testing.simulator.faults import Fault, FaultKind
from crosspromo.testing.simulator.messages import Answer, Request, json_answer
from crosspromo.testing.simulator.server import Simulator

_PATIENCE_SECONDS = 30
_OF_THE_CONNECTION = frozenset(
    {"connection", "content-length", "date", "host", "keep-alive", "transfer-encoding"}
)


class FaultyProxy(Simulator):
    """Proxy that passes requests on to the server at `upstream`, and plays the armed faults.

    Say which requests are writes (`is_write`). The proxy's own refusals are plain JSON; give your
    network's own words and headers in `refusal` where your connector reads them.
    """

    def __init__(self, upstream: str) -> None:
        super().__init__()
        self._upstream = urlsplit(upstream)

    @property
    def posts(self) -> tuple[()]:
        """Empty: only the server behind the proxy knows the posts."""
        return ()

    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str:
        raise NotImplementedError("a proxy has no posts of its own")

    @abstractmethod
    def is_write(self, request: Request) -> bool:
        """Whether this request would change posts on the network."""

    def answer(self, request: Request) -> Answer:
        """Answer of the server behind the proxy; a 2xx counts as accepted."""
        query = urlencode(request.parameters or list(request.query.items()))
        address = f"{request.path}?{query}" if query else request.path
        kept = {
            name: value for name, value in request.headers.items() if name not in _OF_THE_CONNECTION
        }
        upstream = HTTPConnection(
            self._upstream.hostname or "", self._upstream.port, timeout=_PATIENCE_SECONDS
        )
        try:
            upstream.request(
                request.method, address, request.body, {**kept, "accept-encoding": "identity"}
            )
            answer = upstream.getresponse()
            headers = {
                name.lower(): value
                for name, value in answer.getheaders()
                if name.lower() not in _OF_THE_CONNECTION
            }
            accepted = 200 <= answer.status < 300
            return Answer(answer.status, answer.read(), headers, accepted=accepted)
        finally:
            upstream.close()

    def refusal(self, fault: Fault) -> Answer:
        headers = {}
        if fault.kind in {FaultKind.RATE_LIMITED, FaultKind.TOO_SOON}:
            headers["retry-after"] = str(int(fault.seconds))
        status = 429 if fault.kind is FaultKind.TOO_SOON else int(fault.kind)
        return json_answer(status, {"error": "ArmedFault"}, headers)

    def landing(self) -> object:
        return {"moved": True}
