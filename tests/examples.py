"""Number of examples of costly property tests: some in `make test`, many in `make properties`."""

import os

DEPTH = int(os.environ.get("CROSSPROMO_DEPTH", "1"))
"""How many times as many examples are wanted."""


def examples(usual: int) -> int:
    """Number of examples of a test that has so many in `make test`."""
    return usual * DEPTH
