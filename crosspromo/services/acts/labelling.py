"""Acts on what we note of a post for ourselves, and never send: campaign, note and tone."""

from dataclasses import dataclass

from crosspromo.domain.errors import InputError
from crosspromo.domain.invisible import without_invisible
from crosspromo.domain.reasons.acts import Act
from crosspromo.domain.reasons.inputs import NothingToChange
from crosspromo.domain.tones import Tone
from crosspromo.services.acts.acting import Acting


@dataclass(frozen=True, slots=True)
class Labels:
    """New campaign (a slug), note and tone of a post; None keeps the old one, an empty text takes
    it away.
    """

    campaign: str | None = None
    note: str | None = None
    tone: Tone | None = None

    @property
    def nothing(self) -> bool:
        """Whether all of them stay."""
        return self.campaign is None and self.note is None and self.tone is None


class LabellingActs(Acting):
    """Acts on what we note of a post."""

    def label(self, delivery_id: int, labels: Labels) -> None:
        """Give the post of a delivery that waits other labels, on all its accounts.

        Approvals stay: they are of what is sent. What a day of mourning holds is judged anew.
        InputError if nothing is to be changed; NotFoundError for an unknown campaign.
        """
        if labels.nothing:
            raise InputError(NothingToChange())
        with self.store.write() as unit:
            delivery = self._in(unit, delivery_id, Act.EDIT)
            if labels.campaign is not None:
                unit.campaigns.put_posts([delivery.post], labels.campaign or None)
            if labels.note is not None:
                unit.posts.set_note(delivery.post, without_invisible(labels.note).strip())
            if labels.tone is not None:
                unit.posts.set_tone(delivery.post, labels.tone)
                unit.holds.judge_mourning_anew(delivery.post)
            self._note(unit, "label", delivery)
