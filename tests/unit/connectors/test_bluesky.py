"""The network as the registry sees it."""

import subprocess
import sys

from crosspromo.connectors.bluesky import NETWORK


def test_a_repeated_send_is_safe() -> None:
    assert NETWORK.capabilities.repeatable


def test_the_library_is_not_loaded_before_an_account_is_used() -> None:
    code = "import sys, crosspromo.connectors.bluesky; sys.exit('atproto' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
