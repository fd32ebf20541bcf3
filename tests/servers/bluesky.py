"""A real Bluesky PDS for the tests, one node process on loopback with nothing behind it.

    with BlueskyServer() as server:
        account = server.create_account("alice.test")
        ...                                  # the code under test posts to server.url
        assert len(server.records(account.did)) == 1

What it is not: there is no AppView (no timelines, no `app.bsky.*` look-ups), no relay, no e-mail,
and like every PDS it stores facets and rkeys that no app would show.

For trials by hand, from the checkout:  PYTHONPATH=tests python -m servers.bluesky
"""

import argparse
import base64
import hashlib
import hmac
import json
import os
import secrets
import selectors
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

import httpx
from servers import node

SERVER_FOLDER = Path(__file__).parent / "pds"
POST = "app.bsky.feed.post"

START_TIMEOUT = 60.0
"""Seconds until the ready line; about 3 on an idle machine."""
STOP_TIMEOUT = 10.0
"""Seconds between SIGTERM and SIGKILL."""
STOP_SIGNALS = {signal.SIGINT, signal.SIGTERM}
PAGE = 100
"""Records a page: the most that listRecords gives."""


class BlueskyServerError(RuntimeError):
    """The server did not start, with what it wrote."""


@dataclass(frozen=True)
class Account:
    did: str
    handle: str
    password: str


class BlueskyServer:
    """Installs what it needs on first use, starts on entering, stops and forgets all on leaving.

    What it tells and changes goes through its own HTTP client, never through the SDK under test.
    `rate_limits` turns on the limits of the real network; without it there are none.
    """

    def __init__(self, *, rate_limits: bool = False) -> None:
        self._rate_limits = rate_limits
        self._jwt_secret = secrets.token_hex(32)
        self._access_tokens: dict[str, str] = {}
        self._resources = ExitStack()

    def __enter__(self) -> Self:
        node.npm_ci(SERVER_FOLDER)
        try:
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the process, kindly at first, and removes its files. A second call does nothing."""
        self._resources.close()

    @property
    def url(self) -> str:
        """What an account's configuration names as its server, such as `http://localhost:40123`."""
        return self._url

    @property
    def log(self) -> str:
        """What the server has written so far: a line of JSON for each request."""
        return self._log_file.read_text(encoding="utf-8", errors="replace")

    def create_account(self, handle: str) -> Account:
        """A new account; `handle` ends in `.test`, with 3 to 18 letters, digits or hyphens before.

        Raises httpx.HTTPStatusError if the handle is taken or not allowed.
        """
        password = secrets.token_urlsafe(12)
        answer = self._post(
            "com.atproto.server.createAccount",
            {"handle": handle, "email": f"{handle}@example.com", "password": password},
        )
        account = Account(did=answer["did"], handle=handle, password=password)
        self._access_tokens[account.did] = answer["accessJwt"]
        return account

    def records(self, did: str, collection: str = POST) -> list[dict[str, Any]]:
        """All records of a collection, newest first, as listRecords tells them: uri, cid, value."""
        found: list[dict[str, Any]] = []
        query = {"repo": did, "collection": collection, "limit": str(PAGE)}
        while True:
            page = self._get("com.atproto.repo.listRecords", query)
            found += page["records"]
            if "cursor" not in page:
                return found
            query["cursor"] = page["cursor"]

    def delete_record(self, did: str, rkey: str, collection: str = POST) -> None:
        """As when a person deletes a post in the app. Deleting what is not there is no error."""
        self._post(
            "com.atproto.repo.deleteRecord",
            {"repo": did, "collection": collection, "rkey": rkey},
            token=self._access_tokens[did],
        )

    def put_record(self, did: str, rkey: str, record: dict[str, Any], collection: str) -> None:
        """As when a person writes something in the app, or changes it."""
        self._post(
            "com.atproto.repo.putRecord",
            {"repo": did, "collection": collection, "rkey": rkey, "record": record},
            token=self._access_tokens[did],
        )

    def expired(self, token: str) -> str:
        """The same access or refresh token as if its time had run out long ago."""
        header, payload, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=="))
        stale = {**claims, "iat": 1_600_000_000, "exp": 1_600_007_200}
        signed = f"{header}.{_base64url(json.dumps(stale).encode())}"
        key = self._jwt_secret.encode()
        return f"{signed}.{_base64url(hmac.digest(key, signed.encode(), hashlib.sha256))}"

    def _start(self) -> None:
        folder = Path(self._resources.enter_context(TemporaryDirectory(prefix="bluesky-")))
        self._log_file = folder / "log"
        with self._log_file.open("ab") as log:
            process = subprocess.Popen(
                [str(node.executable()), "start.mjs"],
                cwd=SERVER_FOLDER,
                env=self._environment(folder),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                encoding="utf-8",
            )
        self._resources.callback(_end, process)
        self._process = process
        self._url = self._read_ready_line(process)
        self._http = self._resources.enter_context(
            httpx.Client(base_url=f"{self._url}/xrpc/", timeout=30, trust_env=False)
        )

    def _environment(self, folder: Path) -> dict[str, str]:
        ours = {
            "PDS_DIR": str(folder),
            "PDS_JWT_SECRET": self._jwt_secret,
            "RATE_LIMITS": "1" if self._rate_limits else "0",
            "LOG_ENABLED": "1",
            "LOG_DESTINATION": str(self._log_file),
        }
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("PDS_", "LOG_"))}
        return inherited | ours

    def _read_ready_line(self, process: subprocess.Popen[str]) -> str:
        """The url. stdout carries this one line and nothing else: the logs go to the log file."""
        assert process.stdout is not None
        with selectors.DefaultSelector() as selector:
            selector.register(process.stdout, selectors.EVENT_READ)
            if not selector.select(START_TIMEOUT):
                message = f"no Bluesky PDS within {START_TIMEOUT:.0f} s; it wrote:\n{self.log}"
                raise BlueskyServerError(message)
        line = process.stdout.readline()
        if not line:
            message = f"the Bluesky PDS ended with status {process.wait()}; it wrote:\n{self.log}"
            raise BlueskyServerError(message)
        url: str = json.loads(line)["url"]
        return url

    def _get(self, method: str, query: dict[str, str]) -> dict[str, Any]:
        return _answer(self._http.get(method, params=query))

    def _post(self, method: str, body: dict[str, Any], token: str | None = None) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return _answer(self._http.post(method, json=body, headers=headers))


def _answer(response: httpx.Response) -> dict[str, Any]:
    if response.is_error:
        message = f"{response.status_code} for {response.request.url}: {response.text}"
        raise httpx.HTTPStatusError(message, request=response.request, response=response)
    answer: dict[str, Any] = response.json()
    return answer


def _end(process: subprocess.Popen[str]) -> None:
    with process:  # closes the pipes and waits
        process.terminate()
        try:
            process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a server in the foreground, with one account to try things with."""
    parser = argparse.ArgumentParser(prog="python -m servers.bluesky", description=main.__doc__)
    parser.add_argument("--handle", default="alice.test", help="account to create")
    parser.add_argument("--rate-limits", action="store_true", help="limit as the real network does")
    options = parser.parse_args(arguments)
    try:
        with BlueskyServer(rate_limits=options.rate_limits) as server:
            account = server.create_account(options.handle)
            for name, value in [
                ("url", server.url),
                ("handle", account.handle),
                ("password", account.password),
                ("did", account.did),
            ]:
                print(f"{name:9} {value}", flush=True)  # noqa: T201 - what it is for
            # Only now: the server would inherit a mask and never see its own SIGTERM.
            signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)
            signal.sigwait(STOP_SIGNALS)
    except (BlueskyServerError, node.NodeError, httpx.HTTPStatusError) as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201 - likewise
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
