"""A network small enough to learn on: the one that docs/how-to/write-a-connector.md connects to.

PUT    /notices/KEY  {"text"}   posts under a key of the sender's; the same again changes nothing
POST   /notices      {"text"}   posts under a key of the board's own: 201 {"key"}
GET    /notices/KEY             {"key", "text"}, or 404
GET    /notices                 {"notices": […]} oldest first
DELETE /notices/KEY             204, or 404
GET    /me                      {"name"}
Every request carries `authorization: Bearer THE-KEY-OF-THE-ACCOUNT`; 429 carries `retry-after`.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from crosspromo.testing.simulator.faults import Fault, FaultKind
from crosspromo.testing.simulator.messages import Answer, Request, json_answer
from crosspromo.testing.simulator.server import Simulator

KEY = "notice-board-key"
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Notice:
    key: str
    text: str

    def document(self) -> dict[str, object]:
        return {"key": self.key, "text": self.text}


class NoticeBoard(Simulator):
    """Board of one account, whose key is `KEY`."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self._notices: dict[str, Notice] = {}

    @property
    def posts(self) -> tuple[Notice, ...]:
        with self._lock:
            return tuple(self._notices.values())

    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str:
        raise NotImplementedError("there is one account on this board")

    def is_write(self, request: Request) -> bool:
        return request.method != "GET"

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {KEY}":
            return json_answer(401, {"error": "the key is not ours"})
        match request.method, request.path.strip("/").split("/"):
            case "GET", ["me"]:
                return json_answer(200, {"name": "town hall"})
            case "GET", ["notices"]:
                return json_answer(200, {"notices": [note.document() for note in self.posts]})
            case "POST", ["notices"]:
                return self._post(uuid4().hex, request)
            case "PUT", ["notices", key]:
                return self._post(key, request)
            case "GET" | "DELETE" as method, ["notices", key] if key in self._notices:
                if method == "GET":
                    return json_answer(200, self._notices[key].document())
                del self._notices[key]
                return Answer(204, accepted=True)
            case _:
                return json_answer(404, {"error": f"no {request.method} {request.path} here"})

    def refusal(self, fault: Fault) -> Answer:
        limited = fault.kind is FaultKind.RATE_LIMITED
        headers = {"retry-after": str(int(fault.seconds))} if limited else {}
        return json_answer(int(fault.kind), {"error": "as it was armed"}, headers)

    def landing(self) -> object:
        return {"key": "moved", "text": "moved"}

    def _post(self, key: str, request: Request) -> Answer:
        match request.json():
            case {"text": str(text)} if text.strip() and len(text) <= LIMIT:
                notice = Notice(key, text)
            case _:
                error = f"a notice is a text of 1 to {LIMIT} characters"
                return json_answer(400, {"error": error})
        if self._notices.setdefault(key, notice) != notice:
            return json_answer(409, {"error": "another notice has this key"})
        return json_answer(201, notice.document())
