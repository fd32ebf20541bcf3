"""How a send and a look-up can end: two closed sets, matched exhaustively wherever they arrive.

A connector never raises for what a network does. What it cannot place is `Unknown`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crosspromo.domain.attempts import Json


@dataclass(frozen=True, slots=True)
class Receipt:
    """The network's own name for a post. `published_at` is its time, aware, where it tells one."""

    remote_id: str
    url: str | None = None
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The network confirmed the post."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not posted. Try again at `retry_at`, or by our own backoff where it is None.

    `retry_at` is the network's own word for the whole account: until then nothing more is tried on
    it.

    `account_fault`: the account itself is refused (credentials, suspension, out of credit), so
    nothing else of it should be tried until a person has looked.
    """

    reason: str
    retry_at: datetime | None = None
    account_fault: bool = False


@dataclass(frozen=True, slots=True)
class Rejected:
    """Surely not posted, and this content never will be: the network's words and ours."""

    reason: str
    code: str = "rejected"


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may have been posted. `detail` says what was seen.

    `needs_person`: no look-up can answer it (a post made by hand), so a person is asked at once.
    `retry_at`: the network has named a time before which it takes nothing more of the account, as
    in the middle of a thread.
    """

    detail: str
    needs_person: bool = False
    retry_at: datetime | None = None


Outcome = Sent | NotSent | Rejected | Unknown


@dataclass(frozen=True, slots=True)
class Found:
    """The post is on the network."""

    receipt: Receipt


@dataclass(frozen=True, slots=True)
class Absent:
    """The look-up succeeded, reached back past the attempt, and the post was not there."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A thread of which the first parts are on the network and the rest surely is not.

    `progress` is what `send` has to know to go on: merged into the payload, it makes the send that
    posts the missing parts and no other.
    """

    progress: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Unclear:
    """The look-up failed, or what it saw does not decide."""

    detail: str


LookUp = Found | Absent | Begun | Unclear


@dataclass(frozen=True, slots=True)
class Removed:
    """The post is not on the network: it was taken off, or was gone already."""


@dataclass(frozen=True, slots=True)
class NotRemoved:
    """The post stands there as before, or may: the network's words and ours."""

    reason: str


Removal = Removed | NotRemoved
