"""One behavioural suite that every connector must pass: ours, and yours.

    class TestMyBoard(ConnectorConformance):
        def make_subject(self, folder):
            return MyBoardSubject(folder)

is all that pytest needs to collect it; `judge(TestMyBoard)` runs it without a runner. A `Subject`
says how the connector is set up, what really is on the network, and how to make the network fail.
What a network cannot show is skipped, and says why. See docs/how-to/write-a-connector.md.
"""

from crosspromo.testing.conformance.extras import (
    Deleting,
    Finding,
    Measuring,
    Picturing,
    Reposting,
    Threading,
)
from crosspromo.testing.conformance.failing import Failing
from crosspromo.testing.conformance.preparing import Preparing
from crosspromo.testing.conformance.proxy import FaultyProxy
from crosspromo.testing.conformance.sending import Sending
from crosspromo.testing.conformance.subject import (
    Call,
    CannotError,
    Post,
    SimulatedSubject,
    Subject,
)
from crosspromo.testing.conformance.verdict import Verdict, judge
from crosspromo.testing.simulator.faults import FaultKind, Moment


class ConnectorConformance(
    Preparing, Sending, Failing, Deleting, Finding, Measuring, Picturing, Reposting, Threading
):
    """The whole suite. Derive a class whose name begins with Test, and write `make_subject`."""


__all__ = [
    "Call",
    "CannotError",
    "ConnectorConformance",
    "FaultKind",
    "FaultyProxy",
    "Moment",
    "Post",
    "SimulatedSubject",
    "Subject",
    "Verdict",
    "judge",
]
