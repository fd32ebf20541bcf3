"""Import of an editorial calendar: what a person changed in the sheet is done here, and no more.

Each change is done by the act that people have for it: edit, move, label, queue. All of a sheet is
done, or nothing.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING
from uuid import uuid4
from zoneinfo import ZoneInfo

from crosspromo.domain.campaigns import chosen_campaign
from crosspromo.domain.changes import Change
from crosspromo.domain.clock import Clock
from crosspromo.domain.deliveries import Delivery, waits_for_approval
from crosspromo.domain.editorial import (
    CHANGEABLE,
    CLAIMS,
    COVERED,
    LABELS,
    WHEN,
    WORDS,
    Changed,
    Compared,
    claimed_name,
    compared,
    in_one_line,
)
from crosspromo.domain.errors import CrosspromoError, ImportFailedError
from crosspromo.domain.reasons.not_found import NoSuchDelivery
from crosspromo.domain.reasons.sheets import (
    ApprovalClaimed,
    ChangedSince,
    HeadingNotRead,
    LinkInText,
    NamedTwice,
    NotChangedBySheet,
    RowsDisagree,
    StateNotSet,
    VersionUnread,
)
from crosspromo.intake.encoding import UnreadableFileError
from crosspromo.services.act_on_posts import Joined
from crosspromo.services.acts.labelling import Labels
from crosspromo.services.calendar_rows import Faults, RowRemark, When, when_of
from crosspromo.services.edited_content import Changes
from crosspromo.services.editorial_calendar import cells_of_all
from crosspromo.services.imports import Imported
from crosspromo.services.new_calendar_rows import NewRow, NewRows

if TYPE_CHECKING:
    from crosspromo.domain.policy import Policy
    from crosspromo.intake.calendar_sheet import CalendarSheet, RowOfCalendar
    from crosspromo.services.act_on_delivery import DeliveryActs
    from crosspromo.services.queue_post import PostQueue
    from crosspromo.store.unit import Store, Unit

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowChange:
    """What the import changes in a delivery: its cells before and after.

    `row` is that of the sheet; None: a label of its post was changed in another row, and the sheet
    does not have it.
    """

    row: int | None
    delivery: int
    account: str
    is_new: bool
    cells: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class CalendarImport:
    """Result of an import, real or dry. With errors nothing was written.

    `changes` are in the order of the sheet, and tell what the deliveries say afterwards.
    """

    imported: Imported
    changes: Sequence[RowChange]
    remarks: Sequence[RowRemark]


@dataclass(frozen=True, slots=True)
class _Known:
    """Row of a delivery, with the delivery, its cells as they are now, and what was changed."""

    number: int
    given: Cells
    delivery: Delivery
    now: Cells
    changed: Mapping[str, Changed]


@dataclass(frozen=True)
class CalendarImports:
    """Imports of editorial calendars by a person.

    `acts` are that person's; `queue` queues new posts. `policies` are those of every account.
    """

    store: "Store"
    clock: Clock
    zone: ZoneInfo
    policies: "Mapping[str, Policy]"
    acts: "DeliveryActs"
    queue: "PostQueue"

    def import_(self, data: bytes, source: str, *, dry_run: bool = False) -> CalendarImport:
        """Do what was changed in a workbook; `source` is the file's name.

        All of it is done, or nothing: where a row is refused, the errors of all rows are in the
        result. ImportFailedError for a file that is no calendar. `dry_run`: write nothing.
        """
        sheet = self._read(data, source)
        faults = Faults(sheet.errors)
        for heading in sheet.unread:
            faults.remark(0, HeadingNotRead(heading))
        rows = NewRows(self.store, self.clock, self.zone, self.queue, self.acts.actor)
        added_rows = [each for each in sheet.rows if each.id is None]
        new = rows.asked(added_rows, faults, kept=not dry_run)
        with self.store.write() as unit:
            known = self._known(unit, [each for each in sheet.rows if each.id is not None], faults)
            before = {each.delivery.id: each.now for each in known}
            before |= self._of_same_posts(unit, known)
            self._change(unit, known, faults)
            added = self._add(unit, new, faults)
            after = self._cells(unit, [*before, *added])
            numbers = {each.delivery.id: each.number for each in known}
            changes = _changes(before, after, {**numbers, **added})
            is_done = not (dry_run or faults.errors)
            if is_done:
                self._note(unit, source, changes, faults.remarks)
            else:
                unit.roll_back()
        if is_done and added:
            self._foretell(list(added))
        errors = tuple(sorted(faults.errors, key=lambda error: error.row))
        remarks = sorted(faults.remarks, key=lambda remark: remark.row)
        return CalendarImport(Imported(_counts(changes, known), errors), changes, remarks)

    def _read(self, data: bytes, source: str) -> "CalendarSheet":
        from crosspromo.intake.calendar_sheet import (  # noqa: PLC0415 (slow to import)
            read_calendar_sheet,
        )

        try:
            return read_calendar_sheet(data, self.clock.now(), self.zone)
        except UnreadableFileError as error:
            raise ImportFailedError(source, (error.fault,)) from None

    # -- what was changed ----------------------------------------------------------------------

    def _known(
        self, unit: "Unit", rows: "Sequence[RowOfCalendar]", faults: Faults
    ) -> Sequence[_Known]:
        """Rows of deliveries that are here, each beside its delivery."""
        found, now = self._as_they_are(unit, rows)
        seen: dict[int, int] = {}
        known: list[_Known] = []
        for row in rows:
            number = row.id or 0
            if number not in found:
                faults.refuse(row.number, "id", NoSuchDelivery(number))
            elif number in seen:
                faults.refuse(row.number, "id", NamedTwice(number, seen[number]))
            else:
                seen[number] = row.number
                beside = compared(row.cells, row.cells.get("version", ""), now[number])
                if beside is None:
                    faults.refuse(row.number, "version", VersionUnread(number))
                    continue
                changed = self._allowed(row.number, found[number], beside, faults)
                known.append(_Known(row.number, row.cells, found[number], now[number], changed))
        return known

    def _as_they_are(
        self, unit: "Unit", rows: "Sequence[RowOfCalendar]"
    ) -> tuple[Mapping[int, Delivery], Mapping[int, Cells]]:
        """Deliveries of rows by id, and their cells; those that a row changes are locked."""
        found = {each.id: each for each in unit.deliveries.named([each.id or 0 for each in rows])}
        now = dict(cells_of_all(unit, self.policies, self.zone, list(found.values())))
        touched = [
            row.id for row in rows if row.id in found and _is_touched(row.cells, now[row.id])
        ]
        locked = unit.deliveries.locked(list(dict.fromkeys(touched)))
        found |= {each.id: each for each in locked}
        now |= cells_of_all(unit, self.policies, self.zone, locked)
        return found, now

    def _allowed(
        self, row: int, delivery: Delivery, beside: Compared, faults: Faults
    ) -> Mapping[str, Changed]:
        """What a row changes and a sheet may change, by column; the rest is told."""
        claims = {each.column: each.given for each in beside.changed if each.column in CLAIMS}
        asks = {each.column: each for each in beside.changed if each.column not in CLAIMS}
        if claims:
            _tell_claim(row, delivery, claims, faults)
        if not asks:
            return {}
        for each in beside.since:
            faults.refuse(row, each.column, ChangedSince(delivery.id, each.now, each.given))
        for column, each in asks.items():
            if column not in CHANGEABLE:
                faults.refuse(row, column, NotChangedBySheet(each.now))
        if beside.since:
            return {}
        return {column: each for column, each in asks.items() if column in CHANGEABLE}

    def _of_same_posts(self, unit: "Unit", known: Sequence[_Known]) -> Mapping[int, Cells]:
        """Cells of deliveries that no row has, of posts whose labels change."""
        posts = {each.delivery.post for each in known if set(LABELS) & each.changed.keys()}
        if not posts:
            return {}
        here = {each.delivery.id for each in known}
        of_posts = unit.deliveries.of_posts(posts).values()
        others = [each for found in of_posts for each in found if each.id not in here]
        return cells_of_all(unit, self.policies, self.zone, others)

    # -- doing it ------------------------------------------------------------------------------

    def _change(self, unit: "Unit", known: Sequence[_Known], faults: Faults) -> None:
        """Edit, move and label deliveries, each by the act that people have for it."""
        acts = replace(self.acts, store=Joined(unit), group=uuid4().hex)
        rows = {each.delivery.id: each for each in known}
        edits = {}
        for each in known:
            changes = _edit_of(each, faults)
            if changes is not None:
                edits[each.delivery.id] = changes

        def refused(delivery: int, error: CrosspromoError) -> None:
            column = next(each for each in WORDS if each in rows[delivery].changed)
            faults.catch(rows[delivery].number, column, error)

        acts.edit_those_allowed(edits, refused)
        for each in known:
            column = next((column for column in WHEN if column in each.changed), None)
            if column is not None:
                cells = {name: each.given.get(name, each.now[name]) for name in WHEN}
                when = when_of(each.number, cells, self.zone, faults)
                if when is not None and not _is_due_then(each.delivery, when):
                    move = partial(acts.move, each.delivery.id, when.at)
                    _attempt(move, each.number, column, faults)
        for column in LABELS:
            _label(acts, [each for each in known if column in each.changed], column, faults)

    def _add(self, unit: "Unit", new: Sequence[NewRow], faults: Faults) -> Mapping[int, int]:
        """Queue the posts of new rows: rows by the ids of their deliveries."""
        added: dict[int, int] = {}
        now = self.clock.now()
        for each in new:

            def queue(row: NewRow = each) -> None:
                for view in self.queue.queue_in(unit, [row.asked], now):
                    added[view.delivery.id] = row.number
                    if row.note:
                        unit.posts.set_note(view.delivery.post, row.note)

            _attempt(queue, each.number, "text", faults)
        return added

    def _cells(self, unit: "Unit", ids: Sequence[int]) -> Mapping[int, Cells]:
        return cells_of_all(unit, self.policies, self.zone, unit.deliveries.named(ids))

    def _note(
        self,
        unit: "Unit",
        source: str,
        changes: Sequence[RowChange],
        remarks: Sequence[RowRemark],
    ) -> None:
        """Write the import into the audit log, and whom the sheet says to have approved."""
        now, actor = self.clock.now(), self.acts.known_as or self.acts.actor
        if changes:
            new = sum(each.is_new for each in changes)
            summary = f"{new} new, {len(changes) - new} updated"
            unit.audit.add(now, actor, "import calendar", PurePath(source).name, summary)
        for each in remarks:
            if isinstance(each.remark, ApprovalClaimed) and each.remark.asked:
                subject = f"delivery {each.remark.delivery}"
                who = f"the sheet names {each.remark.name or 'nobody'}"
                unit.audit.add(now, actor, "ask to approve", subject, who)

    def _foretell(self, ids: Sequence[int]) -> None:
        """Have it foretold what becomes of new deliveries, as after any queueing."""
        if self.queue.forecasting is None:
            return
        with self.store.read() as unit:
            deliveries = unit.deliveries.named(ids)
        self.queue.forecasting.after_queueing(deliveries)


def _is_touched(given: Cells, now: Cells) -> bool:
    """Whether a row says something else than the delivery, so that it may have been changed."""
    return any(column in given and given[column] != now[column] for column in COVERED)


def _is_due_then(delivery: Delivery, when: When) -> bool:
    """Whether another way to write a time means the one that the delivery has."""
    due_at = delivery.due_at.replace(second=0, microsecond=0)
    return when.at == due_at and not delivery.waits_to_be_allowed


def _attempt(act: Callable[[], None], row: int, column: str, faults: Faults) -> None:
    """Do an act, or take down why it is refused."""
    try:
        act()
    except CrosspromoError as error:
        faults.catch(row, column, error)


def _tell_claim(row: int, delivery: Delivery, claims: Mapping[str, str], faults: Faults) -> None:
    """Remark on what a sheet says of state and approver."""
    state, approver = claims.get("state", ""), claims.get("approver", "")
    name = claimed_name(state, approver)
    if name is not None:
        faults.remark(row, ApprovalClaimed(delivery.id, name, waits_for_approval(delivery)))
    elif state:
        faults.remark(row, StateNotSet(delivery.id, state))


def _edit_of(known: _Known, faults: Faults) -> Changes | None:
    """Changes of what a delivery says, as its row asks for; None: none, or a fault."""
    given = {column: each.given for column, each in known.changed.items() if column in WORDS}
    if "link" in given and not given["link"]:
        if "text" not in given:
            faults.refuse(known.number, "link", LinkInText())
            return None
        del given["link"]  # the link follows the text
    if not given:
        return None
    delivery = known.delivery
    return Changes(
        text=given.get("text"),
        link=given.get("link"),
        alts=_alts(delivery, given["alt"]) if "alt" in given else None,
        seen=delivery.content.fingerprint(delivery.account),
    )


def _alts(delivery: Delivery, cell: str) -> tuple[str, ...]:
    """Alt texts of a cell; one that stays keeps its lines."""
    kept = {in_one_line(image.alt): image.alt for image in delivery.content.images}
    lines = [in_one_line(line) for line in cell.split("\n")] if cell else []
    return tuple(kept.get(line, line) for line in lines)


def _label(acts: "DeliveryActs", rows: Sequence[_Known], column: str, faults: Faults) -> None:
    """Change the campaigns, or the notes, of posts; rows of one post have to agree."""
    first: dict[int, _Known] = {}
    for each in rows:
        given = each.changed[column].given
        leading = first.setdefault(each.delivery.post, each)
        if leading is not each:
            if leading.changed[column].given != given:
                faults.refuse(each.number, column, RowsDisagree(leading.number))
            continue
        labels = Labels(note=given)
        if column == "campaign":
            labels = Labels(campaign=chosen_campaign(given) or "")
        _attempt(partial(acts.label, each.delivery.id, labels), each.number, column, faults)


def _changes(
    before: Mapping[int, Cells], after: Mapping[int, Cells], rows: Mapping[int, int]
) -> Sequence[RowChange]:
    """Deliveries whose cells differ, and new ones, in the order of the sheet."""
    found = []
    for number, cells in after.items():
        was = before.get(number)
        old = dict.fromkeys(COVERED, "") if was is None else was
        differing = [
            (column, old[column], cells[column])
            for column in COVERED
            if old[column] != cells[column]
        ]
        if differing:
            row = rows.get(number)
            found.append(RowChange(row, number, cells["account"], was is None, differing))
    return sorted(found, key=lambda it: (it.row is None, it.row or 0, it.delivery))


def _counts(changes: Sequence[RowChange], known: Sequence[_Known]) -> Mapping[Change, int]:
    """Numbers of new and changed deliveries, and of rows that changed nothing."""
    counts = Counter(Change.NEW if each.is_new else Change.UPDATED for each in changes)
    of_rows = sum(not each.is_new and each.row is not None for each in changes)
    counts[Change.UNCHANGED] = len(known) - of_rows
    return counts
