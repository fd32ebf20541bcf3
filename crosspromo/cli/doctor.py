"""`crosspromo doctor`: examination of the whole workspace, with a mend for each fault."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import click

from crosspromo import documents
from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import CrosspromoError
from crosspromo.services.examine import Finding


@click.command("doctor")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """Check configuration, secrets, database, templates, accounts, images, clock. 1 on any fault.

    Nothing is posted and no network is asked; for that there is `crosspromo account verify`. A line
    that begins with "warn" is no fault: several posts would go at once.

    \b
    Example:
      crosspromo doctor
    """
    findings = list(_examine(session))
    if as_json:
        emit_json(documents.of_examination(findings, session.zone_of_errors))
    else:
        for finding in findings:
            click.echo("\n".join(_lines(finding, session.zone_of_errors)))
    return int(any(finding.error for finding in findings))


def _examine(session: Session) -> Iterator[Finding]:
    try:
        examination = session.workspace.services.examination
    except CrosspromoError as error:
        yield Finding("configuration", error)
        return
    yield Finding("configuration")
    yield from examination.run()


def _lines(finding: Finding, zone: ZoneInfo) -> list[str]:
    if finding.error is None and not finding.warnings:
        return [f"ok   {finding.what}"]
    from crosspromo.cli.telling import of_finding, of_note  # noqa: PLC0415 (faults are rare)

    if finding.error is None:
        notes = [of_note(note, account, zone) for account, note in finding.warnings]
        return [f"warn {finding.what}: {sentence}" for sentence in notes]
    return [f"FAIL {finding.what}: {of_finding(finding.error, zone)}"]
