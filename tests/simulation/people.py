"""The people of a story: what they queue, and what they do at the command line meanwhile."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from random import Random

from simulation.machine import Machine
from simulation.networks import Network, SimulatedConnector, texts_of
from simulation.refusals import words_of_refusal
from simulation.rows import File, Row
from simulation.watch import Watch
from simulation.world import World
from simulation.world_time import WorldTime
from staff import Person, person

from crosspromo.domain.approval import Approvers
from crosspromo.domain.deliveries import NewDelivery
from crosspromo.domain.errors import CrosspromoError
from crosspromo.domain.posts import Content, Credit, Kind
from crosspromo.domain.states import State
from crosspromo.publishing.logins import note_clock
from crosspromo.services.accounts import free_account
from crosspromo.services.edited_content import Changes

AUTHOR, EDITOR = "author", "editor"

CREDITS = (Credit.OTHERS,) * 11 + (Credit.SELF,) * 7 + (Credit.BOTH,) * 2

Connect = Callable[[str], SimulatedConnector]


@dataclass
class People:
    """Everybody who is not a daemon. `acts` says what they may do to a delivery of a state."""

    world: World
    machine: Machine
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
        if self.machine.disk.is_full:
            return
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
        with self.machine.bare_store().write() as unit:
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
        self.machine.queued()
        self.tell(f'{AUTHOR} queues {number} on {account}, {credit}: "{content.text}"')

    def _content(self, account: str) -> tuple[Content, str | None]:
        """Something new as a rule; else what was said already, allowed or not."""
        earlier = [content for name, content in self._said if name == account]
        if earlier and self.draw.random() < 0.12:
            # On a network that knows posts by their texts, nobody could tell two apart.
            reasons = (None, "asked for again") if self._by_token(account) else (None,)
            return self.draw.choice(earlier), self.draw.choice(reasons)
        self._written += 1
        length = self.draw.choice((1, 1, 1, 3))
        parts = tuple(f"post {self._written} part {part + 1}" for part in range(length))
        text = " | ".join(parts)
        content = Content(text=text, parts=parts if len(parts) > 1 else ())
        self._said.append((account, content))
        return content, None

    def _by_token(self, account: str) -> bool:
        return self.world.networks[account].repeatable

    def forget(self) -> None:
        """The past has come back: who says again what is not in the queue looks it up first."""
        known = {(row.account, row.text) for row in self.file.rows().values()}
        self._said = [each for each in self._said if (each[0], each[1].text) in known]

    # -- acting --------------------------------------------------------------------------------

    def act(self) -> None:
        """One thing that somebody does while the daemons run. What is refused changes nothing."""
        rows = list(self.file.rows().values())
        account = self.draw.choice([None, *self.world.accounts])
        row = self.draw.choice(rows) if rows else None
        acts: list[tuple[str, Callable[[Person], object]]] = [
            (f"pauses {account}", lambda person: person.pause(account, "a storm")),
            (f"stops {account}", lambda person: person.pause(account, None)),
        ]
        if row is not None:
            acts += self._acts_on(row)
        draw = self.draw.randrange(len(acts) + 2)
        if draw >= len(acts):
            self._resume(account)
        else:
            self._do(*acts[draw])

    def _resume(self, account: str | None) -> None:
        """Go on; first look for what was sent already, where crosspromo has asked for that."""
        told = self.machine.in_doubt and "all" in self.file.paused()
        if account is None and told:
            self._look_through()
        resume = partial(Person.resume, account=account)
        if account is None and told:
            engine = self.machine.stage.engine
            self.machine.is_resuming = True
            done = self._do("resumes everything", resume)
            self.machine.is_resuming = False
            if engine is self.machine.stage.engine:  # else another copy came in its place meanwhile
                self.machine.in_doubt = not done
        else:
            self._do(f"resumes {account}", resume)

    def _look_through(self) -> None:
        """Take out of the queue what is on its network already.

        Also what is due later: it may have been moved up, or queued once more, since the copy.
        """
        there, left = self.watch.sent_since(), self.watch.sent_since()
        for row in self.file.rows().values():
            first = row.text.split(" | ")[0]
            # What was asked for more than once is taken out as often as it is there.
            counts = there if row.duplicate_reason is None else left
            if row.state in {State.DRAFT, State.QUEUED} and counts[row.account][first] > 0:
                left[row.account][first] -= 1
                self._do(f"finds {row.id} posted", partial(Person.cancel, delivery_id=row.id))

    def _acts_on(self, row: Row) -> list[tuple[str, Callable[[Person], object]]]:
        number = row.id
        later = self.time.clock.now() + timedelta(minutes=self.draw.choice((0, 30, 600)))
        acts: list[tuple[str, Callable[[Person], object]]] = [
            (f"releases {number}", lambda person: person.release(number, "the vote is tonight")),
            (f"moves {number}", lambda person: person.move(number, later)),
            (f"cancels {number}", lambda person: person.cancel(number)),
            (f"approves {number}", lambda person: person.approve(number)),
            (f"dismisses {number}", lambda person: person.dismiss(number, "seen")),
        ]
        if not self.watch.sent_since()[row.account][row.text.split(" | ")[0]]:
            acts.append((f"tries {number} again", lambda person: person.retry(number)))
        if row.state is State.PUBLISHED:
            self.watch.being_deleted.add(number)
            acts.append((f"deletes {number}", lambda person: person.delete(number)))
        if row.state in {State.DRAFT, State.QUEUED} and "|" not in row.text:
            self._written += 1
            text = f"post {self._written} edited"
            acts.append((f"edits {number}", lambda person: person.edit(number, Changes(text=text))))
        return acts

    def _do(self, what: str, act: Callable[[Person], object]) -> bool:
        """Do it as a command does; whether it was done."""
        store = self.machine.open()
        clock, settings = self.time.clock, self.world.settings
        try:
            odd = self.machine.watch_of(store).look() is not None
            self.machine.notice(store)
            act(person(store, clock, settings, EDITOR, self.connect, paused_just_now=odd))
        except CrosspromoError as refused:
            self.tell(f"{EDITOR} {what}: {words_of_refusal(refused)}")
            return False
        self.tell(f"{EDITOR} {what}")
        return True

    # -- looking after things ------------------------------------------------------------------

    def answer_questions(self, networks: Mapping[str, Network]) -> None:
        """Look on the network, and say what is really there."""
        for row in self.file.rows().values():
            if row.state is State.UNKNOWN and row.needs_person:
                self._answer(row, networks[row.account])

    def _answer(self, row: Row, network: Network) -> None:
        with self.machine.bare_store().read() as unit:
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
        """Sign in again wherever an account is refused or rests, or a clock is off."""
        accounts = self.file.accounts()
        for account, network in networks.items():
            network.refuses_account = False
            it = accounts[account]
            is_off = abs(it.clock_offset or 0) > 60
            if account in self.world.settings and (it.fault or it.rests_until or is_off):
                self._do(f"mends {account}", partial(self._verify, account=account))

    def _verify(self, person: Person, account: str) -> None:
        connector = self.connect(account)
        connector.verify()
        with person.store.write() as unit:
            note_clock(unit.accounts, account, connector, {})
            free_account(unit, account, EDITOR, self.time.clock.now())

    def approve_all(self) -> None:
        """Agree with every draft."""
        for row in self.file.rows().values():
            if row.state is State.DRAFT:
                self._do(f"approves {row.id}", partial(Person.approve, delivery_id=row.id))

    def resume_all(self) -> None:
        """End every pause, also one whose reason the first try to end it has told."""
        for _ in range(2):
            self._resume_paused()

    def _resume_paused(self) -> None:
        paused = self.file.paused()
        for account in (None, *self.world.accounts):
            if (account or "all") in paused or self.machine.in_doubt:
                self._resume(account)
