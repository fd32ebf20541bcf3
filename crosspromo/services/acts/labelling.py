"""Acts on what we note of a post for ourselves, and never send: its campaign and its note."""

from dataclasses import dataclass

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingToChange
from crosspromo.services.acts.acting import Acting


@dataclass(frozen=True, slots=True)
class Labels:
    """New campaign (a slug) and note of a post; None keeps the old one, an empty text takes it
    away.
    """

    campaign: str | None = None
    note: str | None = None

    @property
    def nothing(self) -> bool:
        """Whether both stay."""
        return self.campaign is None and self.note is None


class LabellingActs(Acting):
    """Acts on what we note of a post."""

    def label(self, delivery_id: int, labels: Labels) -> None:
        """Give the post of a delivery that waits another campaign or note, on all its accounts.

        Approvals stay: they are of what is sent. InputError if nothing is to be changed;
        NotFoundError for an unknown campaign.
        """
        if labels.nothing:
            raise InputError(NothingToChange())
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.EDIT)
            if labels.campaign is not None:
                unit.campaigns.put_posts([delivery.post], labels.campaign or None)
            if labels.note is not None:
                unit.posts.set_note(delivery.post, without_invisible(labels.note).strip())
            self._note(unit, "label", delivery)
