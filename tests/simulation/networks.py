"""Networks that misbehave as a seed says, and what is really on them.

What a connector may not do, these do not do either: a call ends within its time-out, a refusal is
a refusal, and a post that was accepted is shown within LAG. On a repeatable network a request may
be carried out long after everybody has given it up: repeating it with its token is then harmless.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from simulation.seams import Seams
from simulation.world_time import WorldTime

from crosspromo.domain.attempts import Prepared
from crosspromo.domain.outcomes import (
    Absent,
    Begun,
    Found,
    LookUp,
    NotSent,
    Outcome,
    Receipt,
    Rejected,
    Removal,
    Removed,
    Sent,
    Unclear,
    Unknown,
)
from crosspromo.domain.posts import Content
from crosspromo.domain.states import TRANSITIONS, State

LAG = timedelta(seconds=90)
"""The longest time for which a post is accepted and not shown."""

THREADS_GO_ON = State.SENDING in TRANSITIONS[State.UNKNOWN]
"""Whether the publishing core sends a broken thread on, so that networks may break one."""

FATES = {
    "accepted": 46,
    "timeout before": 7,
    "timeout after": 9,
    "late": 10,
    "closed before": 3,
    "closed after": 4,
    "5xx before": 3,
    "5xx after": 5,
    "429 until": 4,
    "429": 3,
    "unforeseen before": 2,
    "unforeseen after": 3,
    "401": 2,
    "rejected": 3,
}
"""What may befall a send in bad weather, by weight. "After" is after acceptance."""


class UnforeseenError(Exception):
    """What no connector's author thought of."""


@dataclass
class Post:
    """One post, or one part of a thread, as everybody can read it."""

    token: str
    part: int
    text: str
    at: datetime
    shown_at: datetime
    late: bool = False


@dataclass
class Network:
    """One account's network: the truth. `mood` is how often it misbehaves, from 0 to 1."""

    account: str
    repeatable: bool
    mood: float
    posts: list[Post] = field(default_factory=list)
    pending: list[tuple[datetime, Prepared]] = field(default_factory=list)
    refuses_account: bool = False
    taken_off: set[str] = field(default_factory=set)

    def accept(self, prepared: Prepared, part: int, time: WorldTime, lag: timedelta) -> None:
        """Put one part up. A repeatable network has each part of a token once."""
        there = any(p.token == prepared.token and p.part == part for p in self.posts)
        if self.repeatable and (there or prepared.token in self.taken_off):
            return
        text = texts_of(prepared)[part]
        self.posts.append(Post(prepared.token, part, text, time.real, time.real + lag))

    def carry_out_late(self, time: WorldTime) -> None:
        """Requests that were given up long ago and are carried out now."""
        due = [each for each in self.pending if each[0] <= time.real]
        self.pending = [each for each in self.pending if each[0] > time.real]
        for _, prepared in due:
            for part in range(len(texts_of(prepared))):
                self.accept(prepared, part, time, timedelta())
            for post in self.posts:
                post.late |= post.token == prepared.token

    def parts_of(self, tokens: Sequence[str]) -> list[Post]:
        """What is there of these sends."""
        return [post for post in self.posts if post.token in tokens]


def texts_of(prepared: Prepared) -> list[str]:
    """The texts of a send, one for each part."""
    texts = prepared.payload["texts"]
    assert isinstance(texts, list)
    return [str(text) for text in texts]


class SimulatedConnector:
    """An account of a Network. What befalls each call is drawn from the seed."""

    def __init__(self, network: Network, seams: Seams, time: WorldTime, draw: Random) -> None:
        self._network = network
        self._seams = seams
        self._time = time
        self._draw = draw

    def ready(self, content: Content) -> NotSent | Rejected | None:
        self._seams.at("before it makes ready")
        self._spend(self._draw.choice((0, 0, 1)))
        if self._network.refuses_account:
            return NotSent("401 while signing in", account_fault=True)
        if self._misbehaves(0.15):
            match self._draw.randrange(4):
                case 0:
                    raise UnforeseenError("while signing in")
                case 1:
                    return NotSent("503 while signing in")
                case 2:
                    return NotSent("429", retry_at=self._reset())
                case _:
                    return None
        return None

    def prepare(self, content: Content, now: datetime) -> Prepared:
        token = f"{self._draw.getrandbits(40):010x}"
        return Prepared(token, {"texts": list(content.posts), "done": 0})

    def send(self, prepared: Prepared) -> Outcome:
        done = prepared.payload["done"]
        assert isinstance(done, int)
        parts = len(texts_of(prepared))
        for part in range(done, parts):
            outcome = self._send_part(prepared, part, is_last=part == parts - 1)
            if outcome is not None:
                return outcome
        return Sent(self._receipt(prepared))

    def _send_part(self, prepared: Prepared, part: int, *, is_last: bool) -> Outcome | None:
        self._seams.at(f"before part {part + 1} leaves")
        fate = self._fate(part)
        if fate.endswith(" after") or fate == "accepted":
            lag = self._draw.choice((timedelta(), timedelta(), LAG / 3, LAG))
            self._network.accept(prepared, part, self._time, lag)
        self._seams.at(f"while part {part + 1} is on its way ({fate})")
        self._spend(10 if fate.startswith("timeout") else self._draw.choice((0, 1, 3)))
        outcome = self._answer(prepared, fate)
        if outcome is None and is_last:
            return None
        if isinstance(outcome, NotSent | Rejected) and part > 0:
            retry_at = outcome.retry_at if isinstance(outcome, NotSent) else None
            return Unknown(f"the thread broke off: {outcome.reason}", retry_at=retry_at)
        return outcome

    def _fate(self, part: int) -> str:
        if self._network.refuses_account:
            return "401"
        if not self._misbehaves(1.0) or (part > 0 and not THREADS_GO_ON):
            return "accepted"
        fate: str = self._draw.choices(list(FATES), weights=list(FATES.values()))[0]
        if fate == "late" and (part > 0 or not self._network.repeatable):
            return "timeout before"
        return fate

    def _answer(self, prepared: Prepared, fate: str) -> Outcome | None:
        match fate:
            case "accepted":
                return None
            case "429 until":
                return NotSent("429", retry_at=self._reset())
            case "429":
                return NotSent("429")
            case "401":
                self._network.refuses_account = True
                return NotSent("401", account_fault=True)
            case "rejected":
                return Rejected("the network does not want it")
            case "late":
                after = timedelta(minutes=self._draw.randrange(4, 120))
                self._network.pending.append((self._time.real + after, prepared))
                return Unknown("timed out")
            case "unforeseen before" | "unforeseen after":
                raise UnforeseenError(fate)
            case _:
                return Unknown(fate)

    def look_up(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        self._seams.at("before it looks up")
        self._spend(self._draw.choice((0, 0, 1)))
        if self._misbehaves(0.3):
            if self._draw.random() < 0.5:
                raise UnforeseenError("while looking up")
            return Unclear("503")
        there = {
            post.part
            for post in self._network.parts_of([prepared.token])
            if post.shown_at <= self._time.real
        }
        self._seams.at("after it has looked up")
        if len(there) == len(texts_of(prepared)):
            return Found(self._receipt(prepared))
        return Begun({"done": len(there)}) if there else Absent()

    def delete(self, receipt: Receipt) -> Removal:
        token = receipt.remote_id
        self._network.taken_off.add(token)
        self._network.posts = [p for p in self._network.posts if p.token != token]
        return Removed()

    def verify(self) -> str:
        return self._network.account

    def close(self) -> None:
        """Nothing is open."""

    def _receipt(self, prepared: Prepared) -> Receipt:
        own_time = self._time.real if self._draw.random() < 0.3 else None
        return Receipt(prepared.token, f"https://network.example/{prepared.token}", own_time)

    def _spend(self, seconds: int) -> None:
        """Take some time; in a transaction there is none."""
        if not self._seams.in_transaction:
            self._time.spend(seconds)

    def _misbehaves(self, share: float) -> bool:
        return self._draw.random() < self._network.mood * share

    def _reset(self) -> datetime:
        return self._time.clock.now() + timedelta(minutes=self._draw.choice((0, 1, 15, 50)))


@contextmanager
def good_weather(networks: Mapping[str, Network]) -> Iterator[None]:
    """All networks do what they are asked, while the block runs."""
    moods = {name: network.mood for name, network in networks.items()}
    for network in networks.values():
        network.mood = 0.0
        network.refuses_account = False
    try:
        yield
    finally:
        for name, network in networks.items():
            network.mood = moods[name]
