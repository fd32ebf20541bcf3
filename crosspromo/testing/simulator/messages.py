"""HTTP request as a network sees it, and HTTP answer of the network."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.parser import BytesParser
from email.policy import HTTP
from types import MappingProxyType
from urllib.parse import parse_qsl

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Request:
    """Request that arrived completely. Header names are lower case; the path has no query.

    `query` has the last value of each parameter, `parameters` all of them in their order.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    parameters: tuple[tuple[str, str], ...] = ()

    def values(self, name: str) -> list[str]:
        """All values of a parameter that may be repeated."""
        return [value for each, value in self.parameters if each == name]

    def json(self) -> object:
        """Body parsed as JSON; None where it is no JSON."""
        try:
            document: object = json.loads(self.body)
        except ValueError:
            return None
        return document

    def form(self) -> dict[str, str]:
        """Body parsed as a urlencoded form; the last value of a repeated field counts."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))

    def parts(self) -> dict[str, bytes]:
        """Named parts of a multipart body; empty for any other body."""
        head = f"content-type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + self.body)
        named = (
            (part.get_param("name", header="content-disposition"), part.get_payload(decode=True))
            for part in message.iter_parts()
        )
        return {str(name): data for name, data in named if isinstance(data, bytes)}


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and body; `accepted` says whether the network did what was asked.

    Reddit refuses with status 200 and a list of errors, so the status alone does not tell.
    `seconds_a_byte` is the sending time per byte; 0 is at once.
    """

    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: bool = False
    seconds_a_byte: float = 0

    def with_headers(self, headers: Mapping[str, str]) -> Answer:
        """Copy of the answer with more headers; the answer's own headers take precedence."""
        merged = {**headers, **self.headers}
        return Answer(self.status, self.body, merged, accepted=self.accepted)

    def broken(self) -> Answer:
        """Copy of the answer with half its body, as after a proxy cut it off: unreadable."""
        half = self.body[: max(1, len(self.body) // 2)]
        return Answer(self.status, half, self.headers, accepted=self.accepted)


def json_answer(
    status: int,
    document: object,
    headers: Mapping[str, str] = _NO_HEADERS,
    *,
    accepted: bool | None = None,
) -> Answer:
    """Answer with `document` as the body; unless told otherwise a 2xx counts as accepted."""
    body = json.dumps(document, ensure_ascii=False).encode()
    typed = {"content-type": "application/json; charset=utf-8", **headers}
    done = 200 <= status < 300 if accepted is None else accepted
    return Answer(status, body, typed, accepted=done)
