"""Acts on what a delivery says: its text, title, link and images."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.duplicates import text_hash
from crosspromo.domain.errors import CrosspromoError, InputError, StateError
from crosspromo.domain.posts import Content
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingToChange
from crosspromo.domain.reasons.state import EditedMeanwhile, OnlyAsItWas
from crosspromo.domain.states import State
from crosspromo.publishing.enqueue import note_allowed
from crosspromo.publishing.needs import check_needs, needs_after_edit, write_needs
from crosspromo.publishing.repetition import check_repetition
from crosspromo.publishing.rules import AccountRules
from crosspromo.services.acts.acting import Acting
from crosspromo.services.edited_content import (
    Changes,
    EditedContent,
    edited,
    repaired,
    titled_material,
)

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Edit:
    """Delivery content before and after an edit; `void` is the number of approvals lost.

    `put_back` names the obligations that the new text lacked, and that stand in it again; `taken`
    are characters that have no place in a post, and were taken out.
    """

    before: Content
    after: Content
    void: int
    put_back: tuple[str, ...] = ()
    taken: tuple[str, ...] = ()


class EditingActs(Acting):
    """Acts on what a delivery says."""

    def edit(self, delivery_id: int, changes: Changes) -> Edit:
        """Change what a draft or queued delivery says: `edit_all` with one delivery."""
        return self.edit_all({delivery_id: changes})[0]

    def edit_those_allowed(
        self, changes: Mapping[int, Changes], refused: "Callable[[int, CrosspromoError], None]"
    ) -> None:
        """Change what deliveries say (by id) as `edit_all` does, for a transaction that ends here.

        `refused` is told of each that cannot be edited, and why; the others go on, so that a person
        learns of them all. The caller rolls everything back then.
        """
        with self.store.write() as unit:
            done: dict[int, Edit] = {}
            for number, each in changes.items():
                try:
                    done[number] = self._edit(unit, number, each)
                except CrosspromoError as error:
                    refused(number, error)
            for number, edit in done.items():
                try:
                    self._check_repetition(unit, number, edit, changes[number].allow_duplicate)
                except CrosspromoError as error:
                    refused(number, error)

    def edit_all(self, changes: Mapping[int, Changes]) -> Sequence[Edit]:
        """Change what drafts or queued deliveries say (by id), all or none; approvals are void
        then.

        InputError if nothing is to be changed, and for a bad link or alt text. QueueingError if the
        network does not take the new content, or the account has nearly the same text after all
        edits. StateError if the delivery has another content than the person saw, and if it may
        have been sent once: a repetition has to be unchanged.
        """
        if any(each.nothing for each in changes.values()):
            raise InputError(NothingToChange())
        with self.store.write() as unit:
            done = [self._edit(unit, number, each) for number, each in changes.items()]
            for (number, each), edit in zip(changes.items(), done, strict=True):
                self._check_repetition(unit, number, edit, each.allow_duplicate)
            return done

    def _edit(self, unit: "Unit", delivery_id: int, changes: Changes) -> Edit:
        delivery = self._in(unit, delivery_id, Act.EDIT)
        content = delivery.content
        if changes.seen not in {None, content.fingerprint(delivery.account)}:
            raise StateError(EditedMeanwhile(delivery_id, content.title, content.text))
        account = self._rules_of(delivery)
        title_for = partial(self._title_for, unit, delivery, account)
        made = edited(delivery, account, changes, title_for, self.organisation.own_group)
        return self._change(unit, delivery, made, "edit", changes.allow_duplicate)

    def repair(self, delivery_id: int) -> Edit:
        """Change text and title of a draft or queued delivery as its notes on accessibility say.

        Approvals and errors as in `edit_all`; images stay as they are.
        """
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.EDIT)
            made = repaired(delivery, self._rules_of(delivery), self.organisation.own_group)
            edit = self._change(unit, delivery, made, "repair")
            self._check_repetition(unit, delivery_id, edit)
            return edit

    def _change(
        self,
        unit: "Unit",
        delivery: Delivery,
        made: EditedContent,
        act: str,
        allow_duplicate: str | None = None,
    ) -> Edit:
        before, after = delivery.content, made.content
        is_same = after == before
        edit = Edit(before, after, 0, made.put_back, made.taken)
        if is_same and made.fields.title_given == delivery.title_given:
            return edit
        if not is_same and unit.attempts.was_ever_unknown(delivery.id):
            raise StateError(OnlyAsItWas(delivery.id))
        if not is_same:
            self._work_out_needs(unit, delivery, after)
        asked = not is_same and self._approval_for(unit, delivery).asked
        unit.transitions.edit(
            delivery,
            after,
            self.clock.now(),
            into=State.DRAFT if asked else delivery.state,
            also=made.fields,
            duplicate_reason=allow_duplicate,
        )
        self._note(unit, act, delivery)
        return edit if is_same else replace(edit, void=unit.approvals.withdraw(delivery.id))

    def _work_out_needs(self, unit: "Unit", delivery: Delivery, content: Content) -> None:
        """Write what the new content needs; QueueingError where a permission is not there."""
        account, now = self._rules_of(delivery), self.clock.now()
        partners = [unit.partners.get(slug) for slug in delivery.partners]
        needs = needs_after_edit(unit, delivery, content, partners, account)
        check_needs(unit, needs, account, self.organisation.zone, now)
        write_needs(unit, delivery.id, needs)

    def _check_repetition(
        self, unit: "Unit", delivery_id: int, edit: Edit, reason: str | None = None
    ) -> None:
        """QueueingError where the edited text is one that its account has had; `reason`: why it
        may be.
        """
        if text_hash(edit.before) == text_hash(edit.after):
            return
        delivery = unit.deliveries.get(delivery_id)
        earlier = check_repetition(
            unit.history,
            self._rules_of(delivery),
            delivery.content,
            delivery.due_at,
            allowed=delivery.duplicate_allowed,
            besides=delivery_id,
        )
        if earlier is not None and reason is not None:
            note_allowed(unit, self.actor, earlier, reason, self.clock.now())

    def _title_for(
        self, unit: "Unit", delivery: Delivery, account: AccountRules, text: str
    ) -> str | None:
        """Title that the template of the kind makes of the text; None: it takes no text."""
        if unit.posts.template(delivery.post) is not None:
            return None
        partners = tuple(unit.partners.get(slug) for slug in delivery.partners)
        material = titled_material(delivery, partners, text)
        if material is None:
            return None
        return self.renderer().render(material, account.text_network).title
