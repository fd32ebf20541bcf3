"""What people do to deliveries, each act checked, done and written to the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from crosspromo.domain.approval import Approval, Signature, partner_slug, same_name
from crosspromo.domain.attempts import Ending
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError, UsageError
from crosspromo.domain.outcomes import NotRemoved, Receipt
from crosspromo.domain.pauses import Pause
from crosspromo.domain.posts import Content
from crosspromo.domain.states import IN_DOUBT, State
from crosspromo.domain.verdicts import Override
from crosspromo.publishing.networks import Deletes
from crosspromo.publishing.rules import AccountRules, approval_for
from crosspromo.publishing.storage import Store, Unit

EVERYTHING = "everything"
"""How the audit log calls a pause over all accounts."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a delivery said and says now; `void` is how many approvals that cost."""

    before: Content
    after: Content
    void: int


@dataclass(frozen=True)
class Person:
    """Somebody at the command line, by name."""

    store: Store
    clock: Clock
    name: str
    accounts: Mapping[str, AccountRules]

    def cancel(self, delivery_id: int) -> None:
        """Take a delivery out of the queue; StateError where it has gone out, or may have."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            unit.transitions.cancel(delivery)
            self._note(unit, "cancel", delivery)

    def move(self, delivery_id: int, due_at: datetime) -> None:
        """Give a draft, or a queued, failed or missed delivery another time; StateError where it
        has gone out, or may have.
        """
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            if delivery.state in IN_DOUBT:
                raise StateError(
                    f"delivery {delivery_id} is {delivery.state}: it may have gone out already, so "
                    "it cannot be given another time"
                )
            if delivery.state is State.DRAFT:
                unit.transitions.postdate(delivery, due_at)
            else:
                unit.transitions.retry(delivery, due_at, pinned=True)
            self._note(unit, "move", delivery)

    def retry(self, delivery_id: int) -> None:
        """Try a failed or missed delivery again now."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            if delivery.state not in {State.FAILED, State.MISSED, State.QUEUED}:
                raise StateError(
                    f"delivery {delivery_id} is {delivery.state}; only a failed, missed or queued "
                    "one can be tried again"
                )
            unit.transitions.retry(delivery, self.clock.now(), pinned=False)
            self._note(unit, "retry", delivery)

    def edit(self, delivery_id: int, *, text: str | None, title: str | None) -> Edit:
        """Change what a draft or a queued delivery will say. Every approval of it is void then.

        One that may have been on the network once is repeated as it was or not at all: StateError.
        """
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            before = delivery.content
            after = before
            if text is not None and text != before.text:
                after = replace(after, text=text, parts=())
            if title is not None:
                after = replace(after, title=title)
            if after == before:
                return Edit(before, after, void=0)
            if unit.deliveries.was_in_doubt(delivery_id):
                raise StateError(
                    f"delivery {delivery_id} may have been sent once and can only be repeated as "
                    f"it was; to say something else: crosspromo queue cancel {delivery_id}, and "
                    "queue a new one"
                )
            asked = self._approval_for(unit, delivery).asked
            into = State.DRAFT if asked else delivery.state
            unit.transitions.edit(delivery, after, into=into)
            void = unit.approvals.withdraw(delivery_id)
            self._note(unit, "edit", delivery)
            return Edit(before, after, void)

    def approve(self, delivery_id: int) -> Approval:
        """Agree that exactly this goes out. With the last approval it needs, it is queued.

        UsageError where this person cannot approve it, StateError where nothing is to approve.
        """
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            approval = self._approval_for(unit, delivery)
            _check_approver(delivery, approval, self.name)
            fingerprint = delivery.content.fingerprint(delivery.account)
            signature = Signature(self.name, fingerprint, self.clock.now())
            unit.approvals.sign(delivery_id, signature)
            approval = self._approval_for(unit, delivery)
            if approval.complete and _waits_for_approval(delivery):
                unit.transitions.approve(delivery)
            self._note(unit, "approve", delivery)
            return approval

    def _approval_for(self, unit: Unit, delivery: Delivery) -> Approval:
        return approval_for(unit, delivery, self.accounts.get(delivery.account))

    def release(self, delivery_id: int, reason: str) -> None:
        """Let a held delivery go past the ratio once. It still counts as self."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            if delivery.state is not State.QUEUED:
                raise StateError(f"delivery {delivery_id} is {delivery.state}; it is not held")
            override = Override(by=self.name, reason=reason)
            unit.transitions.override(delivery, override, self.clock.now())
            self._note(unit, "release", delivery, reason)

    def resolve_posted(self, delivery_id: int, url: str | None) -> None:
        """Say that an unknown delivery is on the network."""
        with self.store.write() as unit:
            delivery = self._in_doubt(unit, delivery_id)
            receipt = Receipt(remote_id=url or f"by-hand-{delivery_id}", url=url)
            unit.transitions.publish(delivery, receipt, self.clock.now())
            unit.holds.wake_held(delivery.account)
            self._note(unit, "resolve as posted", delivery, url)

    def resolve_not_posted(self, delivery_id: int) -> None:
        """Say that an unknown delivery is not on the network: it is queued again."""
        with self.store.write() as unit:
            delivery = self._in_doubt(unit, delivery_id)
            now = self.clock.now()
            unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
            unit.holds.wake_held(delivery.account)
            self._note(unit, "resolve as not posted", delivery)

    def free_account(self, account: str) -> None:
        """Take note that an account works again, and let what waited for it go on."""
        with self.store.write() as unit:
            unit.accounts.register([account])
            now = self.clock.now()
            if unit.accounts.fault(account) is not None:
                unit.accounts.set_fault(account, None, now)
                unit.holds.wake_account(account, "account")
                unit.audit.add(now, self.name, "account works again", account, None)

    def delete(self, delivery_id: int, connector: Deletes | None) -> None:
        """Take a published delivery off its network; with no connector, note that somebody did.

        StateError where it is not there to be deleted, or the network did not delete it. Ended in
        the middle, it can be done again: what is gone already counts as removed.
        """
        with self.store.read() as unit:
            delivery = unit.deliveries.get(delivery_id)
        if delivery.state is not State.PUBLISHED:
            raise StateError(
                f"delivery {delivery_id} is {delivery.state}; only a published one can be deleted"
            )
        if connector is not None:
            receipt = Receipt(str(delivery.remote_id), delivery.url, delivery.published_at)
            removal = connector.delete(receipt)
            if isinstance(removal, NotRemoved):
                raise StateError(
                    f"delivery {delivery_id} was not deleted: {removal.reason}. Try again, or "
                    f"delete it at {delivery.url or delivery.network} and say so: "
                    f"crosspromo queue delete {delivery_id} --by-hand"
                )
        with self.store.write() as unit:
            if unit.deliveries.get(delivery_id).state is State.DELETED:
                return  # somebody else was quicker; it is gone either way
            unit.transitions.delete(delivery)
            act = "delete by hand" if connector is None else "delete"
            self._note(unit, act, delivery, delivery.url)

    def pause(self, account: str | None, reason: str) -> Pause:
        """Let nothing more go out on the account, or with None anywhere; it comes back.

        What is being sent at this moment is not called back.
        """
        pause = Pause(account, self.name, self.clock.now(), reason)
        with self.store.write() as unit:
            unit.pauses.begin(pause)
            unit.audit.add(pause.at, self.name, "pause", account or EVERYTHING, reason)
        return pause

    def resume(self, account: str | None) -> Sequence[Delivery]:
        """End the pause of the account, or with None the one over everything.

        What is overdue by now comes back. It does not burst: the gate looks at each of them again.
        StateError where there is no such pause.
        """
        with self.store.write() as unit:
            if not unit.pauses.end(account):
                raise StateError(_not_paused(unit, account))
            now = self.clock.now()
            unit.holds.wake_account(account, "paused")
            unit.audit.add(now, self.name, "resume", account or EVERYTHING, None)
            return unit.deliveries.overdue(account, now)

    def _in_doubt(self, unit: Unit, delivery_id: int) -> Delivery:
        delivery = unit.deliveries.get(delivery_id)
        if delivery.state is not State.UNKNOWN:
            raise StateError(f"delivery {delivery_id} is {delivery.state}; nothing is in doubt")
        return delivery

    def _note(self, unit: Unit, act: str, delivery: Delivery, reason: str | None = None) -> None:
        subject = f"delivery {delivery.id}"
        unit.audit.add(self.clock.now(), self.name, act, subject, reason)


def _waits_for_approval(delivery: Delivery) -> bool:
    is_held = delivery.hold is not None and delivery.hold.code == "approval"
    return delivery.state is State.DRAFT or is_held


def _check_approver(delivery: Delivery, approval: Approval, name: str) -> None:
    number = delivery.id
    if delivery.state not in {State.DRAFT, State.QUEUED}:
        raise StateError(f"delivery {number} is {delivery.state}; there is nothing to approve")
    if not approval.asked and delivery.state is State.QUEUED:
        raise StateError(f"nobody has to approve delivery {number}; it goes by itself")
    if same_name(name, delivery.author):
        raise UsageError(
            f"{delivery.author} wrote delivery {number}; somebody else has to approve it"
        )
    slug = partner_slug(name)
    if slug is not None and slug not in approval.partners_asked:
        raise UsageError(f"delivery {number} is not about a partner {slug} who asked to sign off")
    signed = approval.people if slug is None else [f"partner:{s}" for s in approval.partners]
    if any(same_name(name, other) for other in signed):
        raise UsageError(f"{name} has approved delivery {number} already")


def _not_paused(unit: Unit, account: str | None) -> str:
    if account is None:
        return "there is no pause over everything; for one account: crosspromo resume ACCOUNT"
    over_all = unit.pauses.over(account)
    if over_all is None:
        return f"{account} is not paused"
    return f"{account} is not paused by itself, everything is; to go on: crosspromo resume"
