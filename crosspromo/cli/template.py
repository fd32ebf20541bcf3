"""`crosspromo template`: templates by kind of post and network, and their check."""

from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, json_option
from crosspromo.services.templates import CheckedTemplate


@click.group("template")
def command() -> None:
    """Which template serves which post."""


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """The template that serves each kind of post on each of your networks.

    \b
    Example:
      crosspromo template list
    """
    choices = session.workspace.services.templates.choices()
    if as_json:
        emit_json({"templates": [documents.of_template(choice) for choice in choices]})
        return
    emit_table(
        ["kind", "network", "template"],
        [[c.kind, c.network, c.path] for c in choices],
        empty="crosspromo.toml has no accounts yet: no network needs a template",
    )


@command.command("check")
@json_option
@click.pass_obj
def check(session: Session, as_json: bool) -> int:
    """Render each template file with sample data and hold it to its network's limits. 1 on a fault.

    \b
    Example:
      crosspromo template check
    """
    results = session.workspace.services.templates.check()
    zone = session.zone
    if as_json:
        emit_json({"templates": [documents.of_checked_template(each, zone) for each in results]})
    else:
        for each in results:
            click.echo(f"{_place(each)}: {_outcome(each, zone)}")
    return int(any(each.error for each in results))


def _place(checked: CheckedTemplate) -> str:
    if checked.kind is None or checked.network is None:
        return f"templates/{checked.name}"
    return f"{checked.kind} on {checked.network}"


def _outcome(checked: CheckedTemplate, zone: ZoneInfo) -> str:
    if checked.error is None:
        return "ok"
    from crosspromo.cli.telling import of_finding  # noqa: PLC0415 (faults are rare)

    return of_finding(checked.error, zone)
