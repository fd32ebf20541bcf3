"""What people do to deliveries, each act checked, done and written to the audit log."""

from dataclasses import dataclass, replace
from datetime import datetime

from crosspromo.domain.attempts import Ending
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.gate import Override
from crosspromo.domain.outcomes import Receipt
from crosspromo.domain.posts import Content
from crosspromo.domain.states import State
from crosspromo.publishing.storage import Store, Unit


@dataclass(frozen=True)
class Person:
    """Somebody at the command line, by name."""

    store: Store
    clock: Clock
    name: str

    def cancel(self, delivery_id: int) -> None:
        """Take a delivery out of the queue; StateError where it has gone out, or may have."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            unit.transitions.cancel(delivery)
            self._note(unit, "cancel", delivery)

    def move(self, delivery_id: int, due_at: datetime) -> None:
        """Give a queued or missed delivery another time."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
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

    def edit(self, delivery_id: int, *, text: str | None, title: str | None) -> Content:
        """Change what a queued delivery will say; the new content comes back."""
        with self.store.write() as unit:
            delivery = unit.deliveries.get(delivery_id)
            content = replace(
                delivery.content,
                text=delivery.content.text if text is None else text,
                title=delivery.content.title if title is None else title,
            )
            unit.transitions.edit(delivery, content)
            self._note(unit, "edit", delivery)
            return content

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
            unit.transitions.wake_held(delivery.account)
            self._note(unit, "resolve as posted", delivery, url)

    def resolve_not_posted(self, delivery_id: int) -> None:
        """Say that an unknown delivery is not on the network: it is queued again."""
        with self.store.write() as unit:
            delivery = self._in_doubt(unit, delivery_id)
            now = self.clock.now()
            unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
            unit.transitions.wake_held(delivery.account)
            self._note(unit, "resolve as not posted", delivery)

    def free_account(self, account: str) -> None:
        """Take note that an account works again, and let what waited for it go on."""
        with self.store.write() as unit:
            unit.accounts.register([account])
            now = self.clock.now()
            if unit.accounts.fault(account) is not None:
                unit.accounts.set_fault(account, None, now)
                unit.transitions.wake_account(account)
                unit.audit.add(now, self.name, "account works again", account, None)

    def _in_doubt(self, unit: Unit, delivery_id: int) -> Delivery:
        delivery = unit.deliveries.get(delivery_id)
        if delivery.state is not State.UNKNOWN:
            raise StateError(f"delivery {delivery_id} is {delivery.state}; nothing is in doubt")
        return delivery

    def _note(self, unit: Unit, act: str, delivery: Delivery, reason: str | None = None) -> None:
        subject = f"delivery {delivery.id}"
        unit.audit.add(self.clock.now(), self.name, act, subject, reason)
