"""The people of a story: what they queue, and what they do at the command line meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from simulation.networks import Network, SimulatedConnector, texts_of
from simulation.rows import File, Row
from simulation.seams import SeamedStore
from simulation.watch import Watch
from simulation.world import World
from simulation.world_time import WorldTime
from staff import Person, person

from crosspromo.domain.approval import Approvers
from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.states import State
from crosspromo.store.unit import Store

AUTHOR, EDITOR = "author", "editor"

CREDITS = (Credit.OTHERS,) * 11 + (Credit.SELF,) * 7 + (Credit.BOTH,) * 2

Connect = Callable[[str], SimulatedConnector]


@dataclass
class People:
    """Everybody who is not a daemon. `acts` says what they may do to a delivery of a state."""

    world: World
    store: Store
    seamed: SeamedStore
    file: File
    time: WorldTime
    watch: Watch
    connect: Connect
    draw: Random
    tell: Callable[[str], None]
    _written: int = 0
    _said: list[tuple[str, Content]] = field(default_factory=list)

    # -- writing -------------------------------------------------------------------------------

    def queue_some(self, most: int) -> None:
        """Queue a few deliveries, for now or for later."""
        for _ in range(self.draw.randint(0, most)):
            self._queue(self.draw.choice(list(self.world.accounts)))

    def _queue(self, account: str) -> None:
        credit = self.draw.choice(CREDITS)
        content, reason = self._content(account)
        rules = self.world.accounts[account]
        asked = rules.policy.approval is not Approvers.NONE
        now = self.time.clock.now()
        due_at = now + timedelta(minutes=self.draw.choice((0, 0, 0, 1, 20, 90, 300, 1500)))
        expires = self.draw.choice((None, None, None, timedelta(hours=4), timedelta(days=1)))
        kind = Kind.SPOTLIGHT if credit is Credit.OTHERS else Kind.OWN
        with self.store.write() as unit:
            post = unit.posts.add(
                kind=kind,
                partners=["river-keepers"] if kind is Kind.SPOTLIGHT else [],
                event=None,
                template=None,
                reason=None,
                author=AUTHOR,
                now=now,
            )
            number = unit.deliveries.add(
                NewDelivery(
                    post=post,
                    account=account,
                    network=rules.network,
                    state=State.DRAFT if asked else State.QUEUED,
                    credit=credit,
                    content=content,
                    due_at=due_at,
                    pinned=self.draw.random() < 0.4,
                    expires_at=None if expires is None else due_at + expires,
                    cost=None,
                    duplicate_reason=reason,
                )
            )
        self.tell(f'{AUTHOR} queues {number} on {account}, {credit}: "{content.text}"')

    def _content(self, account: str) -> tuple[Content, str | None]:
        """Something new as a rule; else what was said already, allowed or not."""
        earlier = [content for name, content in self._said if name == account]
        if earlier and self.draw.random() < 0.12:
            return self.draw.choice(earlier), self.draw.choice((None, "asked for again"))
        self._written += 1
        length = self.draw.choice((1, 1, 1, 3))
        parts = tuple(f"post {self._written} part {part + 1}" for part in range(length))
        text = " | ".join(parts)
        content = Content(text=text, parts=parts if len(parts) > 1 else ())
        self._said.append((account, content))
        return content, None

    # -- acting --------------------------------------------------------------------------------

    def act(self) -> None:
        """One thing that somebody does while the daemons run. What is refused changes nothing."""
        rows = list(self.file.rows().values())
        account = self.draw.choice([None, *self.world.accounts])
        row = self.draw.choice(rows) if rows else None
        acts: list[tuple[str, Callable[[Person], object]]] = [
            (f"pauses {account}", lambda person: person.pause(account, "a storm")),
            (f"resumes {account}", lambda person: person.resume(account)),
            (f"resumes {account}", lambda person: person.resume(account)),
        ]
        if row is not None:
            acts += self._acts_on(row)
        what, act = self.draw.choice(acts)
        self._do(what, act)

    def _acts_on(self, row: Row) -> list[tuple[str, Callable[[Person], object]]]:
        number = row.id
        later = self.time.clock.now() + timedelta(minutes=self.draw.choice((0, 30, 600)))
        acts: list[tuple[str, Callable[[Person], object]]] = [
            (f"releases {number}", lambda person: person.release(number, "the vote is tonight")),
            (f"moves {number}", lambda person: person.move(number, later)),
            (f"cancels {number}", lambda person: person.cancel(number)),
            (f"approves {number}", lambda person: person.approve(number)),
            (f"tries {number} again", lambda person: person.retry(number)),
        ]
        if row.state is State.PUBLISHED:
            self.watch.being_deleted.add(number)
            acts.append((f"deletes {number}", lambda person: person.delete(number)))
        if row.state in {State.DRAFT, State.QUEUED} and "|" not in row.text:
            self._written += 1
            text = f"post {self._written} edited"
            acts.append(
                (f"edits {number}", lambda person: person.edit(number, text=text, title=None))
            )
        return acts

    def _do(self, what: str, act: Callable[[Person], object]) -> None:
        editor = person(self.seamed, self.time.clock, self.world.accounts, EDITOR, self.connect)
        try:
            act(editor)
        except CrosspromoError as refused:
            self.tell(f"{EDITOR} {what}: {refused}")
        else:
            self.tell(f"{EDITOR} {what}")

    # -- looking after things ------------------------------------------------------------------

    def answer_questions(self, networks: Mapping[str, Network]) -> None:
        """Look on the network, and say what is really there."""
        for row in self.file.rows().values():
            if row.state is State.UNKNOWN and row.needs_person:
                self._answer(row, networks[row.account])

    def _answer(self, row: Row, network: Network) -> None:
        with self.store.read() as unit:
            prepared = unit.attempts.get(row.id, row.attempt).prepared
        there = {post.part for post in network.parts_of([prepared.token])}
        if not there:
            self._do(f"sees that {row.id} is not there", lambda p: p.resolve_not_posted(row.id))
            return
        for part in range(len(texts_of(prepared))):
            if part not in there:  # somebody writes what is missing of the thread
                network.accept(prepared, part, self.time, timedelta())
        self._do(f"sees {row.id}", lambda p: p.resolve_posted(row.id, prepared.token))

    def mend_accounts(self, networks: Mapping[str, Network]) -> None:
        """Sign in again wherever an account is refused."""
        for account, network in networks.items():
            network.refuses_account = False
            self._do(f"mends {account}", partial(Person.free_account, account=account))

    def approve_all(self) -> None:
        """Agree with every draft."""
        for row in self.file.rows().values():
            if row.state is State.DRAFT:
                self._do(f"approves {row.id}", partial(Person.approve, delivery_id=row.id))

    def resume_all(self) -> None:
        """End every pause."""
        for account in (None, *self.world.accounts):
            self._do(f"resumes {account}", partial(Person.resume, account=account))
