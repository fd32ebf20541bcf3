"""`crosspromo partner show`: all that is known of one partner."""

from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import click

from crosspromo import documents, documents_partners
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.output import emit_fields, emit_json, emit_table, local
from crosspromo.cli.partner_words import of_entry
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.partner_entries import Entry
from crosspromo.domain.partner_terms import Term
from crosspromo.domain.plurals import plural
from crosspromo.domain.received import Received
from crosspromo.services.partner_details import PartnerDetails


@click.command("show")
@click.argument("slug", shell_complete=EVERY_PARTNER)
@json_option
@click.pass_obj
def show(session: Session, slug: str, as_json: bool) -> None:
    """One partner: the record, the last contacts, the history of list and cadence, the diary.

    The slug of a partner who was merged shows the one whom they became part of.

    \b
    Example:
      crosspromo partner show river-keepers
    """
    details = session.workspace.services.partner_records.get(slug)
    if details.partner.slug != slug:
        click.echo(f"{slug} is now part of {details.partner.slug}", err=True)
    if as_json:
        emit_json(documents_partners.of_details(details))
        return
    emit_fields(documents.of_partner(details.partner), session.zone)
    for line in _lines(details, session.zone):
        click.echo(line)
    _table("diary", details.entries)
    _received(details.received, session.zone)


def _lines(details: PartnerDetails, zone: ZoneInfo) -> Iterator[str]:
    contacts, cadence = details.contacts, details.cadence
    if contacts.shared_at is not None:
        yield f"last shared: {local(contacts.shared_at, zone)}"
    if contacts.received_at is not None:
        yield f"last received: {local(contacts.received_at, zone)}"
    if contacts.noted is not None:
        yield f"last noted contact: {contacts.noted}"
    if cadence is not None:
        yield f"cadence: every {plural(cadence.days, 'day')}, next by {cadence.due}"
    for term in details.terms:
        yield _of_term(term, zone)
    for each in details.parts:
        yield f"part of it: {each.slug} ({each.name}), merged {local(each.at, zone)} by {each.who}"


def _of_term(term: Term, zone: ZoneInfo) -> str:
    value = f"{term.value} days" if term.field == "cadence" else term.value
    until = "" if term.until is None else f" until {local(term.until, zone)}"
    return f"history: {term.field} {value} since {local(term.since, zone)}{until}"


def _table(title: str, entries: Iterable[Entry]) -> None:
    rows = [[each.number, each.day, *of_entry(each), each.recorded_by] for each in entries]
    if rows:
        click.echo(f"\n{title}:")
        emit_table(["entry", "day", "what", "words", "by"], rows, spare=("by",))


def _received(received: Iterable[Received], zone: ZoneInfo) -> None:
    rows = [
        [each.number, local(each.at, zone), each.kind.value, each.account, each.url, each.words]
        for each in received
    ]
    if rows:
        click.echo("\nreceived:")
        emit_table(["id", "at", "kind", "account", "url", "words"], rows, spare=("account", "url"))
