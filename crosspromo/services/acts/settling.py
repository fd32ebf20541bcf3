"""Acts on a delivery that has been tried: what became of it, and its removal from the network."""

from crosspromo.domain.attempts import Ending
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import StateError
from crosspromo.domain.outcomes import NotRemoved, Receipt
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.state import CannotDelete, NotDeleted
from crosspromo.domain.requests import given_reason
from crosspromo.domain.states import State
from crosspromo.domain.undo import UndoableAct
from crosspromo.domain.web_address import whole_address
from crosspromo.publishing.networks import Deletes
from crosspromo.services.acts.acting import Acting


class SettlingActs(Acting):
    """Acts on a delivery that has been tried."""

    def dismiss(self, delivery_id: int, reason: str) -> None:
        """Take note that a delivery failed, was missed, expired or is unknown; its state stays.

        InputError for a blank reason. A new failure of the delivery asks for a person again.
        """
        reason = given_reason(reason, Act.DISMISS)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.DISMISS)
            unit.attention(1).dismiss(delivery, self.clock.now(), self.actor, reason)
            self._can_undo(unit, UndoableAct.DISMISS, delivery)
            self._note(unit, "dismiss", delivery, reason)

    def resolve_posted(self, delivery_id: int, url: str | None = None) -> None:
        """Record an unknown delivery as published on its network, at address `url` if known.

        InputError for a text that is no address of the web.
        """
        url = None if url is None else whole_address(url)
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.RESOLVE)
            receipt = Receipt(remote_id=url or f"by-hand-{delivery_id}", url=url)
            unit.transitions.publish(delivery, receipt, self.clock.now())
            unit.holds.wake_held_by_ratio(delivery.account)
            self._note(unit, "resolve as posted", delivery, url)

    def resolve_not_posted(self, delivery_id: int) -> None:
        """Record an unknown delivery as absent from its network, and queue it again."""
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.RESOLVE)
            now = self.clock.now()
            unit.transitions.requeue(delivery, Ending.ABSENT, None, now, now)
            unit.holds.wake_held_by_ratio(delivery.account)
            self._note(unit, "resolve as not posted", delivery)

    def delete(self, delivery_id: int, *, by_hand: bool = False, reason: str | None = None) -> None:
        """Delete a published delivery's post; `by_hand`: only record that a person deleted the
        post.

        The audit log has the address, after the `reason` where there is one.

        StateError if the network does not delete the post. An interrupted deletion can be repeated:
        a post that is gone already counts as removed.
        """
        with self.store.read() as unit:
            delivery = self._in(unit, delivery_id, Act.DELETE)
        if not by_hand:
            self._remove(delivery)
        with self.store.write() as unit:
            if unit.deliveries.get(delivery_id).state is State.DELETED:
                return  # another person deleted the post meanwhile
            unit.transitions.delete(delivery, self.clock.now())
            act = "delete by hand" if by_hand else "delete"
            why = [each for each in (reason and reason.strip(), delivery.url) if each]
            self._note(unit, act, delivery, ": ".join(why) or None)

    def _remove(self, delivery: Delivery) -> None:
        connector: object = None
        if self._rules_of(delivery).capabilities.deletes:
            connector = self.connector(delivery.account)
        if not isinstance(connector, Deletes):
            place = delivery.url or f"{delivery.network}, where it is {delivery.remote_id}"
            raise StateError(CannotDelete(delivery.id, delivery.account, place))
        receipt = Receipt(str(delivery.remote_id), delivery.url, delivery.published_at)
        removal = connector.delete(receipt)
        if isinstance(removal, NotRemoved):
            place = delivery.url or delivery.network
            raise StateError(NotDeleted(delivery.id, place, removal.reason))
