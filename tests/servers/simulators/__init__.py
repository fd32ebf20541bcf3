"""Networks that answer like the real ones, on loopback, and fail on request.

    with XSimulator() as x:
        x.fail_next("close", "after")
        …                              # point a client at x.url
        assert len(x.posts) == 1

`python -m servers.simulators x --port 9001` runs one on its own.
"""

from servers.simulators.oauth1 import Credentials
from servers.simulators.reddit import RedditSimulator
from servers.simulators.reddit_things import Subreddit
from servers.simulators.reddit_tokens import RedditCredentials
from servers.simulators.x import XSimulator

from crosspromo.testing.simulator.faults import Fault, FaultKind, Moment
from crosspromo.testing.simulator.limits import RateLimit

__all__ = [
    "Credentials",
    "Fault",
    "FaultKind",
    "Moment",
    "RateLimit",
    "RedditCredentials",
    "RedditSimulator",
    "Subreddit",
    "XSimulator",
]
