"""People's acts on several deliveries at once, all or none; also on all deliveries of a post."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Generic, TypeVar
from uuid import uuid4

from crosspromo.domain.approval import Approval
from crosspromo.domain.deliveries import Delivery, waits_for_approval
from crosspromo.domain.errors import InputError, Refused, StateError
from crosspromo.domain.posts import Image
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingNamed, NothingToChange
from crosspromo.domain.reasons.notes import Burst
from crosspromo.domain.reasons.state import WrongState
from crosspromo.domain.states import DISMISSED, MOVABLE, WAITING, State
from crosspromo.publishing.compose import ImageFitter, fit_images
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.acts.editing import Edit
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.acts.timing import Rescheduled
from crosspromo.services.edited_content import Changes
from crosspromo.settings import account_named

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Targets:
    """Deliveries and posts that an act is for, by id.

    A post stands for those of its deliveries that the act can be done to; the others are left.
    """

    deliveries: tuple[int, ...] = ()
    posts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """Act that was done to a delivery of an account, and its result."""

    delivery: int
    account: str
    result: T


@dataclass(frozen=True, slots=True)
class Acted(Generic[T]):
    """What was done to each delivery, and the deliveries of the posts that were left alone."""

    done: Sequence[Done[T]]
    left: Sequence[Delivery] = ()


@dataclass(frozen=True)
class PostActs:
    """Acts of `DeliveryActs` on several deliveries, each in one transaction: all or none.

    Errors are those of the act on one delivery, and InputError where nothing is named. `pictures`
    returns a fitter that stores images.
    """

    store: "Store"
    acts: DeliveryActs
    pictures: "Callable[..., ImageFitter]"

    def cancel(self, targets: Targets) -> Acted[None]:
        """Cancel drafts and queued deliveries."""
        return self._each(targets, _is_waiting, Act.CANCEL, DeliveryActs.cancel)

    def reject(self, targets: Targets, reason: str) -> Acted[None]:
        """Turn down drafts and queued deliveries for a reason."""
        return self._each(
            targets, _is_waiting, Act.REJECT, lambda acts, each: acts.reject(each, reason)
        )

    def approve(self, targets: Targets) -> Acted[Approval]:
        """Sign the present content of deliveries."""
        return self._each(targets, waits_for_approval, Act.APPROVE, DeliveryActs.approve)

    def release(self, targets: Targets, reason: str) -> Acted[None]:
        """Let queued deliveries pass the ratio once."""
        return self._each(
            targets, _is_held_by_ratio, Act.RELEASE, lambda acts, each: acts.release(each, reason)
        )

    def dismiss(self, targets: Targets, reason: str) -> Acted[None]:
        """Take note that deliveries failed, were missed, expired or are unknown."""
        return self._each(
            targets,
            lambda each: each.state in DISMISSED,
            Act.DISMISS,
            lambda acts, each: acts.dismiss(each, reason),
        )

    def move(self, targets: Targets, due_at: datetime | None) -> Acted[Rescheduled]:
        """Give deliveries another due time (aware); None: they go as soon as the gate allows it."""
        return self._rescheduled(
            targets,
            _is_movable,
            Act.MOVE,
            lambda acts, it: acts.move(it, due_at),
        )

    def moved_in(
        self, unit: "Unit", targets: Targets, due_at: datetime | None
    ) -> Sequence[tuple[Delivery, Rescheduled]]:
        """Move deliveries as `move` does, in a transaction that may be rolled back.

        Each is as it stands then, with its notes.
        """
        acts = replace(self.acts, store=Joined(unit), group=uuid4().hex)
        chosen, _ = _chosen(unit, targets, _is_movable, Act.MOVE)
        with _all_or_none(len(chosen)):
            for each in chosen:
                acts.move(each.id, due_at)
        return [(unit.deliveries.get(each.id), acts.rescheduled(each.id)) for each in chosen]

    def movable(self, targets: Targets) -> Sequence[Delivery]:
        """Deliveries that may be moved; StateError where one of those named may not."""
        with self.store.read() as unit:
            chosen, _ = _chosen(unit, targets, _is_movable, Act.MOVE)
        return _all_in(MOVABLE, chosen, Act.MOVE)

    def retry(self, targets: Targets) -> Acted[Rescheduled]:
        """Try deliveries again now; of a post, those that failed, were missed or met a fault."""
        return self._rescheduled(targets, _met_a_fault, Act.RETRY, DeliveryActs.retry)

    def edit(self, targets: Targets, changes: Changes) -> Acted[Edit]:
        """Change what deliveries say, in the same way.

        A title is for the accounts that have titles; the images are fitted for each account.
        """
        if changes.nothing:
            raise InputError(NothingToChange())
        with self.store.read() as unit:
            chosen, left = _chosen(unit, targets, _is_waiting, Act.EDIT)
        return self._edit_each([(each, changes) for each in chosen], left)

    def label(self, targets: Targets, labels: Labels) -> Acted[None]:
        """Give the posts of waiting deliveries another campaign or note."""
        return self._each(
            targets, _is_waiting, Act.EDIT, lambda acts, each: acts.label(each, labels)
        )

    def repair(self, targets: Targets) -> Acted[Edit]:
        """Change texts and titles of deliveries as their notes on accessibility propose."""
        return self._each(targets, _is_waiting, Act.EDIT, DeliveryActs.repair)

    def edit_each(self, changes: Mapping[int, Changes]) -> Acted[Edit]:
        """Change what deliveries say, each (by id) in its own way; texts may change places."""
        with self.store.read() as unit:
            known = [(unit.deliveries.get(number), each) for number, each in changes.items()]
        return self._edit_each(known, ())

    def chosen(self, targets: Targets) -> Sequence[Delivery]:
        """Deliveries that may be edited; StateError where one of those named may not."""
        with self.store.read() as unit:
            chosen, _ = _chosen(unit, targets, _is_waiting, Act.EDIT)
        return _all_in(WAITING, chosen, Act.EDIT)

    def bursts(self, acted: Acted[Approval]) -> Mapping[str, Burst]:
        """Bursts, by account, that approved deliveries belong to."""
        return self.acts.bursts([each.delivery for each in acted.done])

    def _edit_each(
        self, changes: Sequence[tuple[Delivery, Changes]], left: Sequence[Delivery]
    ) -> Acted[Edit]:
        titled = any(each.content.title is not None for each, _ in changes)
        fitted: dict[str, tuple[Image, ...]] = {}
        own: dict[int, Changes] = {}
        pictures = self.pictures()  # slow: done before the transaction
        for delivery, wanted in changes:
            if titled and delivery.content.title is None:
                wanted = replace(wanted, title=None)  # noqa: PLW2901 (this delivery's own)
            if wanted.images is not None:
                account = account_named(delivery.account, self.acts.rules)
                if delivery.account not in fitted:
                    kept = fit_images(wanted.images, account, pictures)
                    fitted[delivery.account] = tuple(each.image for each in kept)
                wanted = replace(wanted, images=fitted[delivery.account])  # noqa: PLW2901 (likewise)
            own[delivery.id] = wanted
        asked = {number: each for number, each in own.items() if not each.nothing}
        with _all_or_none(len(own)):
            edits = dict(zip(asked, self.acts.edit_all(asked), strict=True))
        done = [
            Done(each.id, each.account, edits.get(each.id, _unedited(each))) for each, _ in changes
        ]
        return Acted(done, left)

    def _rescheduled(
        self,
        targets: Targets,
        concerns: Callable[[Delivery], bool],
        act: Act,
        do: Callable[[DeliveryActs, int], None],
    ) -> Acted[Rescheduled]:
        """Do the act to each delivery; notes are those after the last, which counts all of them."""
        acted = self._each(targets, concerns, act, do)
        done = [
            Done(each.delivery, each.account, self.acts.rescheduled(each.delivery))
            for each in acted.done
        ]
        return Acted(done, acted.left)

    def _each(
        self,
        targets: Targets,
        concerns: Callable[[Delivery], bool],
        act: Act,
        do: Callable[[DeliveryActs, int], T],
    ) -> Acted[T]:
        with self._together() as (unit, acts):
            chosen, left = _chosen(unit, targets, concerns, act)
            with _all_or_none(len(chosen)):
                done = [Done(each.id, each.account, do(acts, each.id)) for each in chosen]
        return Acted(done, left)

    @contextmanager
    def _together(self) -> "Iterator[tuple[Unit, DeliveryActs]]":
        """Acts that share one transaction."""
        with self.store.write() as unit:
            yield unit, replace(self.acts, store=Joined(unit), group=uuid4().hex)


@dataclass(frozen=True, slots=True)
class Joined:
    """Store whose transactions are all parts of one that is open already, `unit`."""

    unit: "Unit"

    @contextmanager
    def read(self) -> "Iterator[Unit]":
        yield self.unit

    @contextmanager
    def write(self) -> "Iterator[Unit]":
        yield self.unit


@contextmanager
def _all_or_none(deliveries: int) -> Iterator[None]:
    """Have a refusal say that none of the other deliveries was changed either."""
    try:
        yield
    except Refused as error:
        error.spared = deliveries - 1
        raise


def _chosen(
    unit: "Unit", targets: Targets, concerns: Callable[[Delivery], bool], act: Act
) -> tuple[list[Delivery], list[Delivery]]:
    """Deliveries for the act, without repetition, and those of the posts that it leaves alone.

    InputError where nothing is named; NotFoundError for an unknown id; StateError where the posts
    have no delivery for the act.
    """
    if not targets.deliveries and not targets.posts:
        raise InputError(NothingNamed())
    chosen = {number: unit.deliveries.get(number) for number in targets.deliveries}
    left: dict[int, Delivery] = {}
    for post in targets.posts:
        for delivery in unit.deliveries.of_post(post):
            if delivery.id not in chosen:
                (chosen if concerns(delivery) else left)[delivery.id] = delivery
    if not chosen:
        first = next(iter(left.values()))
        raise StateError(WrongState(first.id, first.state, act))
    return list(chosen.values()), list(left.values())


def _all_in(
    states: frozenset[State], deliveries: Sequence[Delivery], act: Act
) -> Sequence[Delivery]:
    """The deliveries; StateError where one of them is in another state."""
    for delivery in deliveries:
        if delivery.state not in states:
            raise StateError(WrongState(delivery.id, delivery.state, act))
    return deliveries


def _unedited(delivery: Delivery) -> Edit:
    """Result of a new title on an account without titles."""
    return Edit(delivery.content, delivery.content, void=0)


def _is_waiting(delivery: Delivery) -> bool:
    return delivery.state in WAITING


def _is_movable(delivery: Delivery) -> bool:
    return delivery.state in MOVABLE


def _is_held_by_ratio(delivery: Delivery) -> bool:
    return delivery.hold is not None and delivery.hold.code in {"ratio", "floor"}


def _met_a_fault(delivery: Delivery) -> bool:
    if delivery.state is State.QUEUED:
        return delivery.fault is not None
    return delivery.state in {State.FAILED, State.MISSED}
