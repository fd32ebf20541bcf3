"""`crosspromo audit`: acts of people, with time and reason."""

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.typed_times import Sense, parse_when


@click.group("audit")
def command() -> None:
    """What people did, when and why."""


@command.command("list")
@click.option("--since", metavar="WHEN", help="Done from this moment on.")
@json_option
@click.pass_obj
def list_(session: Session, since: str | None, as_json: bool) -> None:
    """Every act that bent or settled something, the latest first.

    \b
    Examples:
      crosspromo audit list
      crosspromo audit list --since 2026-04-01T00:00 --json
    """
    workspace = session.workspace
    zone = session.zone
    moment = None if since is None else parse_when(since, workspace.clock.now(), zone, Sense.SINCE)
    entries = workspace.services.audit_log.entries(moment)
    if as_json:
        emit_json({"entries": [documents.of_audit_entry(entry) for entry in entries]})
        return
    emit_table(
        ["when", "who", "did", "to", "why"],
        [[local(e.at, zone), e.who, e.act, e.subject, e.reason] for e in entries],
        empty="nobody has done anything that the audit log keeps",
    )
