"""`crosspromo event review`: what is new in calendars, and what is gone from them."""

from collections.abc import Collection, Sequence

import click

from crosspromo import documents_event_review as documents
from crosspromo.cli.event_consequences import say_consequences
from crosspromo.cli.given_hosts import HOSTS, JOINT, LEAD, given_hosts
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import UsageError
from crosspromo.domain.plurals import plural
from crosspromo.domain.source_events import Sign, SourceEvent, SourceEventState
from crosspromo.phrasing.words import first_words
from crosspromo.services.change_event import Hosts
from crosspromo.services.event_consequences import Consequences
from crosspromo.services.event_review import Accepted, EventReview, Waiting

LONGEST = 60
"""Characters of a title in a list."""

ALL = "all"

BY = {Sign.UID: "the same UID", Sign.PAGE: "the same page", Sign.TITLE: "much the same title"}


@click.command("review")
@click.argument("chosen", nargs=-1, metavar="[ID]...")
@click.option("--accept", "act", flag_value="accept", help="Make these ours; all: all new ones.")
@click.option("--merge", "act", flag_value="merge", help="ID SLUG: make the new one part of SLUG.")
@click.option("--refuse", "act", flag_value="refuse", help="Propose these no more.")
@click.option("--keep", "act", flag_value="keep", help="Keep these, though gone from a calendar.")
@click.option("--cancel", "act", flag_value="cancel", help="Cancel these, as they are gone.")
@click.option("--reason", help="Why you refuse; for colleagues who look for it.")
@HOSTS
@JOINT
@LEAD
@as_option
@json_option
@click.pass_obj
def review(
    session: Session,
    chosen: tuple[str, ...],
    act: str | None,
    reason: str | None,
    hosts: tuple[str, ...],
    joint: bool,
    lead: str | None,
    name: str,
    as_json: bool,
) -> None:
    """What is new in calendars that are read, and what is gone from them.

    A new event is held by the partner whose calendar it is, unless you name hosts. An ID stands for
    all dates of a series. --accept all leaves those that look like one of ours: merge them, or
    accept each by its ID. Nothing that is gone from a calendar is cancelled by itself.

    \b
    Examples:
      crosspromo event review
      crosspromo event review --accept 3 4
      crosspromo event review --accept 5 --host river-keepers --joint
      crosspromo event review --merge 6 river-cleanup-2030-04-22
      crosspromo event review --refuse 7 --reason "members only"
      crosspromo event review --cancel 8
    """
    service = session.workspace.services.event_review
    if act is None:
        if chosen:
            raise UsageError(
                "say what is to be done: --accept, --merge, --refuse, --keep, --cancel"
            )
        _list(session, service, as_json=as_json)
        return
    held = bool(hosts or joint or lead)
    if held and act != "accept":
        raise UsageError("--host, --joint and --lead go with --accept")
    if reason is not None and act != "refuse":
        raise UsageError("--reason goes with --refuse")
    match act:
        case "accept":
            given = given_hosts(hosts, joint=joint, lead=lead) if held else None
            _accept(service, chosen, given, name, as_json=as_json)
        case "merge":
            _merge(session, service, chosen, name, as_json=as_json)
        case "refuse":
            found = service.refuse(_numbers(chosen), name, reason)
            _say(session, found, SourceEventState.REFUSED, "refused", as_json=as_json)
        case "keep":
            found = service.keep(_numbers(chosen), name)
            _say(session, found, SourceEventState.KEPT, "kept", as_json=as_json)
        case _:
            found, consequences = service.cancel(_numbers(chosen), name)
            _say(
                session,
                found,
                SourceEventState.KEPT,
                "cancelled",
                consequences=consequences,
                as_json=as_json,
            )


def _numbers(chosen: Sequence[str]) -> list[int]:
    """Numbers as they are typed; UsageError for none and for what is no number."""
    if not chosen:
        raise UsageError("name the events by their ID, as crosspromo event review shows it")
    for each in chosen:
        if not (each.isascii() and each.isdigit()) or len(each) > 9:
            raise UsageError(f"{each} is no ID; crosspromo event review shows the IDs")
    return [int(each) for each in chosen]


def _list(session: Session, service: EventReview, *, as_json: bool) -> None:
    found = service.list()
    if as_json:
        emit_json(documents.of_review(found))
        return
    if not found.new and not found.gone:
        click.echo("nothing waits; calendars are added with: crosspromo source add")
        return
    emit_table(
        ["id", "starts", "title", "partner", "what"],
        [
            [
                each.first.number,
                _starts(each, session),
                first_words(each.first.edition.title, LONGEST),
                each.first.partner or "us",
                _what(each),
            ]
            for each in (*found.new, *found.gone)
        ],
        empty="",
    )
    if found.more:
        click.echo(f"and {found.more} more")


def _starts(waiting: Waiting, session: Session) -> str:
    edition = waiting.first.edition
    begins = local(edition.starts_at, session.zone)
    dates = f" and {plural(waiting.dates - 1, 'date')} more" if waiting.dates > 1 else ""
    return f"{begins}{dates}"


def _what(waiting: Waiting) -> str:
    if waiting.first.state is SourceEventState.GONE:
        return f"gone from its calendar: keep or cancel {waiting.first.slug}?"
    if waiting.alike:
        first = waiting.alike[0]
        return f"perhaps {first.event.slug}: {_signs(first.by)}"
    if waiting.others:
        other = waiting.others[0]
        number = other.event.number
        return f"new; perhaps the same as {number}: {_signs(other.by)}; accept {number} first"
    return "new"


def _signs(by: Collection[Sign]) -> str:
    return " and ".join(words for sign, words in BY.items() if sign in by)


def _accept(
    service: EventReview,
    chosen: Sequence[str],
    hosts: Hosts | None,
    name: str,
    *,
    as_json: bool,
) -> None:
    if list(chosen) == [ALL]:
        accepted = service.accept_all(name, hosts)
    else:
        accepted = service.accept(_numbers(chosen), name, hosts)
    if as_json:
        emit_json(documents.of_accepted(accepted))
        return
    for event in accepted.events:
        click.echo(f"accepted {event.slug}")
    if not accepted.events:
        click.echo("nothing was accepted")
    _say_left(accepted)


def _say_left(accepted: Accepted) -> None:
    for each in accepted.left:
        number, slug = each.first.number, each.alike[0].event.slug
        is_one = Sign.UID in each.alike[0].by  # both cannot be there
        why = f"it has the UID of {slug}" if is_one else f"it looks like {slug}"
        both = "" if is_one else f"; to have both: crosspromo event review --accept {number}"
        click.echo(
            f"{number} was left, since {why}; to make them one: crosspromo event review --merge "
            f"{number} {slug}{both}",
            err=True,
        )


def _merge(
    session: Session, service: EventReview, chosen: Sequence[str], name: str, *, as_json: bool
) -> None:
    if len(chosen) != 2:
        raise UsageError("--merge takes the ID of the new event, and the name of one of ours")
    (number,) = _numbers(chosen[:1])
    done = service.merge(number, chosen[1], name)
    if as_json:
        emit_json(documents.of_merged(done, session.zone))
    else:
        held = ", ".join(done.event.partners) or "us"
        dates = f" ({plural(done.dates, 'date')})" if done.dates > 1 else ""
        click.echo(f"merged {number} with {done.event.slug}{dates}, held by {held}")
    say_consequences(done.consequences, session.zone, dry_run=False)


def _say(
    session: Session,
    found: Sequence[SourceEvent],
    into: SourceEventState,
    did: str,
    *,
    consequences: Consequences | None = None,
    as_json: bool,
) -> None:
    if as_json:
        emit_json(documents.of_decided(found, into, consequences, session.zone))
    else:
        for each in found:
            click.echo(f"{did} {each.slug or each.edition.title}")
    if consequences is not None:
        say_consequences(consequences, session.zone, dry_run=False)
