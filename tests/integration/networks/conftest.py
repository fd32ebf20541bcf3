"""A workspace whose three accounts talk to a real Bluesky server and to the simulators."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from end_to_end.shell import installed_command
from servers.bluesky import Account, BlueskyServer
from servers.simulators import RedditSimulator, XSimulator

CONFIGURATION = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[defaults]
min_gap = "0m"
max_per_day = "none"
timeout = "2s"
look_up_after = {look_up_after}

[database]
url = "{database}"

[accounts.x-main]
network = "x"
server = "{x}"
[accounts.x-main.credentials]
consumer_key = "env:X_CONSUMER_KEY"
consumer_secret = "env:X_CONSUMER_SECRET"
access_token = "env:X_ACCESS_TOKEN"
access_token_secret = "env:X_ACCESS_TOKEN_SECRET"

[accounts.bluesky-main]
network = "bluesky"
server = "{bluesky}"
cards = "off" # its posts link to hosts that are not there
credentials = {{ identifier = "{handle}", password = "env:BSKY_PASSWORD" }}

[accounts.reddit-main]
network = "reddit"
server = "{reddit}"
subreddit = "rivervalley"
[accounts.reddit-main.credentials]
client_id = "env:REDDIT_CLIENT_ID"
client_secret = "env:REDDIT_CLIENT_SECRET"
username = "{username}"
password = "env:REDDIT_PASSWORD"
"""


@dataclass(frozen=True)
class Networks:
    """The three networks and a workspace with an account on each."""

    x: XSimulator
    reddit: RedditSimulator
    bluesky: BlueskyServer
    bluesky_account: Account
    folder: Path
    environment: dict[str, str]

    def configure(
        self,
        *,
        database: str = "sqlite:///crosspromo.db",
        look_up_after: str = '["50ms", "150ms"]',
    ) -> None:
        """Write crosspromo.toml, with the three accounts."""
        text = CONFIGURATION.format(
            x=self.x.url,
            bluesky=self.bluesky.url,
            reddit=self.reddit.url,
            handle=self.bluesky_account.handle,
            username=self.reddit.tokens.credentials.username,
            database=database,
            look_up_after=look_up_after,
        )
        (self.folder / "crosspromo.toml").write_text(text, encoding="utf-8")

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """The installed command, running."""
        return subprocess.Popen(
            [installed_command(), "-w", self.folder, *arguments],
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        """What the installed command says; it has to succeed."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=60)
        assert process.returncode == 0, f"crosspromo {' '.join(arguments)}\n{out}{err}"
        return out

    def json(self, *arguments: str) -> Any:
        """The one JSON document that the command prints."""
        return json.loads(self.run(*arguments, "--json"))

    @property
    def texts(self) -> dict[str, list[str]]:
        """What anybody can read on each network, oldest first."""
        records = self.bluesky.records(self.bluesky_account.did)
        return {
            "x-main": [post.text for post in self.x.posts],
            "bluesky-main": [record["value"]["text"] for record in reversed(records)],
            "reddit-main": [post.title for post in self.reddit.posts],
        }

    @property
    def secrets(self) -> list[str]:
        """Everything that must stand nowhere."""
        names = ("X_CONSUMER_SECRET", "X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")
        more = ("BSKY_PASSWORD", "REDDIT_CLIENT_SECRET", "REDDIT_PASSWORD")
        return [self.environment[name] for name in (*names, *more)]


@pytest.fixture
def networks(
    bluesky_server: BlueskyServer, bluesky_account: Account, tmp_path: Path
) -> Iterator[Networks]:
    with XSimulator() as x, RedditSimulator() as reddit:
        folder = tmp_path / "workspace"
        x_keys, reddit_keys = x.credentials, reddit.tokens.credentials
        environment = {
            **os.environ,
            "X_CONSUMER_KEY": x_keys.consumer_key,
            "X_CONSUMER_SECRET": x_keys.consumer_secret,
            "X_ACCESS_TOKEN": x_keys.access_token,
            "X_ACCESS_TOKEN_SECRET": x_keys.access_token_secret,
            "BSKY_PASSWORD": bluesky_account.password,
            "REDDIT_CLIENT_ID": reddit_keys.client_id,
            "REDDIT_CLIENT_SECRET": reddit_keys.client_secret,
            "REDDIT_PASSWORD": reddit_keys.password,
        }
        networks = Networks(x, reddit, bluesky_server, bluesky_account, folder, environment)
        subprocess.run([installed_command(), "init", folder], check=True, capture_output=True)
        networks.configure()
        yield networks
