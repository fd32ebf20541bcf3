"""Reports: figures of a window of time, as they stand or as they stood at a past moment.

Each is read in a number of queries that does not grow, and whose work depends on the window.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crosspromo.domain.clock import Clock
from crosspromo.domain.partners import Partner
from crosspromo.domain.policy import Terms
from crosspromo.domain.ratio import Window
from crosspromo.domain.report_rows import (
    CountedRow,
    GivenRow,
    KnownTerms,
    MeasuredPost,
    ReceivedRow,
)
from crosspromo.domain.shortfall import looked_back
from crosspromo.reports.amplification import Amplification, amplification
from crosspromo.reports.event_steps import EventCoverage, coverage
from crosspromo.reports.gate import AccountGate, HoldFigure, by_account, by_reason
from crosspromo.reports.other_partners import OtherPartners
from crosspromo.reports.partners import (
    PartnerFigure,
    Reciprocity,
    TopicFigure,
    by_topic,
    reciprocity,
)
from crosspromo.reports.ratio import QUOTA_WINDOW, RatioReport, ratio_report
from crosspromo.reports.ratio_then import AccountThen, ratio_then
from crosspromo.reports.sharing import Sharing
from crosspromo.reports.weeks import (
    INSTANT,
    AccountWeek,
    Week,
    last_weeks,
    sums_by_week,
    weeks_of_accounts,
    weeks_of_partners,
)
from crosspromo.services.partner_fields import FOCUS
from crosspromo.services.report_measures import followers_in
from crosspromo.services.report_partners import offered_in, partners_in, sharing_in
from crosspromo.services.report_scope import Scope, moment_of, scope_of, terms_then

if TYPE_CHECKING:
    from crosspromo.domain.events import Event
    from crosspromo.publishing.rules import AccountRules, OrganisationRules
    from crosspromo.store.months import ReleasedPost, UnsentPost
    from crosspromo.store.shares import Planned
    from crosspromo.store.unit import Store, Unit

WEEKS = 8
"""Weeks of the ratio, of the focus list and of amplification."""

GIVEN_WITHIN = timedelta(days=90)
"""Window of what was given and received."""

GATE_WITHIN = timedelta(days=28)
"""Window of holds and releases."""

EVENTS_AROUND = timedelta(days=60)
"""Time before and after the moment in which events start that are looked at."""

MOST_COUNTED = 20_000
"""Rows of the ledger from which on a window is added up by the database."""

MOST_UNSENT = 100
MOST_EVENTS = 200
MOST_NEXT = 10
"""Coming events on the page for a partner, however far they are."""


@dataclass(frozen=True, slots=True)
class RatioFigures:
    """Share ratio with the weeks of each account; `whole` are the terms of all accounts together.

    `open_to_spotlights` are slugs of partners whom the queue would take, the most pressing first;
    they are looked for where an account is short of partner posts.
    """

    scope: Scope
    report: RatioReport
    weeks: Sequence[AccountWeek]
    whole: Terms
    open_to_spotlights: Sequence[str]


@dataclass(frozen=True, slots=True)
class PartnersFigures:
    """Partners, last shared and due, and topics.

    `others_shared` is the number of partners who were shared in the window and are archived.
    """

    scope: Scope
    partners: Sequence[PartnerFigure]
    topics: Sequence[TopicFigure]
    sharing: Sharing
    others_shared: int


@dataclass(frozen=True, slots=True)
class ReciprocityFigures:
    """Given and received by partner, archived ones too; `silent` offered ones have neither."""

    scope: Scope
    partners: Sequence[Reciprocity]
    silent: int
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class FocusFigures:
    """Posts about each partner on the focus list, week by week; names by slug."""

    scope: Scope
    weeks: Sequence[Week]
    posts: Mapping[str, Sequence[int]]
    names: Mapping[str, str]
    sharing: Sharing


@dataclass(frozen=True, slots=True)
class EventsFigures:
    """Steps of events around the moment."""

    scope: Scope
    coverage: EventCoverage


@dataclass(frozen=True, slots=True)
class AmplificationFigures:
    """Three figures by account, that of all accounts last."""

    scope: Scope
    accounts: Sequence[Amplification]


@dataclass(frozen=True, slots=True)
class GateFigures:
    """What became of self posts, why deliveries were held, and what ended without going out."""

    scope: Scope
    accounts: Sequence[AccountGate]
    holds: Sequence[HoldFigure]
    released: "Sequence[ReleasedPost]"
    unsent: "Sequence[UnsentPost]"
    unsent_count: int


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """One partner, for that partner: nothing in it is about anybody else.

    Shares and events that concern or name others have no words and no title. The network of a share
    is empty where its account is gone. `planned` None: nothing is queued about
    them, or the report is of a past moment.
    """

    scope: Scope
    organisation: str
    partner: Partner
    given: Sequence[GivenRow]
    received: Sequence[ReceivedRow]
    measured: Mapping[int, MeasuredPost]
    planned: "Planned | None"
    events: "Sequence[Event]"


@dataclass(frozen=True)
class Reports:
    """Reports of a workspace, in `zone`; `rules` are those of every account by name.

    Each takes its moment, which is aware (None: now), and raises UsageError for one to come.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    rules: "Mapping[str, AccountRules]"
    organisation: "OrganisationRules"
    name: str

    def ratio(self, as_of: datetime | None = None) -> RatioFigures:
        """Share ratio now, or of a past moment by what was known then."""
        now = self.clock.now()
        moment = moment_of(as_of, now, self.zone)
        weeks = last_weeks(moment, self.zone, WEEKS)
        with self.store.read() as unit:
            past = moment if moment < now else None
            since = unit.report_rows.history_since()
            scope = Scope(weeks[0].after, moment, past, since, self.zone)
            terms, floor = terms_then(unit, self.rules, self.organisation, past)
            few = unit.report_rows.count(scope.stretch, MOST_COUNTED) < MOST_COUNTED
            if past is None and not few:
                report = ratio_report(unit, self.rules.values(), self.organisation, moment)
            else:
                report = self._ratio_then(unit, terms, floor, scope)
            targets = {name: each.target for name, each in terms.items()}
            counts = self._weeks(unit, scope, weeks, few=few)
            chosen = self._open_to_spotlights(unit, scope) if report.short else ()
        counted = weeks_of_accounts(counts, targets, weeks)
        return RatioFigures(scope, report, counted, floor, chosen)

    def _open_to_spotlights(self, unit: "Unit", scope: Scope) -> Sequence[str]:
        found = partners_in(unit, scope, unit.partners.all(), (), self.clock.now())
        return sharing_in(unit, scope).open_to_spotlights(each.slug for each in found)

    def _weeks(
        self, unit: "Unit", scope: Scope, weeks: Sequence[Week], *, few: bool
    ) -> Mapping[tuple[str, date], tuple[int, int]]:
        """Others and self by account and week; where there are not few, they are added up there."""
        if few:
            return sums_by_week(unit.report_rows.counted(scope.stretch), weeks)
        return {
            (account, week.monday): (sums.others, sums.self_)
            for week in weeks
            for account, sums in unit.months.sums(
                week.after + INSTANT, week.until, scope.recorded_by
            ).items()
        }

    def _ratio_then(
        self, unit: "Unit", terms: Mapping[str, Terms], floor: Terms, scope: Scope
    ) -> RatioReport:
        windows = [floor.window, QUOTA_WINDOW, *(each.window for each in terms.values())]
        spans = [each.span for each in map(looked_back, windows)]
        longest = max(each for each in spans if each is not None)
        rows = unit.report_rows.counted(scope.last(longest))

        def rows_in(account: str | None, window: Window) -> Sequence[CountedRow]:
            most = looked_back(window).posts
            if most is not None:
                beginning = scope.since(datetime.fromtimestamp(0, tz=scope.as_of.tzinfo))
                return unit.report_rows.latest_counted(beginning, account, most)
            opens = looked_back(window).opens_after(scope.as_of)
            return [
                row
                for row in rows
                if (account is None or row.account == account) and (opens is None or row.at > opens)
            ]

        accounts = {
            name: AccountThen(
                self.rules[name].network,
                each,
                rows_in(name, QUOTA_WINDOW if each.quota is not None else each.window),
            )
            for name, each in terms.items()
        }
        whole = AccountThen("", floor, rows_in(None, floor.window))
        return ratio_then(accounts, whole, scope.as_of)

    def partners(self, as_of: datetime | None = None) -> PartnersFigures:
        """Partners who were offered then, the longest past due first."""
        with self.store.read() as unit:
            scope = self._scope(unit, as_of, GIVEN_WITHIN)
            given = unit.report_rows.given(scope.stretch)
            found = partners_in(unit, scope, unit.partners.all(), given, self.clock.now())
            sharing = sharing_in(unit, scope)
        others = {row.partner for row in given} - {each.slug for each in found}
        return PartnersFigures(scope, found, by_topic(found), sharing, len(others))

    def reciprocity(self, as_of: datetime | None = None) -> ReciprocityFigures:
        """What we gave and what we got, by partner."""
        with self.store.read() as unit:
            scope = self._scope(unit, as_of, GIVEN_WITHIN)
            partners = unit.partners.all()
            offered, _ = offered_in(unit, scope, partners, self.clock.now())
            given = unit.report_rows.given(scope.stretch)
            received = unit.report_rows.received(scope.stretch)
            sharing = sharing_in(unit, scope)
        found = reciprocity(partners, given, received, scope.as_of)
        silent = {each.slug for each in offered} - {each.slug for each in found}
        return ReciprocityFigures(scope, found, len(silent), sharing)

    def focus(self, as_of: datetime | None = None) -> FocusFigures:
        """Posts about partners on the focus list in the last weeks."""
        with self.store.read() as unit:
            weeks = last_weeks(moment_of(as_of, self.clock.now(), self.zone), self.zone, WEEKS)
            scope = self._scope(unit, as_of, weeks[-1].until - weeks[0].after)
            offered, terms = self._offered(unit, scope)
            given = unit.report_rows.given(scope.stretch)
            sharing = sharing_in(unit, scope)
        chosen = {
            each.slug: each.name
            for each in offered
            if terms.get(each.slug, KnownTerms()).list == FOCUS
        }
        posts = weeks_of_partners(given, chosen, weeks)
        return FocusFigures(scope, weeks, posts, chosen, sharing)

    def events(self, as_of: datetime | None = None) -> EventsFigures:
        """Events that start around the moment, and which of their posts went out."""
        with self.store.read() as unit:
            scope = self._scope(unit, as_of, EVENTS_AROUND)
            around = unit.events.between(scope.after, scope.as_of + EVENTS_AROUND, MOST_EVENTS)
            rows = unit.report_rows.steps([each.slug for each in around], scope.as_of)
        return EventsFigures(scope, coverage(around, rows, scope.as_of))

    def amplification(self, as_of: datetime | None = None) -> AmplificationFigures:
        """What we gave, and what came back of our posts, in the last weeks."""
        with self.store.read() as unit:
            scope = self._scope(unit, as_of, timedelta(weeks=WEEKS))
            rows = unit.report_rows.counted(scope.stretch)
            names = {*self.rules, *(row.account for row in rows)}
            measured = unit.report_figures.posts(scope.stretch, names)
            followers = followers_in(unit, scope, names)
        found = amplification(rows, self.rules, measured, followers)
        return AmplificationFigures(scope, found)

    def gate(self, as_of: datetime | None = None) -> GateFigures:
        """What became of self posts, and what was held, released and not sent."""
        with self.store.read() as unit:
            scope = self._scope(unit, as_of, GATE_WITHIN)
            stretch = scope.stretch
            counted = unit.report_rows.counted(stretch)
            holds = unit.report_rows.holds(stretch)
            released = unit.months.released(scope.after, scope.as_of, scope.recorded_by)
            unsent = unit.months.unsent(scope.after, scope.as_of, MOST_UNSENT)
        accounts = by_account(counted, holds, self.rules)
        reasons = by_reason(holds, scope.as_of)
        return GateFigures(scope, accounts, reasons, released, unsent.first, unsent.number)

    def partner(self, slug: str, as_of: datetime | None = None) -> PartnerFigures:
        """What we did for one partner, for them to read; NotFoundError for an unknown slug."""
        with self.store.read() as unit:
            partner = unit.partners.get(slug)
            others = OtherPartners(unit.partners.all(), partner.slug)
            scope = self._scope(unit, as_of, GIVEN_WITHIN)
            given = unit.report_rows.given(scope.stretch, partner.slug)
            received = unit.report_rows.received(scope.stretch, partner.slug)
            measured = unit.report_figures.posts(scope.stretch, {row.account for row in given})
            planned = None
            if scope.known_at is None:
                planned = unit.shares.planned().get(partner.slug)
            events = unit.events.coming_of(partner.slug, scope.as_of, MOST_NEXT)
        about = {row.delivery for row in given}
        theirs = {each: told for each, told in measured.items() if each in about}
        shared = [self._for_reader(row, others) for row in given]
        returned = [
            replace(each, url="") if others.are_named_in(each.url) else each for each in received
        ]
        upcoming = [
            replace(each, title="")
            if len(each.partners) > 1 or others.are_named_in(each.title)
            else each
            for each in events
        ]
        return PartnerFigures(
            scope, self.name, partner, shared, returned, theirs, planned, upcoming
        )

    def _for_reader(self, row: GivenRow, others: OtherPartners) -> GivenRow:
        """Share as its partner may read it: by its network, and without words that name others."""
        rules = self.rules.get(row.account)
        network = row.network if row.delivery is not None else rules.network if rules else ""
        if rules is not None and network == rules.network:
            network = rules.text_network  # by hand and in rehearsals: the one it stands for
        alone = row.alone and not others.are_named_in(row.words)
        url = "" if others.are_named_in(row.url) else row.url
        return replace(row, network=network, alone=alone, words=row.words if alone else "", url=url)

    def _scope(self, unit: "Unit", as_of: datetime | None, span: timedelta) -> Scope:
        return scope_of(unit, self.clock.now(), as_of, span, self.zone)

    def _offered(
        self, unit: "Unit", scope: Scope
    ) -> tuple[Sequence[Partner], Mapping[str, KnownTerms]]:
        return offered_in(unit, scope, unit.partners.all(), self.clock.now())
