"""Fixtures that more than one folder of tests uses. The servers themselves are in servers/.

They are imported inside the fixtures: a run of the unit tests pays for none of them.
"""

import gc
import os
import signal
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from compiled_once import share_compiled_statements
from examples import DEEPER, examples
from hypothesis import settings

if TYPE_CHECKING:
    from servers.bluesky import Account, BlueskyServer
    from servers.postgres import PostgresServer


share_compiled_statements()

# In `make test` each property draws from the same seed, so that little of its answer is chance.
# `make properties` looks for what is new. Neither minds how long an example takes: a machine may
# be busy.
FOR_BOTH = settings(print_blob=True, deadline=None)
settings.register_profile("steady", FOR_BOTH, derandomize=True)
settings.register_profile("searching", FOR_BOTH, derandomize=False, max_examples=examples(100))
settings.load_profile("searching" if DEEPER in os.environ else "steady")


def pytest_collection_finish() -> None:
    """Thousands of collected tests, which live as long as the run, are no garbage to look for."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def terminal_signals() -> None:
    """Signals as at a terminal, for what the tests start: under nohup SIGHUP would be ignored, and
    SIGINT in the background of a script.
    """
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def bluesky_server() -> "Iterator[BlueskyServer]":
    """A real PDS without rate limits; one for each xdist worker."""
    from servers.bluesky import BlueskyServer  # noqa: PLC0415 - see above

    with BlueskyServer() as server:
        yield server


@pytest.fixture
def bluesky_account(bluesky_server: "BlueskyServer") -> "Account":
    """An account that no other test has used."""
    return bluesky_server.create_account(f"t-{uuid.uuid4().hex[:12]}.test")


@pytest.fixture(scope="session")
def postgres_server() -> "Iterator[PostgresServer]":
    """A real PostgreSQL; one for each xdist worker."""
    from servers.postgres import PostgresServer  # noqa: PLC0415 - see above

    with PostgresServer() as server:
        yield server
