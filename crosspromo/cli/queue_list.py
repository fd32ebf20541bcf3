"""`crosspromo queue list`: list of deliveries, as a table or as the days of a week."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.completion import ACCOUNT, CAMPAIGNS, EVERY_PARTNER
from crosspromo.cli.forecasts import forecast_cell, when_due
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.queue_notes import by_time, say_notes
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.errors import UsageError
from crosspromo.domain.posts import Kind
from crosspromo.domain.states import State
from crosspromo.domain.typed_times import Sense, parse_day, parse_when
from crosspromo.phrasing.words import first_words
from crosspromo.services.delivery_view import DeliveryView

STATES = [*(state.value for state in State), "held"]

ROOM = 200
"""Deliveries listed to people, unless --limit gives another number."""

ROOM_IN_JSON = 10_000
"""Deliveries listed with --json, unless --limit gives another number."""

FIRST_WORDS = 40
"""Characters of a post's text in a list."""


@click.command("list")
@click.option("--state", type=click.Choice(STATES), help="held: queued, and waiting for a reason.")
@click.option("--account", shell_complete=ACCOUNT)
@click.option("--partner", metavar="SLUG", shell_complete=EVERY_PARTNER, help="About this partner.")
@click.option("--campaign", metavar="SLUG", shell_complete=CAMPAIGNS, help="Of this campaign.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), help="Of this kind.")
@click.option("--since", metavar="WHEN", help="Due from this moment on.")
@click.option("--until", metavar="WHEN", help="Due up to this moment; a day is included.")
@click.option("--due", metavar="DAY", help="Due on this day: today, tomorrow, fri, 2026-04-22.")
@click.option("--week", is_flag=True, help="Seven days from today, or from --since, day by day.")
@click.option(
    "--limit",
    metavar="N",
    type=click.IntRange(min=1),
    help=f"Show at most this many; else {ROOM}, and with --json {ROOM_IN_JSON}.",
)
@json_option
@click.pass_obj
def list_(
    session: Session,
    state: str | None,
    account: str | None,
    partner: str | None,
    campaign: str | None,
    kind: str | None,
    since: str | None,
    until: str | None,
    due: str | None,
    week: bool,
    limit: int | None,
    as_json: bool,
) -> None:
    """Deliveries by their time: all that wait, and of those that ended the latest.

    A post that goes "when allowed" has no day: it is in the whole list, and below a --week.

    With --json they come in the order they were queued. Where there are more than it shows, it says
    so on stderr, and with --json as `"more": true`.

    \b
    Examples:
      crosspromo queue list --state held
      crosspromo queue list --week
      crosspromo queue list --due tomorrow --account x-main
      crosspromo queue list --partner river-keepers --until fri --json
    """
    workspace = session.workspace
    zone = session.zone
    room = limit or (ROOM_IN_JSON if as_json else ROOM)
    first, last = _period(since, until, due, workspace.clock.now(), zone, week=week)
    listing = workspace.services.deliveries.list(
        room=room,
        state=None if state in {None, "held"} else State(state),
        held=state == "held",
        account=account,
        since=first,
        until=last,
        partner=partner,
        kind=None if kind is None else Kind(kind),
        without_time=week,
        campaign=campaign,
    )
    if listing.more:
        click.echo(
            f"There are more than these {room}: narrow them by --state, --account, --partner, "
            "--due, --since and --until, or ask for more with --limit",
            err=True,
        )
    if as_json:
        deliveries = [documents.of_delivery(view, zone) for view in listing.views]
        emit_json({"deliveries": deliveries, "more": listing.more})
        return
    if week and first is not None:
        _say_week(by_time(listing.views), first.astimezone(zone).date(), zone)
    else:
        _say_table(by_time(listing.views), zone)
    say_notes(listing, zone, workspace.clock.now())


def _period(
    since: str | None,
    until: str | None,
    due: str | None,
    now: datetime,
    zone: ZoneInfo,
    *,
    week: bool,
) -> tuple[datetime | None, datetime | None]:
    """First and last due time that is asked for; UsageError for options that contradict."""
    if due is not None and (since is not None or until is not None or week):
        raise UsageError("--due is a day of its own: leave --since, --until and --week out")
    if week and until is not None:
        raise UsageError("--week ends after seven days: leave --until out")
    if due is not None:
        since = until = f"{parse_day(due, now, zone)}"
    elif week:
        start = now.astimezone(zone).date()
        if since is not None:
            start = parse_when(since, now, zone, Sense.SINCE).astimezone(zone).date()
        since, until = f"{start}", f"{start + timedelta(days=6)}"
    return (
        None if since is None else parse_when(since, now, zone, Sense.SINCE),
        None if until is None else parse_when(until, now, zone, Sense.UNTIL),
    )


def _say_table(views: Sequence[DeliveryView], zone: ZoneInfo) -> None:
    emit_table(
        ["id", "when", "state", "account", "kind", "credit", "cost", "about", "forecast", "words"],
        [
            [
                d.id,
                local(d.published_at, zone) or when_due(d, zone),
                _state(d),
                d.account,
                d.kind.value,
                d.credit.value,
                "" if d.cost is None else f"${d.cost:.3f}",
                _about(d),
                forecast_cell(view.forecast, d, zone),
                _words(d),
            ]
            for view in views
            for d in (view.delivery,)
        ],
        empty="no delivery is like that",
        spare=("cost", "credit", "kind"),
    )


def _say_week(views: Sequence[DeliveryView], first: date, zone: ZoneInfo) -> None:
    """Print seven days, those on which nothing is due too, and what has no day."""
    days: dict[str, list[DeliveryView]] = {
        _day(first + timedelta(days=offset)): [] for offset in range(7)
    }
    for view in views:
        due = view.delivery.due_at.astimezone(zone).date()
        day = "any day" if view.delivery.waits_to_be_allowed else _day(due)
        days.setdefault(day, []).append(view)
    emit_table(
        ["day", "time", "id", "state", "account", "kind", "about", "forecast", "words"],
        [row for day, due in days.items() for row in _rows_of(day, due, zone)],
        spare=("kind",),
    )


def _rows_of(day: str, due: Sequence[DeliveryView], zone: ZoneInfo) -> Iterator[list[object]]:
    if not due:
        yield [day, "", "", "", "", "", "", "", "nothing"]
    by_due = sorted(due, key=lambda view: (view.delivery.due_at, view.delivery.id))
    for nth, view in enumerate(by_due):
        each = view.delivery
        time = when_due(each, zone)
        if not each.waits_to_be_allowed:
            time = time.split(" ", 2)[2]
        head = [day if nth == 0 else "", time, each.id, _state(each)]
        foretold = forecast_cell(view.forecast, each, zone)
        yield [*head, each.account, each.kind.value, _about(each), foretold, _words(each)]


def _day(day: date) -> str:
    return f"{day:%a %m-%d}"


def _state(delivery: Delivery) -> str:
    return "held" if delivery.hold else delivery.state.value


def _about(delivery: Delivery) -> str:
    return delivery.event or ", ".join(delivery.partners)


def _words(delivery: Delivery) -> str:
    """First words of the title or the text; the address of a repost without words."""
    content = delivery.content
    return first_words(content.title or content.text or content.reposts or "", FIRST_WORDS)
