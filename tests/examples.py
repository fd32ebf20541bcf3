"""Number of examples of costly property tests: some in `make test`, many in `make properties`."""

import os

DEEPER = "CROSSPROMO_DEPTH"
"""Variable that `make properties` sets."""

DEPTH = int(os.environ.get(DEEPER, "1"))
"""How many times as many examples are wanted."""


def examples(usual: int) -> int:
    """Number of examples of a test that has so many in `make test`."""
    return usual * DEPTH
