"""`/_…`: how a test in another process arms faults and sees what is really on the network.

POST   /_faults  [fault, …] or one fault      arms them; see `faults.Fault` for the fields
GET    /_faults                               {"faults": […]} still armed
DELETE /_faults                               disarms all
GET    /_posts                                {"posts": […]} the account's posts, oldest first
POST   /_posts   {"author", "text", "title"}  a post by somebody else: {"id": …}
GET    /_writes                               {"writes": […]} every write that arrived
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from crosspromo.testing.simulator.faults import FaultBoard, FaultError, read_fault
from crosspromo.testing.simulator.journal import Arrival
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

PREFIX = "/_"


class Shown(Protocol):
    """Post that can be shown as JSON."""

    def document(self) -> dict[str, object]: ...


class Controlled(Protocol):
    """Simulator as these control pages see it."""

    faults: FaultBoard

    @property
    def posts(self) -> Sequence[Shown]: ...

    @property
    def writes(self) -> Sequence[Arrival]: ...

    def publish_elsewhere(self, author: str, text: str, title: str = "") -> str: ...


def answer(simulator: Controlled, request: Request) -> Answer:
    """Answer of a control page: 400 with a sentence for a bad request, 404 for unknown pages."""
    match request.method, request.path:
        case "POST", "/_faults":
            return _arm(simulator, request.json())
        case "GET", "/_faults":
            return _armed(simulator)
        case "DELETE", "/_faults":
            simulator.faults.clear()
            return _armed(simulator)
        case "GET", "/_posts":
            return json_answer(200, {"posts": [post.document() for post in simulator.posts]})
        case "POST", "/_posts":
            return _plant(simulator, request.json())
        case "GET", "/_writes":
            return json_answer(200, {"writes": [write.document() for write in simulator.writes]})
        case _:
            return json_answer(404, {"error": f"no {request.method} {request.path} here"})


def _arm(simulator: Controlled, document: object) -> Answer:
    wanted = document if isinstance(document, list) else [document]
    try:
        faults = [read_fault(item) for item in wanted]
    except FaultError as error:
        return json_answer(400, {"error": str(error)})
    for fault in faults:
        simulator.faults.arm(fault)
    return _armed(simulator)


def _armed(simulator: Controlled) -> Answer:
    return json_answer(200, {"faults": [fault.document() for fault in simulator.faults.pending]})


def _plant(simulator: Controlled, document: object) -> Answer:
    if not isinstance(document, dict) or not {"author", "text"} <= document.keys():
        return json_answer(400, {"error": "a post needs an author and a text"})
    post_id = simulator.publish_elsewhere(
        str(document["author"]), str(document["text"]), str(document.get("title", ""))
    )
    return json_answer(201, {"id": post_id})
