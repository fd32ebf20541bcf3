"""JSON documents on which other programs build: the keys are a contract."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # documents only read values and need no module
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from crosspromo.domain.audit import AuditEntry
    from crosspromo.domain.calendar import Entry
    from crosspromo.domain.deliveries import Delivery, PastHold
    from crosspromo.domain.errors import CrosspromoError, ImportFailedError, UnmappedError
    from crosspromo.domain.events import Event
    from crosspromo.domain.forecasts import Forecast
    from crosspromo.domain.ledger import LedgerRow
    from crosspromo.domain.matters import Matter
    from crosspromo.domain.partner_rows import PartnerChange
    from crosspromo.domain.partners import Partner
    from crosspromo.domain.pauses import Pause
    from crosspromo.domain.people import OneTimeLink, Person
    from crosspromo.domain.reasons.notes import Note
    from crosspromo.domain.workers import Worker
    from crosspromo.phrasing.mends import Mend
    from crosspromo.publishing.results import Disposition
    from crosspromo.rendering.preview import Preview
    from crosspromo.rendering.templates import Choice
    from crosspromo.reports.balances import Balances
    from crosspromo.reports.month import AccountMonth
    from crosspromo.reports.ratio import AccountStanding, OrganisationStanding, RatioReport
    from crosspromo.services.accounts import ListedAccount, VerifiedAccount
    from crosspromo.services.archive_partners import Archived
    from crosspromo.services.calendar import Calendar
    from crosspromo.services.change_event import EditedEvent, ImportedEvents
    from crosspromo.services.delivery_view import DeliveryView
    from crosspromo.services.event_consequences import Consequences
    from crosspromo.services.examine import Finding
    from crosspromo.services.explanation import Explanation
    from crosspromo.services.finding import Found
    from crosspromo.services.import_partners import PartnerImport, PartnerUndo
    from crosspromo.services.imports import Imported
    from crosspromo.services.look_for import Sought
    from crosspromo.services.month_report import ReportOfMonth
    from crosspromo.services.networks import BrokenNetwork, InstalledNetwork
    from crosspromo.services.notify import Trial
    from crosspromo.services.outdated_posts import OutdatedPost
    from crosspromo.services.partner_view import PartnerStanding
    from crosspromo.services.partners import EditedPartner
    from crosspromo.services.play.rehearsal import Rehearsal
    from crosspromo.services.queue_post import QueuedDelivery
    from crosspromo.services.restore import Restored
    from crosspromo.services.sign_off_links import AskedPartner, MadeLink
    from crosspromo.services.status import Remaining, StatusReport
    from crosspromo.services.templates import CheckedTemplate
    from crosspromo.text.entities import Entity


def of_delivery(view: "DeliveryView", zone: "ZoneInfo") -> dict[str, Any]:
    """A delivery as JSON. Times are UTC, times within sentences in `zone`.

    `cost` is in US dollars or null; `approved` null: no approval is asked.
    """
    delivery = view.delivery
    return {
        "id": delivery.id,
        "post": delivery.post,
        "account": delivery.account,
        "network": delivery.network,
        "kind": delivery.kind.value,
        "state": delivery.state.value,
        "credit": delivery.credit.value,
        "partners": list(delivery.partners),
        "event": delivery.event,
        "title": delivery.content.title,
        "text": delivery.content.text,
        "link": delivery.content.link,
        "due_at": delivery.due_at,
        "published_at": delivery.published_at,
        "remote_id": delivery.remote_id,
        "url": delivery.url,
        "hold": _of_hold(delivery, zone),
        "error": _of_fault(delivery, zone),
        "attempts": delivery.attempt,
        "approved": view.approval.approved,
        "cost": delivery.cost,
        "campaign": delivery.campaign,
        "note": delivery.note,
        "tone": delivery.effective_tone.value,
        "step": delivery.step,
        "forecast": of_forecast(view.forecast, delivery.account, zone),
        "planned": delivery.planned,
    }


def of_forecast(
    forecast: "Forecast | None", account: str, zone: "ZoneInfo"
) -> dict[str, Any] | None:
    """A forecast as JSON. `at` null: the delivery should not go out; `reason` says why.

    `reason` of a forecast that is not certain names what it hangs on.
    """
    if forecast is None:
        return None
    from crosspromo.phrasing import forecasts  # noqa: PLC0415 (many deliveries have none)

    return {
        "at": forecast.goes_at,
        "certain": forecast.certain,
        "reason": forecasts.reason_of(forecast, account, zone),
    }


def of_shown_delivery(view: "DeliveryView", zone: "ZoneInfo") -> dict[str, Any]:
    """A delivery as JSON, with its history of holds."""
    holds = of_holds(view.holds, view.delivery.account, zone)
    return {**of_delivery(view, zone), "holds": holds}


def of_holds(holds: "Sequence[PastHold]", account: str, zone: "ZoneInfo") -> "list[dict[str, Any]]":
    """Holds of a delivery on the account as JSON; `ended_at` null: the hold lasts.

    The reason has the numbers of the beginning.
    """
    if not holds:
        return []
    from crosspromo.phrasing.holds import of_hold  # noqa: PLC0415 (most deliveries are never held)

    return [
        {
            "code": hold.code,
            "reason": of_hold(hold.reason, None, account, zone),
            "since": hold.since,
            "ended_at": hold.ended_at,
        }
        for hold in holds
    ]


def _of_hold(delivery: "Delivery", zone: "ZoneInfo") -> dict[str, Any] | None:
    note = delivery.hold
    if note is None:
        return None
    from crosspromo.phrasing import holds, mends  # noqa: PLC0415 (most deliveries are not held)

    return {
        "code": note.code,
        "reason": holds.of_hold(note.reason, note.until, delivery.account, zone),
        "until": note.until,
        "mend": of_mend(mends.of_hold(note.reason, delivery)),
    }


def _of_fault(delivery: "Delivery", zone: "ZoneInfo") -> dict[str, Any] | None:
    fault = delivery.fault
    if fault is None:
        return None
    from crosspromo.phrasing import faults, mends  # noqa: PLC0415 (most deliveries have no fault)

    return {
        "code": fault.code,
        "message": faults.of_fault(fault.reason, delivery.account, zone),
        "mend": of_mend(mends.of_fault(fault.reason, delivery)),
    }


def of_mend(mend: "Mend | None") -> dict[str, Any] | None:
    """A mend as JSON: the act and its arguments; null without a mend."""
    if mend is None:
        return None
    from crosspromo.phrasing.mends import ACTS  # noqa: PLC0415 (loaded with any mend)

    return {"act": ACTS[type(mend)], **mend._asdict()}


def of_queued(queued: "QueuedDelivery", zone: "ZoneInfo") -> dict[str, Any]:
    """A newly queued delivery as JSON, with `notes`: changes of its images, and its time."""
    images = [{"code": "image", "reason": text, "mend": None} for text in queued.notices]
    account = queued.view.delivery.account
    about_time = [of_note(note, account, zone) for note in queued.notes]
    return {**of_delivery(queued.view, zone), "notes": images + about_time}


def of_note(note: "Note", account: str, zone: "ZoneInfo") -> dict[str, Any]:
    """A note on the time of a delivery of the account as JSON: code, sentence and mend."""
    from crosspromo.domain.reasons.notes import code_of  # noqa: PLC0415 (seldom needed)
    from crosspromo.phrasing import notes  # noqa: PLC0415 (likewise)

    return {
        "code": code_of(note),
        "reason": notes.of_note(note, account, zone),
        "mend": of_mend(notes.mend_of(note)),
    }


def of_explanation(explanation: "Explanation", zone: "ZoneInfo") -> dict[str, Any]:
    """An explanation as JSON; `numbers` are the gate's counts and targets."""
    from crosspromo.phrasing import explanations, mends  # noqa: PLC0415 (lists need neither)

    delivery, release = explanation.delivery, explanation.release
    checks = [
        (check.name, *explanations.of_check(check, delivery.account, zone))
        for check in explanation.checks
    ]
    return {
        "id": delivery.id,
        "state": delivery.state.value,
        "sentence": explanations.of_explanation(explanation, zone),
        "mend": of_mend(mends.of_explanation(explanation)),
        "checks": [
            {"check": name, "verdict": verdict, "sentence": sentence}
            for name, verdict, sentence in checks
        ],
        "numbers": explanation.numbers,
        "rows": [
            {
                "account": row.account,
                "at": row.at,
                "others": row.others,
                "self": row.self_,
                "why": row.why,
                "delivery": row.delivery,
                "text": row.text,
            }
            for row in explanation.rows
        ],
        "release": None
        if release is None
        else {
            "posts_needed": release.posts_needed,
            "at": release.at,
            "ready": [{"partner": partner, "last": last} for partner, last in release.ready],
        },
        "holds": of_holds(explanation.holds, delivery.account, zone),
        "forecast": of_forecast(explanation.forecast, delivery.account, zone),
    }


def of_rehearsal(rehearsal: "Rehearsal", zone: "ZoneInfo") -> dict[str, Any]:
    """A rehearsal as JSON. `delivery` null: the post is queued for the rehearsal only, and
    `also` is its number among those.

    `week` is the Monday of a calendar week; `headroom` at the end of a day or a week null: nothing
    limits self posts.
    """
    from datetime import timedelta  # noqa: PLC0415 (only rehearsals need it)

    from crosspromo.phrasing import rehearsals  # noqa: PLC0415 (likewise)

    return {
        "from": rehearsal.begins,
        "to": rehearsal.ends,
        "steps": [
            {
                "at": each.step.at,
                "delivery": each.step.delivery if each.new is None else None,
                "also": None if each.new is None else each.new.number,
                "account": each.step.account,
                "outcome": each.step.outcome.value,
                "reason": rehearsals.reason_of_step(each.step, zone),
                "until": each.step.until,
                "certain": each.uncertainty is None,
                "hangs_on": rehearsals.doubt_of(each),
            }
            for each in rehearsal.steps
        ],
        "days": [
            {"account": row.account, "day": row.day, "headroom": row.headroom}
            for row in rehearsal.days
        ],
        "weeks": [
            {
                "account": row.account,
                "week": row.day - timedelta(days=row.day.weekday()),
                "others": row.tally.others,
                "self": row.tally.self_,
                "headroom": row.headroom,
            }
            for row in rehearsal.weeks
        ],
        "cost": rehearsal.cost,
    }


def of_matter(matter: "Matter", zone: "ZoneInfo") -> dict[str, Any]:
    """A matter as JSON: code, delivery, account, since when, sentence and mend."""
    from crosspromo.phrasing import matters  # noqa: PLC0415 (seldom needed)

    return {
        "code": matter.code,
        "delivery": matter.delivery,
        "account": matter.account,
        "since": matter.since,
        "reason": matters.of_matter(matter, zone),
        "mend": of_mend(matters.mend_of(matter)),
    }


def of_daemons(daemons: "Sequence[Worker]") -> dict[str, Any]:
    """Daemons as JSON: whether one is alive, its last heartbeat, and all that run."""
    return {
        "alive": bool(daemons),
        "seen_at": daemons[0].seen_at if daemons else None,
        "running": [
            {
                "name": daemon.name,
                "host": daemon.host,
                "started_at": daemon.started_at,
                "seen_at": daemon.seen_at,
            }
            for daemon in daemons
        ],
    }


def of_machine(report: "StatusReport", zone: "ZoneInfo") -> dict[str, Any]:
    """The machine's status as JSON, for monitoring: daemon, disk and clock, without posts."""
    return {
        "daemon": of_daemons(report.daemons),
        "needs_person": [of_matter(matter, zone) for matter in report.machine],
        "ok": report.machine_is_well,
    }


def of_status(report: "StatusReport", zone: "ZoneInfo") -> dict[str, Any]:
    """The workspace status as JSON; `ok` false: something needs a person."""
    from crosspromo.domain.states import State  # noqa: PLC0415 (loaded with any report)

    return {
        "daemon": of_daemons(report.daemons),
        "states": {state.value: report.counts.get(state, 0) for state in State},
        "held": report.held,
        "unknown": [delivery.id for delivery in report.unknown],
        "needs_person": [of_matter(matter, zone) for matter in report.matters],
        "accounts": report.faults,
        "resting": report.resting,
        "paused": [of_pause(pause) for pause in report.pauses],
        "oldest_overdue": report.overdue,
        "next": [
            {
                "delivery": view.delivery.id,
                "account": view.delivery.account,
                "due_at": view.delivery.due_at,
                "forecast": of_forecast(view.forecast, view.delivery.account, zone),
            }
            for view in report.next
        ],
        "ok": not report.needs_person,
    }


def of_run(
    steps: "Mapping[Disposition, int]", reconciled: int, remaining: "Remaining"
) -> dict[str, Any]:
    """A run's results as JSON.

    `held`, `postponed` and `unknown` count the deliveries left at its end.
    """
    from crosspromo.publishing.results import Disposition  # noqa: PLC0415 (loaded by any run)

    postponed = remaining.postponed
    return {
        "published": steps.get(Disposition.PUBLISHED, 0),
        "held": len(remaining.held),
        "postponed": len(postponed.deliveries) + postponed.earlier,
        "failed": steps.get(Disposition.FAILED, 0),
        "unknown": remaining.unknown,
        "missed": steps.get(Disposition.MISSED, 0),
        "expired": steps.get(Disposition.EXPIRED, 0),
        "reconciled": reconciled,
    }


def of_import(imported: "Imported", zone: "ZoneInfo") -> dict[str, Any]:
    """An import's results as JSON: number of records by change, and errors of rows left out."""
    from crosspromo.domain.changes import Change  # noqa: PLC0415 (loaded by any import)
    from crosspromo.phrasing.errors import problem_of  # noqa: PLC0415 (likewise)

    return {
        **{change.value: imported.changes.get(change, 0) for change in Change},
        "errors": [
            {"row": error.row, "column": error.column, "message": problem_of(error, zone)}
            for error in imported.errors
        ],
    }


def of_partner_import(imported: "PartnerImport", zone: "ZoneInfo") -> dict[str, Any]:
    """A partner import as JSON: counts and errors, changes by field, and what headings mean.

    For a dry run, these are the changes that would follow; `import` is what undoes a real one.
    """
    from crosspromo.phrasing.errors import problem_of  # noqa: PLC0415 (loaded by any import)

    return {
        **of_import(imported.imported, zone),
        "warnings": [
            {"row": each.row, "column": each.column, "message": problem_of(each, zone)}
            for each in imported.warnings
        ],
        "changes": [of_partner_change(change) for change in imported.changes],
        "mapping": dict(imported.taken_as),
        "proposed": {},
        "notes": list(imported.noted),
        "import": imported.number,
        "outdated": of_outdated(imported.outdated),
        "duplicates": [
            {"partner": each.partner, "other": each.other, "by": list(each.by)}
            for each in imported.duplicates
        ],
    }


def of_outdated(outdated: "Sequence[OutdatedPost]") -> list[dict[str, Any]]:
    """Posts that wait and say what a partner was before, as JSON."""
    return [
        {"delivery": each.delivery, "partner": each.partner, "fields": list(each.fields)}
        for each in outdated
    ]


def of_failed_partner_import(
    error: "ImportFailedError | UnmappedError", zone: "ZoneInfo"
) -> dict[str, Any]:
    """A partner import that wrote nothing, as JSON; `proposed` is what a person may accept."""
    from crosspromo.domain.errors import ImportFailedError, RowError  # noqa: PLC0415 (seldom needed)
    from crosspromo.domain.reasons.inputs import HeadingsProposed  # noqa: PLC0415 (seldom needed)
    from crosspromo.services.import_partners import PartnerImport  # noqa: PLC0415 (seldom needed)
    from crosspromo.services.imports import Imported  # noqa: PLC0415 (seldom needed)

    if isinstance(error, ImportFailedError):
        return of_partner_import(PartnerImport(Imported({}, error.errors), (), (), (), ()), zone)
    reason = error.reason
    faults = (RowError(0, "headings", reason),)
    document = of_partner_import(PartnerImport(Imported({}, faults), (), (), (), ()), zone)
    if isinstance(reason, HeadingsProposed):
        document |= {"proposed": dict(reason.proposals), "notes": list(reason.noted)}
    return document


def of_partner_change(change: "PartnerChange") -> dict[str, Any]:
    """Changed fields of a partner as JSON; a value is null where there is none."""
    return {
        "partner": change.partner,
        "new": change.is_new,
        "fields": [each._asdict() for each in change.fields],
    }


def of_partner_undo(undo: "PartnerUndo") -> dict[str, Any]:
    """An undone import as JSON: changes back, and what could not be taken back."""
    return {
        "import": undo.undone.number,
        "restored": [of_partner_change(change) for change in undo.restored],
        "removed": list(undo.removed),
        "archived": list(undo.archived),
        "kept": [{"partner": partner, "field": field} for partner, field in undo.kept],
        "outdated": of_outdated(undo.outdated),
    }


def of_archived(archived: "Sequence[Archived]") -> dict[str, Any]:
    """Partners that were archived or offered again, as JSON, with deliveries still to go out."""
    return {
        "partners": [
            {
                "partner": each.partner,
                "changed": each.changed,
                "waiting": list(each.waiting),
                "events": list(each.events),
            }
            for each in archived
        ]
    }


def of_imported_events(
    imported: "ImportedEvents", zone: "ZoneInfo", *, dry_run: bool
) -> dict[str, Any]:
    """An event import's results as JSON: changes, what is left out, and effects on the queue.

    For a dry run (`dry_run` true), these are the changes and effects that would follow.
    """
    return {
        **of_import(imported.imported, zone),
        "left_out": [
            {
                "row": each.row,
                "event": each.event,
                "code": each.why.value,
                "kept": each.kept or None,
            }
            for each in imported.left_out
        ],
        "consequences": of_consequences(imported.consequences, zone),
        "dry_run": dry_run,
    }


def of_edited_event(edited: "EditedEvent", zone: "ZoneInfo", *, dry_run: bool) -> dict[str, Any]:
    """An event after an edit as JSON, with the effects on the queue; `dry_run` as above."""
    return {
        **of_event(edited.event),
        "consequences": of_consequences(edited.consequences, zone),
        "dry_run": dry_run,
    }


def of_consequences(consequences: "Consequences", zone: "ZoneInfo") -> dict[str, Any]:
    """Effects of an event change as JSON: delivery ids, and accounts without a correction.

    `renewals` has the time of each draft or queued delivery that was renewed, also of those in
    `set_aside`; null: it goes when it is allowed.
    """
    from crosspromo.phrasing.refusals import of_refusal  # noqa: PLC0415 (seldom needed)

    return {
        "cancelled": list(consequences.cancelled),
        "renewed": list(consequences.renewed),
        "renewals": [
            {
                "delivery": each.delivery,
                "account": each.account,
                "step": each.step,
                "due_at": each.due_at,
                "moved": each.moved,
                "void_approvals": each.signatures,
                "notes": [of_note(note, each.account, zone) for note in each.silences],
            }
            for each in consequences.renewals
        ],
        "set_aside": [
            {
                "delivery": each.delivery,
                "code": each.reason.why.value,
                "changed": [part.value for part in each.reason.parts],
                "would_say": each.reason.would_say or None,
            }
            for each in consequences.set_aside
        ],
        "drafted": list(consequences.drafted),
        "withdrawn": list(consequences.withdrawn),
        "uncorrected": [
            {"account": each.account, "reason": of_refusal(each.reason, zone)}
            for each in consequences.uncorrected
        ],
        "on_again": [
            {
                "event": each.event,
                "cancelled": list(each.cancelled),
            }
            for each in consequences.on_again
        ],
    }


def of_ledger_row(row: "LedgerRow") -> dict[str, Any]:
    """A ledger row as JSON: columns, times and reason; `taken_back_at` null: the row counts."""
    return {
        "at": row.at,
        "account": row.account,
        "others": row.others,
        "self": row.self_,
        "origin": row.origin.value,
        "why": row.why,
        "delivery": row.delivery,
        "partner": row.partner,
        "text": row.text,
        "url": row.url,
        "remote_id": row.remote_id,
        "recorded_at": row.recorded_at,
        "taken_back_at": row.taken_back_at,
    }


def of_audit_entry(entry: "AuditEntry") -> dict[str, Any]:
    """An audit log entry as JSON: person, act, subject, time and reason."""
    return {
        "at": entry.at,
        "who": entry.who,
        "act": entry.act,
        "subject": entry.subject,
        "reason": entry.reason,
    }


def of_pause(pause: "Pause") -> dict[str, Any]:
    """A pause as JSON; `account` null: a pause over everything."""
    return {
        "account": pause.account,
        "who": pause.who,
        "since": pause.at,
        "reason": pause.reason,
    }


def of_partner(partner: "Partner") -> dict[str, Any]:
    """A partner as JSON: the columns of the export, and all other fields."""
    return {
        "slug": partner.slug,
        "name": partner.name,
        "kind": partner.kind,
        "list": partner.list,
        "closeness": partner.closeness,
        "tier": partner.tier,
        "why": partner.why,
        "website": partner.website,
        "handles": dict(partner.handles),
        "topics": list(partner.topics),
        "tag_ok": partner.tag_ok,
        "status": partner.status,
        "notes": dict(partner.notes),
        "archived_at": partner.archived_at,
        "owner": partner.owner,
        "support": partner.support,
        "goals": list(partner.goals),
        "languages": list(partner.languages),
        "needs": list(partner.needs),
        "offers": list(partner.offers),
        "cadence_days": partner.cadence_days,
        "most_posts": partner.most_posts,
        "most_posts_days": partner.most_posts_days,
        "notice_hours": partner.notice_hours,
    }


def of_partner_standing(standing: "PartnerStanding") -> dict[str, Any]:
    """A partner as JSON, with the shares that we gave; null times: never, and nothing queued."""
    planned = standing.planned
    return {
        **of_partner(standing.partner),
        "signs_off": standing.signs_off,
        "given": standing.given,
        "last_shared_at": standing.last_shared_at,
        "queued": 0 if planned is None else planned.posts,
        "next_at": None if planned is None else planned.next_at,
    }


def of_announcing(delivery: "Delivery") -> dict[str, Any]:
    """A delivery about a partner or an event as JSON: where and when, and its state."""
    return {
        "id": delivery.id,
        "post": delivery.post,
        "account": delivery.account,
        "state": delivery.state.value,
        "credit": delivery.credit.value,
        "due_at": delivery.due_at,
        "published_at": delivery.published_at,
        "url": delivery.url,
    }


def of_person(person: "Person") -> dict[str, Any]:
    """A person who may sign in as JSON; `invited` true: no password was chosen yet."""
    return {
        "name": person.name,
        "role": person.role.value,
        "mail": person.mail,
        "invited": not person.has_password,
        "second_step": person.has_second_step,
        "sessions": person.sessions,
        "added_at": person.added_at,
    }


def of_one_time_link(link: "OneTimeLink", address: str | None) -> dict[str, Any]:
    """A new one-time link as JSON; `link` null: it was mailed."""
    return {
        "person": of_person(link.person),
        "purpose": link.purpose.value,
        "link": address,
        "mailed_to": link.person.mail if address is None else None,
        "ends_at": link.ends_at,
    }


def of_made_link(made: "MadeLink", address: str) -> dict[str, Any]:
    """A new sign-off link as JSON, the only time that its address is shown."""
    return {
        "post": made.link.post,
        "partner": made.link.partner,
        "link": address,
        "ends_at": made.ends_at,
    }


def of_asked_partner(asked: "AskedPartner") -> dict[str, Any]:
    """A partner whose sign-off is asked as JSON, with the answer by link; `link` null: none."""
    link = asked.link
    return {
        "partner": asked.slug,
        "signed": asked.has_signed,
        "link": None
        if link is None
        else {
            "made_at": link.made_at,
            "made_by": link.made_by,
            "ends_at": asked.ends_at,
            "answer": None if link.answer is None else link.answer.value,
            "answered_at": link.answered_at,
            "words": link.words or None,
            "current": asked.is_current,
        },
    }


def of_edited_partner(edited: "EditedPartner") -> dict[str, Any]:
    """A partner after an edit as JSON, with the posts that wait and say what was before."""
    return {**of_partner(edited.partner), "outdated": of_outdated(edited.outdated)}


def of_event(event: "Event") -> dict[str, Any]:
    """An event as JSON. Times are UTC; people read them in `zone`."""
    return {
        "slug": event.slug,
        "title": event.title,
        "starts_at": event.starts_at,
        "ends_at": event.ends_at,
        "zone": event.zone,
        "all_day": event.all_day,
        "cancelled": event.cancelled,
        "location": event.location,
        "url": event.url,
        "description": event.description,
        "hosting": event.hosting.value,
        "partners": list(event.partners),
        "uid": event.uid,
        "recurrence": event.recurrence,
        "campaign": event.campaign,
        "image": None
        if event.image is None
        else {"path": event.image.path, "alt": event.image.alt},
    }


def of_preview(shown: "Preview", zone: "ZoneInfo") -> dict[str, Any]:
    """A preview as JSON; `posts` lists all posts.

    The other keys of a post (such as `text`, `length` and `fits`) are those of the first post.
    """
    posts = [
        {
            "text": post.text,
            "length": post.length,
            "limit": post.limit,
            "fits": post.fits,
            "entities": [of_entity(entity) for entity in post.entities],
        }
        for post in shown.posts
    ]
    return {
        "account": shown.account,
        "network": shown.network,
        "title": shown.title,
        **posts[0],
        "posts": posts,
        "dropped": list(shown.dropped),
        "card": shown.card,
        "images": [{"path": image.path, "alt": image.alt} for image in shown.images],
        "reposts": shown.reposts,
        "cost": shown.cost,
        "notes": [of_note(note, shown.account, zone) for note in shown.notes],
    }


def of_entity(entity: "Entity") -> dict[str, Any]:
    """A link, mention or hashtag as JSON.

    `start` and `end` count code points, `byte_start` and `byte_end` bytes of UTF-8.
    """
    return {
        "type": entity.type,
        "text": entity.text,
        "start": entity.start,
        "end": entity.end,
        "byte_start": entity.byte_start,
        "byte_end": entity.byte_end,
    }


def of_account(listed: "ListedAccount", zone: "ZoneInfo") -> dict[str, Any]:
    """An account as JSON; `target` null: no ratio; `min_gap` and `max_per_day` null: no limit.

    `presets` lists the keys whose values come from the network's presets. `paused` is a sentence
    about the pause, times in `zone`; null without a pause.
    """
    from crosspromo.domain.timing import written_duration  # noqa: PLC0415 (loaded already)

    rules, policy = listed.rules, listed.rules.policy
    return {
        "account": rules.name,
        "network": rules.network,
        "imitates": None if rules.text_network == rules.network else rules.text_network,
        "policy": policy.kind,
        "target": None if policy.target is None else str(policy.target),
        "quota": policy.quota,
        "window": str(policy.window),
        "slots": len(policy.slots),
        "min_gap": None if policy.min_gap is None else written_duration(policy.min_gap),
        "max_per_day": policy.max_per_day,
        "presets": sorted(policy.presets),
        "fault": listed.fault,
        "paused": _of_pause_in_words(listed.pause, zone),
    }


def _of_pause_in_words(pause: "Pause | None", zone: "ZoneInfo") -> str | None:
    if pause is None:
        return None
    from crosspromo.phrasing import words  # noqa: PLC0415 (most accounts are not paused)

    return words.of_pause(pause, zone)


def of_verified(account: "VerifiedAccount") -> dict[str, Any]:
    """A sign-in result as JSON: the network's name for the account, or an error."""
    return {
        "account": account.account,
        "ok": account.works,
        "as": account.known_as,
        "error": account.fault,
    }


def of_template(choice: "Choice") -> dict[str, Any]:
    """A template choice as JSON: kind of post, network, template name, and file."""
    return {
        "kind": choice.kind.value,
        "network": choice.network,
        "template": choice.name,
        "file": str(choice.path),
    }


def of_checked_template(checked: "CheckedTemplate", zone: "ZoneInfo") -> dict[str, Any]:
    """A template check as JSON; `error` null: the template works.

    `kind` and `network` are null for a template that is used only where it is named.
    """
    return {
        "kind": None if checked.kind is None else checked.kind.value,
        "network": checked.network,
        "template": checked.name,
        "error": None if checked.error is None else _sentence(checked.error, zone),
    }


def of_examination(findings: "Sequence[Finding]", zone: "ZoneInfo") -> dict[str, Any]:
    """An examination as JSON; `fault` null: no fault there; `warnings` are no faults."""
    return {
        "ok": all(finding.error is None for finding in findings),
        "checks": [_of_finding(finding, zone) for finding in findings],
    }


def of_trials(trials: "Sequence[Trial]") -> dict[str, Any]:
    """Tests of the channels as JSON; `error` null: it was told."""
    return {
        "ok": all(trial.error is None for trial in trials),
        "channels": [
            {"channel": trial.channel, "to": trial.target, "error": trial.error} for trial in trials
        ],
    }


def _of_finding(finding: "Finding", zone: "ZoneInfo") -> dict[str, Any]:
    if finding.error is None:
        warnings = [of_note(note, account, zone) for account, note in finding.warnings]
        return {"what": finding.what, "fault": None, "mend": None, "warnings": warnings}
    from crosspromo.phrasing import refusal_mends  # noqa: PLC0415 (findings are mostly faultless)

    return {
        "what": finding.what,
        "fault": _sentence(finding.error, zone),
        "mend": of_mend(refusal_mends.of_finding(finding.error)),
        "warnings": [],
    }


def _sentence(error: "CrosspromoError", zone: "ZoneInfo") -> str:
    from crosspromo.phrasing import errors  # noqa: PLC0415 (only errors need sentences)

    return errors.of_error(error, zone)


def of_network(network: "InstalledNetwork | BrokenNetwork") -> dict[str, Any]:
    """An installed network as JSON, with limits; `ok` false: `error` gives the load failure."""
    from crosspromo.services.networks import BrokenNetwork  # noqa: PLC0415 (loaded already)

    if isinstance(network, BrokenNetwork):
        return {"name": network.name, "ok": False, "error": network.why}
    return {
        "name": network.name,
        "ok": True,
        "limit": network.limit,
        "title_limit": network.title_limit,
        "byte_limit": network.byte_limit,
        "repeatable": network.repeatable,
        "by_hand": network.by_hand,
        "threads": network.threads,
        "images": network.images,
        "image_bytes": network.image_bytes,
        "image_types": list(network.image_types),
        "reposts": network.reposts,
        "quotes": network.quotes,
        "deletes": network.deletes,
        "credentials": [list(keys) for keys in network.credentials],
        "options": list(network.options),
    }


def of_database_check(faults: "Sequence[str]") -> dict[str, Any]:
    """A database check as JSON; an empty list: no faults."""
    return {"faults": list(faults)}


def of_sought(sought: "Sought", zone: "ZoneInfo") -> dict[str, Any]:
    """A queued delivery as JSON, with its network's answer in `look_up`."""
    from crosspromo.domain.outcomes import Absent, Found, Unclear  # noqa: PLC0415 (rare)

    url: str | None = None
    detail: str | None = None
    match sought.answer:
        case Found(receipt):
            result, url = "found", receipt.url
        case Absent():
            result = "absent"
        case Unclear(words):
            result, detail = "unclear", words
        case _:
            result = "not-asked"
    look_up = {"result": result, "url": url, "detail": detail}
    return {**of_delivery(sought.view, zone), "look_up": look_up}


def of_search(found: "Sequence[Sought]", zone: "ZoneInfo") -> dict[str, Any]:
    """A search for queued deliveries as JSON: the overdue ones, and those due later."""
    return {
        "due": [of_sought(each, zone) for each in found if each.overdue],
        "later": [of_sought(each, zone) for each in found if not each.overdue],
    }


def of_restore(
    restored: "Restored", sought: "Sequence[Sought]", zone: "ZoneInfo"
) -> dict[str, Any]:
    """A restored backup as JSON; null: the backup does not tell, or nothing was kept aside."""
    return {
        "made_at": restored.made_at,
        "paused": True,
        **of_search(sought, zone),
        "unsettled": list(restored.unsettled),
        "sign_in": list(restored.sign_in),
        "files": restored.files,
        "keys": restored.keys,
        "kept_aside": None if restored.aside is None else str(restored.aside),
        "settings_differ": restored.settings_differ,
    }


def of_ratio(report: "RatioReport") -> dict[str, Any]:
    """The ratio report as JSON; null for values that an account without a ratio does not have."""
    at_publish = report.at_publish
    return {
        "as_of": report.as_of,
        "accounts": [_of_standing(each) for each in report.accounts],
        "organisation": _of_organisation(report.organisation),
        "at_publish": {
            "self_sent": at_publish.self_sent,
            "allowed": at_publish.allowed,
            "overridden": at_publish.overridden,
        },
    }


def of_month(found: "ReportOfMonth") -> dict[str, Any]:
    """A month report as JSON; times are UTC, and `account` is empty for the whole organisation."""
    report = found.report
    whole = report.organisation
    return {
        "month": str(found.month),
        "begins": report.begins,
        "as_of": report.as_of,
        "goes_on": report.goes_on,
        "kept": not report.not_kept,
        "accounts": [_of_account_month(each) for each in report.accounts],
        "organisation": None if whole is None else _of_account_month(whole),
        "partners": [
            {
                "partner": slug,
                "posts": given.posts,
                "deliveries": given.deliveries,
                "last_at": given.last_at,
            }
            for slug, given in sorted(report.given.items())
        ],
        "released": [
            {
                "post": each.post,
                "account": each.account,
                "at": each.at,
                "who": each.who,
                "reason": each.reason,
            }
            for each in report.released
        ],
        "unsent": [
            {
                "post": each.post,
                "account": each.account,
                "due_at": each.due_at,
                "state": each.state.value,
            }
            for each in report.unsent
        ],
        "unsent_count": report.unsent_count,
    }


def _of_account_month(month: "AccountMonth") -> dict[str, Any]:
    return {
        "account": month.account,
        "network": month.network,
        "target": month.target,
        "window": str(month.window),
        "others": month.others,
        "self": month.self_,
        "self_sent": month.sent,
        "allowed": month.allowed,
        "released": month.released,
        "window_others": month.standing.others,
        "window_self": month.standing.self_,
        "ok": month.ok,
        "below_since": month.below_since,
    }


def of_found(found: "Found") -> dict[str, Any]:
    """Posts, partners and events with words as JSON; `more`: how many of each are left out."""
    return {
        "posts": [
            {"post": each.post, "account": each.account, "title": each.title, "text": each.text}
            for each in found.posts
        ],
        "partners": [of_partner(each) for each in found.partners],
        "events": [of_event(each) for each in found.events],
        "more": list(found.more),
    }


def of_balances(balances: "Balances") -> dict[str, Any]:
    """Balances as JSON, with the keys of the ratio report."""
    return {
        "accounts": [_of_standing(each) for each in balances.accounts],
        "organisation": _of_organisation(balances.organisation),
    }


def _of_standing(standing: "AccountStanding") -> dict[str, Any]:
    return {
        "account": standing.account,
        "network": standing.network,
        "policy": standing.policy,
        "target": standing.target,
        "window": standing.window,
        "others": standing.others,
        "self": standing.self_,
        "ratio": standing.ratio,
        "ok": standing.ok,
        "headroom": standing.headroom,
        "partner_posts_to_next": standing.partner_posts_to_next,
        "earliest_by_roll_off": standing.earliest_by_roll_off,
    }


def _of_organisation(standing: "OrganisationStanding") -> dict[str, Any]:
    return {
        "others": standing.others,
        "self": standing.self_,
        "target": standing.target,
        "ratio": standing.ratio,
        "ok": standing.ok,
        "headroom": standing.headroom,
    }


def of_calendar(calendar: "Calendar", zone: "ZoneInfo") -> dict[str, Any]:
    """A calendar as JSON. Days are those in `zone`, times are UTC.

    `more` is the number of entries of a day that are left out; the address of the day has them.
    `name` is the title of the post or the beginning of its text. `due_at` is the planned time of an
    entry that stands where it should go.
    """
    return {
        "span": calendar.span.name,
        "first": calendar.span.first,
        "last": calendar.span.last,
        "zone": zone.key,
        "days": [
            {
                "date": day.date,
                "clocks": None if day.clocks is None else day.clocks.value,
                "entries": [_of_entry(entry, calendar, zone) for entry in day.entries],
                "more": day.more,
            }
            for day in calendar.days
        ],
        "without_time": calendar.without_time,
        "differing": calendar.differing,
        "doubt": None if calendar.doubt is None else calendar.doubt.value,
    }


def _of_entry(entry: "Entry", calendar: "Calendar", zone: "ZoneInfo") -> dict[str, Any]:
    first = calendar.facts[entry.ids[0]]
    return {
        "at": entry.at,
        "post": entry.post,
        "name": first.name,
        "credit": first.credit.value,
        "state": entry.fate.value,
        "due_at": entry.due_at,
        "deliveries": [{"id": each, "account": calendar.facts[each].account} for each in entry.ids],
        "forecast": of_forecast(entry.forecast, first.account, zone),
    }
