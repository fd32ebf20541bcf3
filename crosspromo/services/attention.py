"""Attention: everything in a workspace that needs a person, with the reason and since when."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from crosspromo.disks import Disk, disk_of, nearly_full
from crosspromo.domain.clock import CLOCKS_AGREE, Clock
from crosspromo.domain.deliveries import Delivery, Latest
from crosspromo.domain.figures import TOLD_AFTER
from crosspromo.domain.matters import (
    AccountGone,
    AccountRefused,
    AccountRests,
    ApprovalDue,
    ClockOff,
    DatedAhead,
    Detail,
    DiskFull,
    Earlier,
    EndedUnsent,
    EventHasChanged,
    EventsToReview,
    Matter,
    NoDaemon,
    NoLongerAgreed,
    NotTold,
    ObservanceUnreadable,
    OutcomeUnknown,
    PartnerNotAsked,
    PartnerRefused,
    PartnerWishes,
    PastDue,
    PausedInDoubt,
    PausedWithoutReason,
    PlannedAsDrafts,
    ReadingFails,
    ReportNotMailed,
    SettingsRefused,
    SettingsUnusable,
    SignOffLacks,
    Sort,
    SourceFails,
    SourceShrunk,
    SourceSilent,
    TemplatesFaulty,
    ToPostByHand,
)
from crosspromo.domain.notices import failures
from crosspromo.domain.observances import Unreadable
from crosspromo.domain.pauses import AccountOverview, Pause
from crosspromo.domain.planned import BY_PLANNING, REMEMBERED
from crosspromo.domain.policy import Policy
from crosspromo.domain.reasons.faults import (
    ByHand,
    FaultReason,
    PermissionWithdrawn,
    PhotoConsentWithdrawn,
)
from crosspromo.domain.sign_off import Answer, SignOffLink, said_by, waiting
from crosspromo.domain.sign_off_mails import why_not_asked
from crosspromo.domain.sources import fails_long, silent_since
from crosspromo.domain.workers import Trouble, TroubleKind, Worker
from crosspromo.services.delivery_view import approvals_of

if TYPE_CHECKING:
    from crosspromo.store.queue.attention import Needing
    from crosspromo.store.unit import Store, Unit

Value = TypeVar("Value")

MOST = 100
"""Most deliveries of one kind that are named at a time."""

PATIENCE = timedelta(minutes=10)
"""Time past its due time after which a postponed delivery needs a person."""

UNTOUCHED = timedelta(minutes=5)
"""Time after which an untouched due delivery shows that no daemon runs."""

ANSWER_WANTED = timedelta(days=1)
"""Time before a draft is due at which the answer of a partner who was asked is lacking."""

LONG_REST = timedelta(hours=1)
"""Rest of an account that people should know of."""


@dataclass(frozen=True, slots=True)
class NeedsPerson:
    """Matters that need a person, and by id the deliveries that some of them are about."""

    matters: list[Matter]
    about: Mapping[int, Delivery]


@dataclass(frozen=True)
class Attention:
    """Finds what needs a person.

    `accounts` are the names in crosspromo.toml. `folders` are folders on whose disks space is
    needed. `is_dead`: whether a worker is surely dead. `settings_fault`: why crosspromo.toml cannot
    be used, in words; None: it can. `policies` are those of the accounts by name. `unreadable` are
    kept observances that cannot be read.
    """

    store: "Store"
    clock: Clock
    accounts: Sequence[str]
    folders: Sequence[Path]
    is_dead: Callable[[str], bool]
    disk_of: Callable[[Path], Disk] = disk_of
    settings_fault: str | None = None
    policies: Mapping[str, Policy] = field(default_factory=dict)
    unreadable: Sequence[Unreadable] = ()

    def matters(self) -> list[Matter]:
        """Every matter there is now: pauses in doubt, deliveries, accounts, the machine."""
        with self.store.read() as unit:
            return self.matters_in(unit, unit.workers.alive(self.clock.now(), self.is_dead))

    def matters_in(self, unit: "Unit", daemons: Sequence[Worker]) -> list[Matter]:
        """The same within a transaction; `daemons` are those alive."""
        return self.within(unit, daemons, unit.pauses.all()).matters

    def within(
        self, unit: "Unit", daemons: Sequence[Worker], pauses: Sequence[Pause]
    ) -> "NeedsPerson":
        """Matters with the deliveries that they are about, where daemons and pauses are known."""
        known = unit.accounts.overview()
        now = self.clock.now()
        found = unit.attention(MOST).all(
            frozenset(self.accounts),
            now,
            due_before=now - PATIENCE,
            woken_before=now - UNTOUCHED,
            answers_until=now + ANSWER_WANTED,
        )
        answers = [*_of_partners(unit, found, self.policies), *_unasked(unit, found)]
        matters = [
            *self._settings(),
            *_of_pauses(pauses),
            *self._deliveries(found, known, alive=bool(daemons)),
            *(matter for matter, _ in answers),
            *_unasked_for_events(unit, found, now),
            *self._accounts(unit, known),
            *self._machine(unit, known, {daemon.name for daemon in daemons}),
            *_to_review(unit, found, now),
            *_unmailed(unit, found),
            *_planned(unit, found, now),
            *_untold(unit),
        ]
        named = [*found.named, *(delivery for _, delivery in answers)]
        return NeedsPerson(matters, {each.id: each for each in named})

    def _settings(self) -> Iterator[Matter]:
        if self.settings_fault is not None:
            yield Matter(SettingsUnusable(self.settings_fault))
        for each in self.unreadable:
            yield Matter(ObservanceUnreadable(each.slug, each.words, each.may_mourn))

    def _deliveries(
        self, found: "Needing", known: Mapping[str, AccountOverview], *, alive: bool
    ) -> Iterator[Matter]:
        now = self.clock.now()

        def past_due(delivery: Delivery) -> Detail:
            account = known.get(delivery.account)
            rests_until = None if account is None else account.rests_until
            is_resting = rests_until is not None and rests_until > now
            moments = [delivery.wake_at, rests_until if is_resting else None]
            next_at = max((each for each in moments if each is not None), default=None)
            return PastDue(_fault(delivery), next_at)

        yield from _named(found.ended_unsent, Sort.ENDED_UNSENT, _ended_unsent)
        yield from _named(found.unknown, Sort.UNKNOWN, _unknown)
        yield from _named(found.past_due, Sort.PAST_DUE, past_due)
        yield from _named(found.unapproved, Sort.APPROVAL_DUE, lambda _: ApprovalDue())
        yield from _named(found.set_aside, Sort.EVENT_CHANGED, _event_changed)
        yield from _named(
            found.stands_withdrawn, Sort.STANDS_WITHDRAWN, lambda _: NoLongerAgreed(None)
        )
        untouched = [each for each in found.untouched if each.account in self.accounts]
        if untouched:
            since = min(each.wake_at or each.due_at for each in untouched)
            yield Matter(NoDaemon(alive), since)

    def _accounts(self, unit: "Unit", known: Mapping[str, AccountOverview]) -> Iterator[Matter]:
        later = self.clock.now() + LONG_REST
        ours = self._here(known)
        for name, account in ours:
            if account.fault is not None:
                yield Matter(AccountRefused(account.fault), account.fault_at, name)
        for name, account in ours:
            if account.rests_until is not None and account.rests_until > later:
                yield Matter(AccountRests(account.rests_until), None, name)
        for name, account in ours:
            since = account.not_read_since
            if since is not None and self.clock.now() - since >= TOLD_AFTER:
                yield Matter(ReadingFails(account.reading_fault or ""), since, name)
        rows = unit.attention(MOST)
        gone = [name for name in known if name not in self.accounts]
        for name, count in sorted(rows.waiting_on_each(gone).items()):
            ids = tuple(delivery.id for delivery in rows.waiting_on(name).deliveries)
            yield Matter(AccountGone(ids, count), None, name)

    def _here(self, by_account: Mapping[str, Value]) -> list[tuple[str, Value]]:
        """What is known of the accounts in crosspromo.toml, by name."""
        return sorted(
            ((name, by_account[name]) for name in by_account if name in self.accounts),
            key=lambda each: each[0],
        )

    def _machine(
        self, unit: "Unit", known: Mapping[str, AccountOverview], alive: Collection[str]
    ) -> Iterator[Matter]:
        for disk in nearly_full(self.folders, self.disk_of):
            yield Matter(DiskFull(str(disk.mount), disk.free))
        for name, account in self._here(known):
            offset = account.clock_offset
            if offset is not None and abs(offset) > CLOCKS_AGREE:
                yield Matter(ClockOff(offset.total_seconds()), None, name)
        total, latest = unit.dated_ahead.posts(self.clock.now() + CLOCKS_AGREE)
        if latest is not None:
            yield Matter(DatedAhead(total, latest))
        for name, troubles in unit.workers.troubles().items():
            if name in alive:
                yield from (_reported(name, trouble) for trouble in troubles)
        yield from self._sources(unit)

    def _sources(self, unit: "Unit") -> Iterator[Matter]:
        for source in unit.sources.all():
            if fails_long(source) and source.fault is not None:
                detail = SourceFails(source.number, source.address, source.fault)
                yield Matter(detail, source.read_at)
                continue
            if source.held_back is not None:
                gone, known, since = source.held_back
                yield Matter(SourceShrunk(source.number, source.address, gone, known), since)
            silent = silent_since(source, self.clock.now())
            if silent is not None:
                yield Matter(SourceSilent(source.number, source.address, silent), silent)


def _of_pauses(pauses: Sequence[Pause]) -> Iterator[Matter]:
    for pause in pauses:
        if pause.is_ours:
            yield Matter(PausedInDoubt(pause.reason or ""), pause.at, pause.account)
        elif pause.reason is None:
            yield Matter(PausedWithoutReason(pause.who), pause.at, pause.account)


def _of_partners(
    unit: "Unit", found: "Needing", policies: Mapping[str, Policy]
) -> Iterator[tuple[Matter, Delivery]]:
    """Yield what partners who sign off ask of staff, each with a delivery.

    These are answers by link, and answers that lack for drafts that are due soon.
    """
    links = unit.sign_off_links.named(found.links) if found.links else []
    by_post = unit.deliveries.of_posts([each.post for each, _ in links]) if links else {}
    asked = {(each.post, each.partner) for each, _ in links}
    answered = set()
    for link, name in links:
        answer = _of_answer(link, name, by_post[link.post])
        if answer is not None:
            detail, about = answer
            answered.add((link.post, link.partner))
            yield Matter(detail, link.answered_at, about.account, about.id), about
    lacking = {
        each: about
        for each, about in _lacking(unit, found.awaited, policies).items()
        if each not in answered
    }
    names = unit.partners.statuses(sorted({slug for _, slug in lacking})) if lacking else {}
    for (post, slug), about in lacking.items():
        name = names[slug][0] if slug in names else slug
        detail = SignOffLacks(slug, name, asked=(post, slug) in asked)
        yield Matter(detail, about.due_at - ANSWER_WANTED, about.account, about.id), about


def _unasked(unit: "Unit", needing: "Needing") -> Iterator[tuple[Matter, Delivery]]:
    """Yield partners who could not be asked for sign-off by mail, each with a delivery."""
    found = unit.sign_off_mails.failed(MOST) if needing.has_unasked else []
    by_post = unit.deliveries.of_posts([each.mail.post for each in found]) if found else {}
    for each in found:
        about = next(one for one in by_post[each.mail.post] if one.id == each.delivery)
        why, words = why_not_asked(each.mail.error or "")
        detail = PartnerNotAsked(each.mail.partner, each.name, why, words)
        yield Matter(detail, each.mail.seen_at, each.account, each.delivery), about


def _unasked_for_events(unit: "Unit", needing: "Needing", now: datetime) -> Iterator[Matter]:
    """Yield partners whom no mail could ask to help with an event."""
    if needing.has_unasked_for_events:
        from crosspromo.services.event_asks import matters_of  # noqa: PLC0415 (seldom needed)

        yield from matters_of(unit, now)


def _to_review(unit: "Unit", needing: "Needing", now: datetime) -> Iterator[Matter]:
    """Yield the number of events of calendars that wait for a person."""
    if needing.has_events_to_review:
        total, first = unit.source_events.count_waiting(now)
        if total:
            yield Matter(EventsToReview(total), first)


def _unmailed(unit: "Unit", needing: "Needing") -> Iterator[Matter]:
    """Yield reports that could not be mailed."""
    for mail in unit.report_mails.failed() if needing.has_unmailed_reports else ():
        yield Matter(ReportNotMailed(*mail.key, mail.error or ""), mail.since)


def _planned(unit: "Unit", needing: "Needing", now: datetime) -> Iterator[Matter]:
    """Yield the drafts that planning made."""
    if needing.has_planned:
        total, first = unit.planned_lines.drafts(BY_PLANNING, now - REMEMBERED)
        if total:
            yield Matter(PlannedAsDrafts(total), first)


def _untold(unit: "Unit") -> Iterator[Matter]:
    """Yield channels that could not tell people."""
    for (channel, error), failed in failures(unit.tellings.all()).items():
        yield Matter(NotTold(channel, error), min(each.since for each in failed))


def _of_answer(
    link: SignOffLink, name: str, deliveries: Sequence[Delivery]
) -> tuple[Detail, Delivery] | None:
    """What an answer by link asks of staff, and a delivery of its post; None: nothing.

    A wish for a change ends with the change: another version is asked anew.
    """
    if link.answer is Answer.NO:
        return PartnerRefused(link.partner, name, link.words), deliveries[0]
    if link.answer is Answer.CHANGE and link.is_about(said_by(deliveries)):
        return PartnerWishes(link.partner, name, link.words), waiting(deliveries)[0]
    return None


def _lacking(
    unit: "Unit", drafts: Sequence[Delivery], policies: Mapping[str, Policy]
) -> Mapping[tuple[int, str], Delivery]:
    """First of these drafts by post and by partner whose sign-off is asked and is missing."""
    if not drafts:
        return {}
    found: dict[tuple[int, str], Delivery] = {}
    approvals = zip(drafts, approvals_of(unit, policies, drafts), strict=True)
    for draft, approval in sorted(approvals, key=lambda each: (each[0].due_at, each[0].id)):
        for slug in approval.partners_missing:
            found.setdefault((draft.post, slug), draft)
    return found


def _named(latest: Latest, sort: Sort, detail: Callable[[Delivery], Detail]) -> Iterator[Matter]:
    """Yield one matter per named delivery, and one matter with the number of earlier deliveries."""
    for delivery in latest.deliveries:
        yield Matter(detail(delivery), delivery.due_at, delivery.account, delivery.id)
    if latest.earlier:
        yield Matter(Earlier(sort, latest.earlier))


def _reported(worker: str, trouble: Trouble) -> Matter:
    """Matter of what a daemon reports."""
    if trouble.kind is TroubleKind.SETTINGS:
        return Matter(SettingsRefused(worker, trouble.words), trouble.since)
    return Matter(TemplatesFaulty(trouble.words), trouble.since)


def _fault(delivery: Delivery) -> FaultReason | None:
    return None if delivery.fault is None else delivery.fault.reason


def _ended_unsent(delivery: Delivery) -> Detail:
    return EndedUnsent(delivery.state, _fault(delivery))


def _event_changed(delivery: Delivery) -> Detail:
    reason = _fault(delivery)
    match reason:
        case None:
            return ApprovalDue()
        case PermissionWithdrawn() | PhotoConsentWithdrawn():
            return NoLongerAgreed(reason)
        case _:
            return EventHasChanged(reason)


def _unknown(delivery: Delivery) -> Detail:
    fault = _fault(delivery)
    return ToPostByHand(fault) if isinstance(fault, ByHand) else OutcomeUnknown(fault)
