"""Sign-off: what a partner sees and answers by a link, without an account.

The token is the whole secret. What a link shows is one post; reading changes nothing, and an answer
is refused where the post has changed since the partner saw it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.approval import PARTNER_PREFIX
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import PeopleError
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.people import SayWhatToChange, SignOffLinkOver, TooManyTries
from crosspromo.domain.sign_off import (
    LASTS,
    Answer,
    Changed,
    SignOffLink,
    changes,
    clean_words,
    ends_at,
    has_moved,
    known_as,
    said_by,
    version_of,
    waiting,
)
from crosspromo.domain.states import State
from crosspromo.services.act_on_delivery import DeliveryActs
from crosspromo.services.act_on_posts import Joined
from crosspromo.services.delivery_view import DeliveryViews, views
from crosspromo.services.sign_off_links import subject_of
from crosspromo.services.tokens import token_hash
from crosspromo.services.tries import Tries

if TYPE_CHECKING:
    from crosspromo.intake.pictures import ImageFolder
    from crosspromo.publishing.rules import AccountRules
    from crosspromo.rendering.preview import Preview
    from crosspromo.store.unit import Store, Unit

WITHOUT_WORDS = "they said no, without more words"
"""Reason of a cancelling where the partner gave none."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link shows.

    `open` are the deliveries that wait for an answer, and `ended` the others, which were sent or
    taken out. `version` is that of the open ones. `is_changed`: one of them says something else
    than when the link was made or answered; `changes` tell it in words, and `moved` of another
    time. `until` is the end of the link.
    """

    link: SignOffLink
    name: str
    open: Sequence[Delivery]
    ended: Sequence[Delivery]
    version: str
    is_changed: bool
    changes: Sequence[Changed]
    moved: bool
    until: datetime

    @property
    def holds(self) -> bool:
        """Whether there is an answer, and it is about what the post says now."""
        return self.link.answer is not None and not self.is_changed


@dataclass(frozen=True)
class SignOffs:
    """Answers of partners. `tries` are those of this process; `acts` makes those of an actor."""

    store: "Store"
    clock: Clock
    tries: Tries
    policies: Mapping[str, Policy]
    rules: "Mapping[str, AccountRules]"
    views: DeliveryViews
    acts: Callable[[str], DeliveryActs]
    pictures: "Callable[[], ImageFolder]"

    def open(self, token: str, address: str) -> Asked:
        """What the link of this token shows; `address` is the client's.

        PeopleError for a link that has ended, was called back or never was (SignOffLinkOver), and
        after too many links that never were (TooManyTries).
        """
        self._check_tries(token, address)
        with self.store.read() as unit:
            return self._asked(unit, self._link(unit, token, address))

    def answer(
        self, token: str, address: str, seen: str, answer: Answer, words: str
    ) -> tuple[Asked, bool]:
        """Record an answer to the version `seen`; False: the post has changed, nothing was done.

        The same answer again changes nothing. PeopleError as in `open`, and for a wish for a change
        without words. Where nothing of the post waits any more, nothing is recorded.
        """
        self._check_tries(token, address)
        words = clean_words(words)
        if answer is Answer.CHANGE and not words:
            raise PeopleError(SayWhatToChange())
        with self.store.read() as unit:  # so that nobody without a link makes a daemon wait
            post = self._link(unit, token, address).post
        with self.store.write() as unit:
            unit.sign_off_links.lock(post)
            asked = self._asked(unit, self._link(unit, token, address))
            if not asked.open:
                return asked, True
            if asked.version != seen:
                return asked, False
            if asked.link.says(answer, words, seen):
                return asked, True
            self._act(unit, asked, answer, words)
            answered = replace(
                asked.link,
                version=asked.version,
                said=said_by(asked.open),
                answer=answer,
                answered_at=self.clock.now(),
                words=words,
            )
            unit.sign_off_links.answer(answered)
            return self._asked(unit, answered), True

    def preview(self, delivery: Delivery) -> "Preview | None":
        """Delivery as its network will show it; None where its account is no longer there."""
        return self.views.preview_of(delivery) if delivery.account in self.rules else None

    def picture(
        self, token: str, address: str, delivery: int, place: int
    ) -> tuple[bytes, str] | None:
        """Bytes and media type of a picture that the link shows; `place` counts from 0.

        None for any picture that the link does not show. PeopleError as in `open`.
        """
        asked = self.open(token, address)
        for each in asked.open:
            if each.id == delivery and 0 <= place < len(each.content.images):
                name = each.content.images[place].path.rpartition("/")[2]
                return self.pictures().read(name)
        return None

    def _act(self, unit: "Unit", asked: Asked, answer: Answer, words: str) -> None:
        """Do to the open deliveries what the answer means, within the transaction."""
        seen = views(unit, self.policies, asked.open)
        slug, name = asked.link.partner, known_as(asked.name)
        signer = f"{PARTNER_PREFIX}{slug}"
        acts = replace(self.acts(signer), store=Joined(unit), signed_in=True, known_as=name)
        if answer is not Answer.YES:
            _take_back(unit, asked, signer)
        match answer:
            case Answer.YES:
                for each in seen:
                    if slug in each.approval.partners_missing:
                        acts.approve(each.delivery.id)
            case Answer.CHANGE:
                for each in seen:
                    if slug in each.approval.partners and each.delivery.state is State.QUEUED:
                        content, now = each.delivery.content, self.clock.now()
                        unit.transitions.edit(each.delivery, content, now, into=State.DRAFT)
                subject = subject_of(asked.link.post)
                unit.audit.add(self.clock.now(), name, "ask for a change", subject, words)
            case Answer.NO:
                refusing = replace(acts, actor=name)
                for delivery in asked.open:
                    refusing.reject(delivery.id, words or WITHOUT_WORDS)

    def _check_tries(self, token: str, address: str) -> None:
        again = self.tries.again_at(token_hash(token), _from(address), self.clock.now())
        if again is not None:
            raise PeopleError(TooManyTries(again))

    def _link(self, unit: "Unit", token: str, address: str) -> SignOffLink:
        """Link of the token that was not called back; found by its hash alone."""
        hashed = token_hash(token)
        link = unit.sign_off_links.find(hashed)
        if link is None:
            self.tries.failed(hashed, _from(address), self.clock.now())
            raise PeopleError(SignOffLinkOver(known=False))
        if link.called_back_at is not None:
            raise PeopleError(SignOffLinkOver(known=True))
        return link

    def _asked(self, unit: "Unit", link: SignOffLink) -> Asked:
        deliveries = unit.deliveries.of_post(link.post)
        open_, now = waiting(deliveries), self.clock.now()
        until = ends_at(deliveries, link.made_at)
        if now >= (until if open_ else link.made_at + LASTS):
            raise PeopleError(SignOffLinkOver(known=True))
        partner = unit.partners.find(link.partner)
        said = said_by(deliveries)
        return Asked(
            link=link,
            name=link.partner if partner is None else partner.name,
            open=open_,
            ended=[each for each in deliveries if each not in open_],
            version=version_of(said),
            is_changed=not link.is_about(said),
            changes=changes(link.said, said) if open_ else [],
            moved=has_moved(link.said, said),
            until=until,
        )


def _take_back(unit: "Unit", asked: Asked, signer: str) -> None:
    """Take an earlier yes back, also from what failed, was missed or was cancelled.

    Staff may try that again or undo it; without the signature the gate holds it then.
    """
    for each in (*asked.open, *asked.ended):
        if each.state not in {State.PUBLISHED, State.DELETED}:
            unit.approvals.take_back(each.id, signer)


def _from(address: str) -> str:
    """Key of a client in the tries, apart from that of its sign-ins."""
    return f"sign-off link, {address}"
