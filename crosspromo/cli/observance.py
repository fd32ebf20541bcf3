"""`crosspromo observance list` and `partner suggest`: dated themes, and partners for them."""

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

import click

from crosspromo import documents_observances as documents
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.date_rules import Days
from crosspromo.domain.observances import Coming, days_until
from crosspromo.services.observances import Match, ObservanceRow


@click.group("observance")
def command() -> None:
    """Days and weeks with a theme, such as Earth Day."""


@command.command("list")
@click.option("--weeks", default=4, show_default=True, help="How far to look ahead.")
@click.option("--kept", is_flag=True, help="Only those that [observances] keep names.")
@json_option
@click.pass_obj
def list_(session: Session, weeks: int, kept: bool, as_json: bool) -> None:
    """Observances of the coming weeks, with the partners whose topics they touch.

    Those with a question mark were confirmed by nobody: ask before you build on them.

    \b
    Examples:
      crosspromo observance list --weeks 8
      crosspromo observance list --kept --json
    """
    found = session.workspace.services.observances.list(weeks, kept_only=kept)
    if as_json:
        emit_json(documents.of_observances(found, session.zone))
        return
    emit_table(
        ["observance", "when", "what", "partners"],
        [
            [
                row.coming.observance.slug,
                _when(row.coming.days, found.today),
                _what(row),
                _partners(row.matches, row.more, found.today, session.zone),
            ]
            for row in found.rows
        ],
        empty=f"no observance comes in the next {weeks} weeks",
        spare=("partners",),
    )
    for observance, year in found.unknown:
        asked = observance.ask or "its organiser"
        click.echo(
            f"{observance.name}: nobody has written down its days of {year}. Ask {asked}, and "
            f"write them into observances.toml: [{observance.slug}] "
            f'announced = {{ {year} = "{year}-…" }}'
        )


@click.command("suggest")
@click.option("--theme", required=True, help="An observance, or a topic.")
@json_option
@click.pass_obj
def suggest(session: Session, theme: str, as_json: bool) -> None:
    """Partners whose topics belong to a theme; those whom we shared longest ago come first.

    \b
    Examples:
      crosspromo partner suggest --theme earth-day
      crosspromo partner suggest --theme water
    """
    workspace = session.workspace
    found = workspace.services.observances.suggest(theme)
    today = workspace.clock.now().astimezone(session.zone).date()
    if as_json:
        emit_json({"partners": [documents.of_match(each, today, session.zone) for each in found]})
        return
    emit_table(
        ["partner", "name", "last shared", "share them with"],
        [
            [
                each.partner.slug,
                each.partner.name,
                _since(each, today, session.zone),
                f"crosspromo queue spotlight {each.partner.slug}",
            ]
            for each in found
        ],
        empty=f'no partner has a topic of "{theme}"; add one with: crosspromo partner edit',
    )


def _when(days: Days, today: date) -> str:
    ahead = days_until(days, today)
    first = days.first.isoformat()
    span = first if days.last == days.first else f"{first} to {days.last.isoformat()}"
    if ahead == 0:
        return f"{span}, {'today' if days.first == today else 'now'}"
    return f"{span}, {'tomorrow' if ahead == 1 else f'in {ahead} days'}"


def _what(row: ObservanceRow) -> str:
    observance = row.coming.observance
    parts = [
        "kept" if row.kept else "",
        observance.tone.value,
        "" if observance.confirmed else "confirmed by nobody?",
        _same_day(row.coming),
    ]
    return ", ".join(part for part in parts if part)


def _same_day(each: Coming) -> str:
    return f"same day as {' and '.join(each.same_days)}" if each.same_days else ""


def _partners(found: Sequence[Match], more: int, today: date, zone: ZoneInfo) -> str:
    named = [f"{each.partner.name} ({_since(each, today, zone)})" for each in found]
    return "; ".join(named) + (f"; {more} more" if more else "")


def _since(each: Match, today: date, zone: ZoneInfo) -> str:
    days = each.days_since(today, zone)
    if days is None:
        return "never shared"
    return "shared today" if days == 0 else f"{days} {'day' if days == 1 else 'days'} since"
