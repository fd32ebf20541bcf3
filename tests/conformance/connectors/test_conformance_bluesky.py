"""The Bluesky connector keeps what every connector promises, on a real server.

The faults are those of a proxy in front of it.
"""

import json
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from servers.bluesky import Account, BlueskyServer
from servers.simulators.bluesky_appview import BlueskyNetwork

from crosspromo.connectors.base import Content, Sent
from crosspromo.connectors.bluesky import NETWORK
from crosspromo.domain.clock import SystemClock
from crosspromo.testing.conformance import ConnectorConformance, Post, SimulatedSubject
from crosspromo.testing.simulator.faults import Fault, FaultKind
from crosspromo.testing.simulator.messages import Answer, Request, json_answer

WRITES = {
    f"/xrpc/com.atproto.repo.{name}"
    for name in ("applyWrites", "createRecord", "deleteRecord", "putRecord")
}
REPOST = "app.bsky.feed.repost"


class Proxy(BlueskyNetwork):
    def is_write(self, request: Request) -> bool:
        return request.path in WRITES

    def answer(self, request: Request) -> Answer:
        """Without the account's own host in a session: the library would go there, past us."""
        answer = super().answer(request)
        if not (answer.accepted and request.path.endswith("Session")):
            return answer
        session = json.loads(answer.body or b"{}")
        session.pop("didDoc", None)
        return replace(answer, body=json.dumps(session).encode())

    def refusal(self, fault: Fault) -> Answer:
        if fault.kind is not FaultKind.RATE_LIMITED:
            return super().refusal(fault)
        reset = int(self.now().timestamp() + fault.seconds)
        headers = {"ratelimit-limit": "30", "ratelimit-remaining": "0"}
        headers |= {"ratelimit-reset": str(reset), "ratelimit-policy": "30;w=300"}
        return json_answer(429, {"error": "RateLimitExceeded", "message": "Slow down"}, headers)


class BlueskySubject(SimulatedSubject):
    network = NETWORK
    entry_point = "crosspromo.connectors.bluesky:NETWORK"
    look_ups = "/xrpc/com.atproto.repo.getRecord"
    measurings = "/xrpc/app.bsky.feed.getPosts"
    short_timeout = timedelta(seconds=2)  # a real server has to answer all else within it

    def __init__(self, folder: Path, server: BlueskyServer, account: Account) -> None:
        super().__init__(folder, Proxy(server.url))
        self.credentials = {"identifier": account.handle, "password": account.password}
        self._real = server
        self._account = account

    def posts(self) -> Sequence[Post]:
        """Posts and reposts, by their keys, which grow with the time."""
        own = self._account.did
        records = [*self._real.records(own), *self._real.records(own, REPOST)]
        records.sort(key=lambda record: str(record["uri"]).rpartition("/")[2])
        return [_shown(record["value"]) for record in records]

    def post_of_somebody_else(self, text: str) -> str:
        """By our own connector, whose sends are tested elsewhere in this suite."""
        handle = f"t-{uuid.uuid4().hex[:12]}.test"
        other = BlueskySubject(self.folder, self._real, self._real.create_account(handle))
        try:
            connector = NETWORK.connect(other.setup(other.credentials, other.timeout))
            content = Content(text)
            assert connector.ready(content) is None
            outcome = connector.send(connector.prepare(content, SystemClock().now()))
            connector.close()
        finally:
            other.close()
        assert isinstance(outcome, Sent)
        return _address(outcome.receipt.remote_id)


def _address(uri: str) -> str:
    did, _, key = uri.removeprefix("at://").split("/")
    return f"https://bsky.app/profile/{did}/post/{key}"


def _shown(value: dict[str, Any]) -> Post:
    embed = value.get("embed", {})
    reposted, quoted = value.get("subject"), embed.get("record")
    return Post(
        value.get("text", ""),
        alts=tuple(str(image["alt"]) for image in embed.get("images", [])),
        repost_of=None if reposted is None else _address(reposted["uri"]),
        quote_of=None if quoted is None else _address(quoted["uri"]),
    )


class TestBluesky(ConnectorConformance):
    @pytest.fixture(autouse=True)
    def server(self, bluesky_server: BlueskyServer, bluesky_account: Account) -> None:
        self._server, self._account = bluesky_server, bluesky_account

    def make_subject(self, folder: Path) -> BlueskySubject:
        return BlueskySubject(folder, self._server, self._account)
