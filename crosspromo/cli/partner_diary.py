"""`crosspromo partner note`, `follow-up`, `promise`, `blackout`, `diary`: notes by day."""

from datetime import date

import click

from crosspromo import documents_partners
from crosspromo.cli.completion import EVERY_PARTNER
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.partner_words import of_entry
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.cli.targets import ID
from crosspromo.domain.errors import UsageError
from crosspromo.domain.partner_entries import Entry, EntryKind, Side
from crosspromo.domain.typed_days import Toward
from crosspromo.domain.typed_times import parse_day

RANGE = ".."
"""Sign between the first and the last day of a blackout."""


@click.command("note")
@click.argument("slug", shell_complete=EVERY_PARTNER)
@click.argument("text")
@click.option("--on", "day", metavar="DAY", help="The day of which it speaks; else today.")
@click.option("--milestone", "kind", flag_value=EntryKind.MILESTONE, help="A date worth a post.")
@click.option("--contact", "kind", flag_value=EntryKind.CONTACT, help="You were in touch.")
@as_option
@json_option
@click.pass_obj
def note(
    session: Session,
    slug: str,
    text: str,
    day: str | None,
    kind: EntryKind | None,
    name: str,
    as_json: bool,
) -> None:
    """Note something about a partner: a line, a milestone, or that you were in touch.

    \b
    Examples:
      crosspromo partner note river-keepers "New director: Kim." --on monday
      crosspromo partner note river-keepers "Called about the cleanup." --contact
    """
    toward = Toward.NEAREST if kind is EntryKind.MILESTONE else Toward.PAST
    when = None if day is None else _day(session, day, toward)
    diary = session.workspace.services.partner_diary(name)
    _say(diary.note(slug, text, when, kind or EntryKind.NOTE), "noted", as_json)


@click.command("follow-up")
@click.argument("slug", required=False, shell_complete=EVERY_PARTNER)
@click.argument("text", required=False)
@click.option("--on", "day", metavar="DAY", help="When to do it.")
@click.option("--done", type=ID, metavar="N", help="The follow-up with this number is done.")
@as_option
@json_option
@click.pass_obj
def follow_up(
    session: Session,
    slug: str | None,
    text: str | None,
    day: str | None,
    done: int | None,
    name: str,
    as_json: bool,
) -> None:
    """Note what to do next with a partner, and when; or that it is done.

    \b
    Examples:
      crosspromo partner follow-up river-keepers "Ask for photos." --on "next friday"
      crosspromo partner follow-up --done 3
    """
    diary = session.workspace.services.partner_diary(name)
    if done is not None:
        _alone(slug, text, day)
        _say(diary.done(done), "done", as_json)
        return
    if slug is None or text is None or day is None:
        raise UsageError("name the partner, what to do, and the day: --on DAY; or --done N")
    entry = diary.follow_up(slug, text, _day(session, day, Toward.COMING))
    _say(entry, f"to follow up on {entry.day}", as_json)


@click.command("promise")
@click.argument("slug", required=False, shell_complete=EVERY_PARTNER)
@click.argument("text", required=False)
@click.option("--by", "day", metavar="DAY", help="By when it is to be kept.")
@click.option("--ours", "side", flag_value=Side.US, help="We promised it.")
@click.option("--theirs", "side", flag_value=Side.THEM, help="They promised it.")
@click.option("--kept", type=ID, metavar="N", help="The promise with this number was kept.")
@click.option("--not-kept", "broken", type=ID, metavar="N", help="It was not kept.")
@as_option
@json_option
@click.pass_obj
def promise(
    session: Session,
    slug: str | None,
    text: str | None,
    day: str | None,
    side: Side | None,
    kept: int | None,
    broken: int | None,
    name: str,
    as_json: bool,
) -> None:
    """Note a promise, ours or theirs, and by when; or whether it was kept.

    \b
    Examples:
      crosspromo partner promise river-keepers "Share our gala." --by "dec 3" --theirs
      crosspromo partner promise --kept 4
    """
    diary = session.workspace.services.partner_diary(name)
    if kept is not None or broken is not None:
        _alone(slug, text, day, side, kept if broken is not None else None)
        number, is_kept = (kept, True) if kept is not None else (broken or 0, False)
        _say(diary.settle(number, kept=is_kept), "kept" if is_kept else "not kept", as_json)
        return
    if slug is None or text is None or day is None or side is None:
        raise UsageError(
            "name the partner, the promise, --by DAY, and --ours or --theirs; or --kept N"
        )
    entry = diary.promise(slug, text, _day(session, day, Toward.COMING), side)
    _say(entry, f"promised by {entry.day}", as_json)


@click.command("blackout")
@click.argument("slug", shell_complete=EVERY_PARTNER)
@click.argument("days", metavar="FIRST[..LAST]")
@click.argument("text", default="")
@as_option
@json_option
@click.pass_obj
def blackout(session: Session, slug: str, days: str, text: str, name: str, as_json: bool) -> None:
    """Note days on which nothing is posted about a partner.

    Both ends belong to them.

    \b
    Examples:
      crosspromo partner blackout river-keepers 2026-12-24..2027-01-01 "Office is closed."
      crosspromo partner blackout river-keepers tomorrow
    """
    first, between, last = days.partition(RANGE)
    begin = _day(session, first, Toward.COMING)
    end = _day(session, last, Toward.COMING) if between else begin
    entry = session.workspace.services.partner_diary(name).blackout(slug, begin, end, text)
    _say(entry, f"nothing about it from {begin} to {end}", as_json)


@click.command("diary")
@click.argument("slug", required=False, shell_complete=EVERY_PARTNER)
@click.option("--remove", type=ID, metavar="N", help="Delete the entry with this number.")
@as_option
@json_option
@click.pass_obj
def diary(session: Session, slug: str | None, remove: int | None, name: str, as_json: bool) -> None:
    """What was noted of a partner, or delete an entry.

    The latest day comes first.

    \b
    Examples:
      crosspromo partner diary river-keepers
      crosspromo partner diary --remove 3
    """
    service = session.workspace.services.partner_diary(name)
    if remove is not None:
        _alone(slug)
        _say(service.remove(remove), "removed", as_json)
        return
    if slug is None:
        raise UsageError("name the partner; or --remove N")
    entries = service.of(slug)
    if as_json:
        emit_json({"entries": [documents_partners.of_entry(each) for each in entries]})
        return
    emit_table(
        ["entry", "day", "what", "words", "by"],
        [[each.number, each.day, *of_entry(each), each.recorded_by] for each in entries],
        empty="nothing is noted of it yet; note something with: crosspromo partner note",
        spare=("by",),
    )


def _day(session: Session, text: str, toward: Toward) -> date:
    """Day of a person's text; UsageError as `parse_day`."""
    return parse_day(text, session.workspace.clock.now(), session.zone, toward)


def _alone(*others: object) -> None:
    """UsageError where an option that stands alone was given with something else."""
    if any(each is not None for each in others):
        raise UsageError("an entry with a number needs nothing else: give its number alone")


def _say(entry: Entry, what: str, as_json: bool) -> None:
    if as_json:
        emit_json(documents_partners.of_entry(entry))
    else:
        click.echo(f"{entry.partner}, entry {entry.number}: {what}")
