"""Networks that misbehave as a seed says, and what is really on them.

What a connector may not do, these do not do either: a call ends within its time-out, a refusal is
a refusal, and a post that was accepted is shown within LAG. On a repeatable network a request may
be carried out long after everybody has given it up: repeating it with its token is then harmless.

Each network has a clock of its own, and says in its answers what it shows. A repeatable network
(as Bluesky) finds a post by its token. Of the others (as X and Reddit) a connector reads the
account's posts since a time of the network's clock, and knows its own by their texts; it decides
with the NetworkClock of the real connectors.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from random import Random

from simulation.seams import Seams
from simulation.world_time import WorldTime

from crosspromo.connectors.network_clock import NetworkClock
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

ANSWERED = frozenset({"accepted", "5xx before", "5xx after", "429 until", "429", "401", "rejected"})
"""What is an answer of the network, with its time."""


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
    """One account's network: the truth. `mood` is how often it misbehaves, from 0 to 1.

    Its clock is `ahead` of the time.
    """

    account: str
    repeatable: bool
    mood: float
    ahead: timedelta = timedelta()
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

    def show_all(self, time: WorldTime) -> None:
        """A network that knows posts by their tokens is consistent by now."""
        for post in self.posts if self.repeatable else ():
            post.shown_at = min(post.shown_at, time.real)

    def shown(self, time: WorldTime) -> list[Post]:
        """What everybody can read now."""
        return [post for post in self.posts if post.shown_at <= time.real]

    def parts_of(self, tokens: Sequence[str]) -> list[Post]:
        """What is there of these sends."""
        return [post for post in self.posts if post.token in tokens]


def texts_of(prepared: Prepared) -> list[str]:
    """The texts of a send, one for each part."""
    texts = prepared.payload["texts"]
    assert isinstance(texts, list)
    return [str(text) for text in texts]


class SimulatedConnector:
    """An account of a Network, within one process. What befalls each call is drawn from the seed.

    It learns the network's clock from the answers that arrive.
    """

    def __init__(self, network: Network, seams: Seams, time: WorldTime, draw: Random) -> None:
        self._network = network
        self._seams = seams
        self._time = time
        self._draw = draw
        self._clock = NetworkClock(time.clock)

    @property
    def clock_offset(self) -> timedelta | None:
        return self._clock.offset

    def ready(self, content: Content) -> NotSent | Rejected | None:
        self._seams.at("before it makes ready")
        self._spend(self._draw.choice((0, 0, 1)))
        if self._network.refuses_account:
            self._answered()
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
        self._answered()
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
        if fate in ANSWERED:
            self._answered()
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
        answer = (
            self._found_by_token(prepared)
            if self._network.repeatable
            else self._found_in_listing(prepared, attempted_at)
        )
        self._seams.at("after it has looked up")
        return answer

    def _found_by_token(self, prepared: Prepared) -> LookUp:
        self._answered()
        shown = self._network.shown(self._time)
        return self._found(prepared, {post.part for post in shown if post.token == prepared.token})

    def _found_in_listing(self, prepared: Prepared, attempted_at: datetime) -> LookUp:
        """Look for our texts among the posts since long before the attempt, as on Reddit and X."""
        clock = self._clock
        began, since = clock.began(attempted_at), clock.reads_since(attempted_at)
        listing = self._listing(since)
        texts = texts_of(prepared)
        ours = [(at, texts.index(post.text)) for post, at in listing if post.text in texts]
        answer = self._found(prepared, {part for at, part in ours if at >= began})
        if isinstance(answer, Found):
            return answer
        if any(at < began for at, _ in ours):
            return Unclear("a post has its text, but was there before the attempt")
        doubt = clock.doubt(max((at for _, at in listing), default=None))
        return answer if doubt is None else Unclear(doubt)

    def _listing(self, since: datetime) -> list[tuple[Post, datetime]]:
        """Posts since a time of the network's clock, each with its time by that clock."""
        self._answered()
        shown = [(post, self._by_its_clock(post.at)) for post in self._network.shown(self._time)]
        return [(post, at) for post, at in shown if at >= since]

    def _found(self, prepared: Prepared, parts: set[int]) -> LookUp:
        if len(parts) == len(texts_of(prepared)):
            return Found(self._receipt(prepared))
        return Begun({"done": len(parts)}) if parts else Absent()

    def _answered(self) -> None:
        """An answer has arrived, with the network's time in its head."""
        now = self._time.real + self._network.ahead
        self._clock.learn({"date": format_datetime(now, usegmt=True)})

    def _by_its_clock(self, moment: datetime) -> datetime:
        """The time that the network gives a post of this moment: whole seconds."""
        return (moment + self._network.ahead).replace(microsecond=0)

    def delete(self, receipt: Receipt) -> Removal:
        token = receipt.remote_id
        self._network.taken_off.add(token)
        self._network.posts = [p for p in self._network.posts if p.token != token]
        return Removed()

    def verify(self) -> str:
        self._answered()
        return self._network.account

    def close(self) -> None:
        """Nothing is open."""

    def _receipt(self, prepared: Prepared) -> Receipt:
        shown = self._by_its_clock(self._time.real)
        own_time = shown if self._draw.random() < 0.3 else None
        return Receipt(prepared.token, f"https://network.example/{prepared.token}", own_time)

    def _spend(self, seconds: int) -> None:
        """Take some time; in a transaction there is none."""
        if not self._seams.in_transaction:
            self._time.spend(seconds)

    def _misbehaves(self, share: float) -> bool:
        return self._draw.random() < self._network.mood * share

    def _reset(self) -> datetime:
        return self._time.clock.now() + timedelta(minutes=self._draw.choice((0, 1, 15, 50, 200)))


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
