"""Asking partners for sign-off by mail, with a link for each post that waits.

A mail is claimed in the database before it is sent, so that two daemons send one. A daemon that
dies between the two is taken over, and then a partner may be asked twice: rather that than never.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from crosspromo.domain.approval import OURSELVES, same_name
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import CrosspromoError, Refused
from crosspromo.domain.notices import Digest
from crosspromo.domain.partner_people import PartnerPerson
from crosspromo.domain.policy import Policy
from crosspromo.domain.sign_off import Changed, SignOffLink, changes, said_by, version_of, waiting
from crosspromo.domain.sign_off_mails import NotAskedWhy, SignOffMail, are_ready
from crosspromo.services.channels import Channel
from crosspromo.services.delivery_view import approvals_of
from crosspromo.services.sign_off_links import MadeLink, SignOffLinks

if TYPE_CHECKING:
    from crosspromo.store.unit import Store, Unit

log = logging.getLogger(__name__)

MOST = 200
"""Posts that are looked at in one round."""


@dataclass(frozen=True, slots=True)
class AskedPost:
    """Post in a mail; `made` None: only its time moved, and the partner has a link already.

    `changes` tell what is other than when the partner was asked before.
    """

    deliveries: Sequence[Delivery]
    made: MadeLink | None
    changes: Sequence[Changed] = ()


@dataclass(frozen=True)
class SignOffMails:
    """Mails to partners who sign off.

    `channel` is mail to one address; None: no mail can be sent, or no address of the console is
    known. `words` makes a mail of a partner's name and posts. `worker` names this process in
    claims. `links` makes the links. `redact` hides secrets in errors that are stored.
    """

    store: "Store"
    clock: Clock
    policies: Mapping[str, Policy]
    links: SignOffLinks
    channel: Callable[[str], Channel | None]
    words: Callable[[str, Sequence[AskedPost]], Digest]
    worker: str
    redact: Callable[[str], str]

    def send(self) -> None:
        """Ask whom nobody has asked, once nothing was added for some minutes. Slow."""
        with self.store.read() as unit:
            found = unit.sign_off_mails.awaited(self.clock.now(), MOST)
        if not found:
            return
        with self.store.write() as unit:
            unit.sign_off_mails.lock()
            ready = self._ready(unit, found)
        for partner, mails in ready.items():
            self._ask(partner, mails)

    def _ready(self, unit: "Unit", posts: Sequence[int]) -> Mapping[str, Sequence[SignOffMail]]:
        """Claimed mails by partner, after what is seen of the posts was written down."""
        now = self.clock.now()
        by_post = unit.deliveries.of_posts(posts)
        known = {(each.post, each.partner): each for each in unit.sign_off_mails.of_posts(posts)}
        by_partner: dict[str, list[SignOffMail]] = {}
        for post, slug in self._missing(unit, by_post):
            said = said_by(by_post[post])
            due = " ".join(f"{each.delivery}@{each.due_at.isoformat()}" for each in said)
            mail = known.get((post, slug))
            if mail is None:
                mail = SignOffMail(post, slug, version_of(said), due, now)
                unit.sign_off_mails.add(mail)
            else:
                seen = mail.seen(version_of(said), due, now)
                if seen.told_at is None and _asked_by_hand(unit, by_post[post], slug):
                    seen = seen.told(now)
                if seen != mail:
                    unit.sign_off_mails.change(mail, seen)
                mail = seen
            by_partner.setdefault(slug, []).append(mail)
        ready = {}
        for slug, mails in by_partner.items():
            if are_ready(mails, now):
                pending = [each for each in mails if each.is_pending]
                claimed = [
                    (each, replace(each, claimed_by=self.worker, claimed_at=now))
                    for each in pending
                ]
                if all(unit.sign_off_mails.change(*pair) for pair in claimed):
                    ready[slug] = [new for _, new in claimed]
        return ready

    def _missing(
        self, unit: "Unit", by_post: Mapping[int, Sequence[Delivery]]
    ) -> Sequence[tuple[int, str]]:
        """Posts with the slugs of partners whose sign-off a waiting delivery lacks."""
        open_ = [each for some in by_post.values() for each in waiting(some)]
        approvals = approvals_of(unit, self.policies, open_)
        found = {
            (delivery.post, slug)
            for delivery, approval in zip(open_, approvals, strict=True)
            for slug in approval.partners_missing
        }
        return sorted(found)

    def _ask(self, partner: str, mails: Sequence[SignOffMail]) -> None:
        """Send one mail about these posts to everybody who signs off, and record what came of it.

        A mail that one of several addresses takes has been sent.
        """
        with self.store.read() as unit:
            people = [each for each in unit.partner_people.of(partner) if each.signs_off]
            by_post = unit.deliveries.of_posts([each.post for each in mails])
            before = {each.post: _link(unit, each.post, partner) for each in mails}
            name = unit.partners.get(partner).name
        channels, why = self._channels(people)
        if not channels:
            self._end(mails, lambda mail, now: mail.failed(why, "", now))
            return
        asked = []
        for mail in mails:
            post = self._asked_post(mail, by_post[mail.post], before[mail.post])
            if post is not None:
                asked.append(post)
        errors = [self._send(channel, name, asked) for channel in channels] if asked else [None]
        if None in errors:
            self._end(mails, SignOffMail.told)
        else:
            words = errors[0] or ""
            self._end(mails, lambda mail, now: mail.failed(NotAskedWhy.REFUSED, words, now))

    def _channels(self, people: Sequence[PartnerPerson]) -> tuple[Sequence[Channel], NotAskedWhy]:
        addresses = sorted({each.mail for each in people if each.mail})
        if not addresses:
            return (), NotAskedWhy.NO_ADDRESS
        found = [self.channel(each) for each in addresses]
        return [each for each in found if each is not None], NotAskedWhy.NO_MAIL

    def _asked_post(
        self, mail: SignOffMail, deliveries: Sequence[Delivery], before: SignOffLink | None
    ) -> AskedPost | None:
        """Post with a new link; None where nothing is left to ask, or it is too late."""
        if mail.only_moved:
            return AskedPost(waiting(deliveries), None)
        try:
            made = self.links.make(mail.post, mail.partner)
        except Refused as error:
            log.info("%s is not asked about post %d: %s", mail.partner, mail.post, error)
            return None
        changed = () if before is None else changes(before.said, made.link.said)
        return AskedPost(waiting(deliveries), made, changed)

    def _send(self, channel: Channel, name: str, asked: Sequence[AskedPost]) -> str | None:
        """Send the mail; the words of an error, None where it was taken."""
        try:
            channel.tell(self.words(name, asked))
        except CrosspromoError as error:
            words = self.redact(str(error))
            log.warning("%s could not be asked for sign-off: %s", name, words)
            return words
        return None

    def _end(
        self,
        mails: Sequence[SignOffMail],
        ended: Callable[[SignOffMail, datetime], SignOffMail],
    ) -> None:
        now = self.clock.now()
        with self.store.write() as unit:
            for mail in mails:
                unit.sign_off_mails.change(mail, ended(mail, now))


def _link(unit: "Unit", post: int, partner: str) -> SignOffLink | None:
    links = unit.sign_off_links.of_post(post)
    return next((each for each in links if each.partner == partner), None)


def _asked_by_hand(unit: "Unit", deliveries: Sequence[Delivery], partner: str) -> bool:
    """Whether somebody among us made the open link, for what the post says now."""
    link = _link(unit, deliveries[0].post, partner)
    if link is None or same_name(link.made_by, OURSELVES):
        return False
    return link.is_about(said_by(deliveries))
