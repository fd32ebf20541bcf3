"""Networks that answer like the real ones, on loopback, and fail on request.

    with XSimulator() as x:
        x.fail_next("close", "after")
        …                              # point a client at x.url
        assert len(x.posts) == 1

`python -m crosspromo.testing.simulators x --port 9001` runs one on its own.
"""

from crosspromo.testing.simulators.faults import Fault, FaultKind, Moment
from crosspromo.testing.simulators.limits import RateLimit
from crosspromo.testing.simulators.oauth1 import Credentials
from crosspromo.testing.simulators.reddit import RedditSimulator
from crosspromo.testing.simulators.reddit_things import Subreddit
from crosspromo.testing.simulators.reddit_tokens import RedditCredentials
from crosspromo.testing.simulators.x import XSimulator

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
