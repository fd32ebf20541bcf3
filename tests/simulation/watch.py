"""What must be true after every commit, and at the end of a story."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from simulation.concerns import Ask, Concerns
from simulation.networks import Network
from simulation.promise import Promise, name
from simulation.rows import File, LedgerEntry, Row
from simulation.world_time import WorldTime

from crosspromo.domain.states import TRANSITIONS, State

NOT_THERE = frozenset(
    {
        State.DRAFT,
        State.QUEUED,
        State.FAILED,
        State.CANCELLED,
        State.MISSED,
        State.EXPIRED,
        State.DELETED,
    }
)
"""States that say: nothing of it is on the network."""

SILENT = frozenset({State.FAILED, State.MISSED, State.EXPIRED})
"""States in which people are told why."""


class BrokenError(BaseException):
    """Something that must never happen has. No `except Exception` may keep it."""


class Watch:
    """Looks after each commit. `tell` hears of every move."""

    def __init__(
        self,
        file: File,
        promise: Promise,
        networks: Mapping[str, Network],
        time: WorldTime,
        concerns: Concerns,
        *,
        tell: Callable[[str], None],
    ) -> None:
        self._concerns = concerns
        self._file = file
        self._promise = promise
        self._networks = networks
        self._time = time
        self._tell = tell
        self._seen: dict[int, Row] = {}
        self._entries: dict[int, LedgerEntry] = {}
        self.being_deleted: set[int] = set()
        self.visited: Counter[State] = Counter()
        self._sent_since: set[str] = set()
        self._has_gone_back = False
        self._allowed: set[str] = set()
        """Tokens of sends that may repeat a text, also of those that the database has lost."""

    def look(self, ask: Ask = Ask.LATER) -> None:
        """BrokenError where anything is not as it must be; `ask` says when `status` is asked."""
        rows, entries = self._file.rows(), self._file.ledger()
        faults = [*self._moves(rows), *self._truth(rows), *self._forgotten(entries)]
        self._seen, self._entries = rows, entries
        faults = faults or self._concerns.look(rows, ask)
        if faults:
            raise BrokenError("; ".join(faults))

    def begin_anew(self) -> None:
        """Another database has come in the place of the one before: an earlier state of it.

        What is on the networks by then, and was not sent as this database knows it, stays there:
        the database cannot know better, and a person has to look through it.
        """
        self._has_gone_back = True
        self._seen, self._entries = self._file.rows(), self._file.ledger()
        tokens = self._file.tokens()
        known = {
            token
            for row in self._seen.values()
            if row.state not in NOT_THERE
            for token in tokens.get(row.id, ())
        }
        for network in self._networks.values():
            self._sent_since |= {post.token for post in network.posts} - known
            self._sent_since |= {prepared.token for _, prepared in network.pending} - known
        self.being_deleted = {
            row.id
            for row in self._seen.values()
            if self._networks[row.account].taken_off & set(tokens.get(row.id, ()))
        }

    def sent_since(self) -> Mapping[str, Counter[str]]:
        """First texts of what is on each account's network, and the database knows nothing of."""
        found = {}
        for network in self._networks.values():
            shown = (p.text for p in network.posts if p.token in self._sent_since and p.part == 0)
            found[network.account] = Counter(shown)
        return found

    def _moves(self, rows: Mapping[int, Row]) -> Iterator[str]:
        lost = self._seen.keys() - rows.keys()
        if lost:
            yield f"deliveries {sorted(lost)} are gone"
        intents = []
        for key, row in rows.items():
            before = self._seen.get(key)
            if before is None or before == row:
                continue
            if before.state is not row.state:
                self._tell(f"  {name(row)} is {row.state}, was {before.state}")
                self.visited[row.state] += 1
                if row.state not in TRANSITIONS[before.state]:
                    yield f"{name(row)} went from {before.state} to {row.state}"
            elif row.hold_code is not None and before.hold_code != row.hold_code:
                self._tell(f"  {name(row)} is held: {row.hold_code}")
            if row.state is State.SENDING and row.attempt != before.attempt:
                intents.append((before, row))
        if intents:
            now, set_aside = self._time.clock.now(), self._file.set_aside()
            yield from self._promise.broken_by(intents, rows, set_aside, now)

    def _forgotten(self, entries: Mapping[int, LedgerEntry]) -> Iterator[str]:
        """Rows of the ledger that are gone, or have changed other than by being taken back once."""
        for key, before in self._entries.items():
            now = entries.get(key)
            if now == before:
                continue
            if now is None:
                yield f"row {key} of the ledger is gone: {before}"
            elif before.taken_back_at is not None or before != replace(now, taken_back_at=None):
                yield f"row {key} of the ledger was {before}, and is {now}"

    def _truth(self, rows: Mapping[int, Row]) -> Iterator[str]:
        tokens = self._file.tokens()
        if self._has_gone_back:  # a daemon may still have been sending from the lost file
            recorded = {token for some in tokens.values() for token in some}
            for network in self._networks.values():
                self._sent_since |= {post.token for post in network.posts} - recorded
        for network in self._networks.values():
            twice = [
                part
                for part, times in Counter((p.token, p.part) for p in network.posts).items()
                if times > 1
            ]
            if twice:
                yield f"{network.account} has the same send twice: {twice}"
        for row in rows.values():
            there = self._networks[row.account].parts_of(tokens.get(row.id, ()))
            parts = [post.part for post in there]
            if len(set(parts)) < len(parts):
                yield f"{name(row)} is on its network more than once: parts {parts}"
            if row.state is State.PUBLISHED and row.id not in self.being_deleted and not parts:
                yield f"{name(row)} is published and not there"
            surprises = [p for p in there if not p.late and p.token not in self._sent_since]
            if row.state in NOT_THERE and surprises:
                yield f"{name(row)} is {row.state} and on its network"
        yield from self._texts(rows, tokens)

    def _texts(self, rows: Mapping[int, Row], tokens: Mapping[int, list[str]]) -> Iterator[str]:
        """No text twice on an account, unless somebody allowed it, or the network carried out late
        what had been given up meanwhile.
        """
        self._allowed |= {
            token
            for row in rows.values()
            if row.duplicate_reason is not None
            for token in tokens.get(row.id, ())
        }
        given_up = {
            token
            for row in rows.values()
            if row.state in NOT_THERE
            for token in tokens.get(row.id, ())
        }
        given_up |= self._sent_since
        for network in self._networks.values():
            texts = Counter(
                post.text
                for post in network.posts
                if post.token not in self._allowed and not (post.late and post.token in given_up)
            )
            for text, times in texts.items():
                if times > 1:
                    yield f'{network.account} says "{text}" {times} times'

    def nothing_waits(self, since: datetime) -> None:
        """BrokenError where a daemon has not looked yet at what was due by then."""
        rows = self._file.rows().values()
        set_aside = self._file.set_aside()
        accounts = self._file.accounts()
        busy = {row.account for row in rows if row.state is State.SENDING}
        now = self._time.clock.now()
        for row in rows:
            rests = accounts[row.account].rests_until
            parked = (
                row.account in busy
                or row.account in self._concerns.machine.world.gone
                or (rests is not None and rests > now)
            )
            waits = row.state is State.QUEUED and row.wake_at is not None and row.wake_at <= since
            if waits and not parked and not {row.account, "all"} & set_aside.keys():
                raise BrokenError(f"{name(row)} still waits a minute after space has returned")

    # -- at the end ----------------------------------------------------------------------------

    def look_back(self) -> None:
        """Nothing is lost: all is settled, or a person can see why it is not."""
        faults = list(self._lost())
        if faults:
            raise BrokenError("at the end: " + "; ".join(faults))

    def _lost(self) -> Iterator[str]:
        tokens = self._file.tokens()
        for row in self._file.rows().values():
            there = self._networks[row.account].parts_of(tokens.get(row.id, ()))
            match row.state:
                case State.SENDING:
                    yield f"{name(row)} is still being sent"
                case State.UNKNOWN if not row.needs_person or row.fault_values is None:
                    yield f"{name(row)} is unknown, and nobody is asked"
                case State.QUEUED if row.hold_code is None or row.hold_values is None:
                    yield f"{name(row)} is queued for {row.due_at}, and nobody knows why"
                case State.QUEUED if row.hold_code in {"ratio", "floor"} and self._may_go(row):
                    yield f"{name(row)} is held by the {row.hold_code} and might go"
                case state if state in SILENT and row.fault_values is None:
                    yield f"{name(row)} is {state} without a reason"
                case State.PUBLISHED if (
                    len(there) != row.text.count("|") + 1 and row.id not in self.being_deleted
                ):
                    yield f"{name(row)} is published, but only {len(there)} parts are there"
                case _:
                    pass

    def _may_go(self, row: Row) -> bool:
        """By the ratios; what was said before earns nothing any more, so of that we cannot tell."""
        rows, now = self._file.rows(), self._time.clock.now()
        return row.duplicate_reason is None and self._promise.would_keep(row, rows, now)
