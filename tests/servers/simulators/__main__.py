"""`python -m servers.simulators x --port 9001`: one simulator in the foreground.

Prints one line of JSON when it answers, `{"ready": true, "network": "x", "url": "http://…"}`, and
runs until SIGTERM or SIGINT. Faults and posts: see `control`.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence

from servers.simulators.reddit import RedditSimulator
from servers.simulators.x import XSimulator

from crosspromo.testing.simulator.server import Simulator

_NETWORKS: Mapping[str, Callable[[int], Simulator]] = {
    "reddit": lambda port: RedditSimulator(port=port),
    "x": lambda port: XSimulator(port=port),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the simulator named on the command line; 1 when its port is taken."""
    parser = argparse.ArgumentParser(prog="python -m servers.simulators")
    parser.add_argument("network", choices=sorted(_NETWORKS))
    parser.add_argument("--port", type=int, default=0, help="0, the default, picks a free one")
    options = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        simulator = _NETWORKS[options.network](options.port)
    except OSError as error:
        sys.stderr.write(f"port {options.port} cannot be used: {error.strerror}\n")
        return 1
    with simulator:
        ready = {"ready": True, "network": options.network, "url": simulator.url}
        sys.stdout.write(json.dumps(ready) + "\n")
        sys.stdout.flush()
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
