"""JSON documents of keeping up with partners: diary, terms, contacts, what is due, merges.

Keys are a contract, as in documents.py.
"""

from typing import TYPE_CHECKING, Any

from crosspromo.documents import of_partner, of_partner_change

if TYPE_CHECKING:
    from crosspromo.domain.partner_entries import Entry
    from crosspromo.domain.partner_terms import Term
    from crosspromo.domain.partners_due import Due
    from crosspromo.domain.received import Received
    from crosspromo.services.merge_partners import MergedPartners
    from crosspromo.services.partner_details import PartnerDetails


def of_details(details: "PartnerDetails") -> dict[str, Any]:
    """All that is known of a partner as JSON; null times and days: never, as far as is known."""
    cadence = details.cadence
    return {
        **of_partner(details.partner),
        "last_shared_at": details.contacts.shared_at,
        "last_received_at": details.contacts.received_at,
        "last_noted_contact": details.contacts.noted,
        "cadence": None if cadence is None else {"days": cadence.days, "due": cadence.due},
        "terms": [of_term(term) for term in details.terms],
        "diary": [of_entry(entry) for entry in details.entries],
        "received": [of_received(each) for each in details.received],
        "merged": [
            {"slug": each.slug, "name": each.name, "at": each.at, "who": each.who}
            for each in details.parts
        ],
    }


def of_term(term: "Term") -> dict[str, Any]:
    """A value that a field had for a time as JSON; `until` null: it has it now."""
    return {
        "field": term.field,
        "value": term.value,
        "since": term.since,
        "until": term.until,
    }


def of_entry(entry: "Entry") -> dict[str, Any]:
    """An entry in the diary of a partner as JSON.

    `kept` is of a promise; null: it is open. `closed_at` null: a follow-up or promise is open.
    """
    return {
        "entry": entry.number,
        "partner": entry.partner,
        "kind": entry.kind,
        "day": entry.day,
        "last_day": entry.last_day,
        "words": entry.words,
        "side": entry.side,
        "kept": entry.kept,
        "closed_at": entry.closed_at,
        "closed_by": entry.closed_by,
        "recorded_at": entry.recorded_at,
        "recorded_by": entry.recorded_by,
    }


def of_received(received: "Received") -> dict[str, Any]:
    """What a partner did for us as JSON; `account` null: nobody said on which one."""
    return {
        "id": received.number,
        "partner": received.partner,
        "at": received.at,
        "kind": received.kind,
        "account": received.account,
        "url": received.url,
        "words": received.words,
        "recorded_at": received.recorded_at,
        "recorded_by": received.recorded_by,
        "source": "by-hand" if received.observed is None else "observed",
    }


def of_due(due: "Due", command: str | None = None) -> dict[str, Any]:
    """A cadence, follow-up or promise that is due as JSON, with the command that answers it.

    `over_days` 0: it is due today. `planned_at` null: nothing is queued about the partner.
    `command` null: the console has buttons.
    """
    return {
        "partner": due.partner,
        "name": due.name,
        "why": due.why,
        "day": due.day,
        "over_days": due.over,
        "entry": due.entry,
        "words": due.words,
        "side": due.side,
        "last_shared_at": due.last_shared_at,
        "planned_at": due.planned_at,
        "command": command,
    }


def of_merge(done: "MergedPartners", *, dry_run: bool) -> dict[str, Any]:
    """A merge of partners as JSON: what changes on the record that stays, and what moved there.

    `moved` counts rows by table of the database; `waiting` are deliveries about the one who is
    gone, whose texts stay.
    """
    return {
        "merged": done.gone,
        "into": done.partner.slug,
        "dry_run": dry_run,
        "fields": of_partner_change(done.change)["fields"],
        "moved": {table: count for table, count in done.moved.items() if count},
        "waiting": list(done.waiting),
        "partner": of_partner(done.partner),
    }
