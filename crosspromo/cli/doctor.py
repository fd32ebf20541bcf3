"""`crosspromo doctor`: check everything, and say what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from crosspromo.cli.output import emit_json
from crosspromo.cli.session import Session, json_option
from crosspromo.cli.template import check_all
from crosspromo.domain.errors import ConfigError, CrosspromoError
from crosspromo.domain.states import State
from crosspromo.secrets import resolve
from crosspromo.store.listing import Filter
from crosspromo.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `fault` says what is wrong and what to do, or None."""

    what: str
    fault: str | None = None


@click.command("doctor")
@json_option
@click.pass_obj
def command(session: Session, as_json: bool) -> int:
    """Check configuration, secrets, database, templates, accounts, images, clock. 1 on any fault.

    Nothing is posted and no network is asked; for that there is `crosspromo account verify`.

    \b
    Example:
      crosspromo doctor
    """
    findings = list(_examine(session))
    if as_json:
        emit_json(
            {
                "ok": not any(f.fault for f in findings),
                "checks": [{"what": f.what, "fault": f.fault} for f in findings],
            }
        )
    else:
        for finding in findings:
            mark = "ok  " if finding.fault is None else "FAIL"
            click.echo(f"{mark} {finding.what}" + (f": {finding.fault}" if finding.fault else ""))
    return int(any(finding.fault for finding in findings))


def _examine(session: Session) -> Iterator[Finding]:
    try:
        workspace = session.workspace
    except CrosspromoError as error:
        yield Finding("configuration", str(error))
        return
    yield Finding("configuration")
    database = _found("database", lambda: workspace.store)
    yield database
    for finding in _examine_the_rest(workspace):
        said = finding.fault is not None and finding.fault == database.fault
        yield Finding(finding.what) if said else finding


def _examine_the_rest(workspace: Workspace) -> Iterator[Finding]:
    """What may need the database, too; a fault of its own is then found once more."""
    yield from _examine_accounts(workspace)
    yield _found("session key", workspace.seal.check)
    yield from _examine_templates(workspace)
    yield _found("images", lambda: _check_images(workspace))
    yield _found("workspace folder", lambda: _check_writable(workspace.folder))
    yield _found("clock", lambda: _check_clock(workspace))


def _examine_accounts(workspace: Workspace) -> Iterator[Finding]:
    if not workspace.settings.accounts:
        yield Finding("accounts", "there are none; add one under [accounts.NAME]")
    for name in workspace.settings.accounts:
        yield _found(f"account {name}", partial(_check_account, workspace, name))


def _examine_templates(workspace: Workspace) -> Iterator[Finding]:
    try:
        faults = [(choice, fault) for choice, fault in check_all(workspace) if fault is not None]
    except ConfigError:  # an account without a network to render for: said above
        return
    for choice, fault in faults:
        yield Finding(f"template for {choice.kind} on {choice.network}", fault)
    if not faults:
        yield Finding("templates")


def _found(what: str, check: Callable[[], object]) -> Finding:
    try:
        check()
    except CrosspromoError as error:
        return Finding(what, str(error))
    return Finding(what)


def _check_account(workspace: Workspace, name: str) -> None:
    """Its network is there, its keys are known, its secrets can be had and are not in the clear."""
    account = workspace.account(name)
    network = workspace.registry.get(account.network)
    public = frozenset(network.public_credentials)
    resolve(account, workspace.folder, workspace.redactor, public)
    workspace.connector(name)


def _check_images(workspace: Workspace) -> None:
    """What is queued finds its images as they were when it was queued."""
    waiting = Filter(states=frozenset({State.DRAFT, State.QUEUED, State.UNKNOWN}))
    with workspace.store.read() as unit:
        deliveries = unit.deliveries.matching(waiting)
    pictures = workspace.pictures()
    faults = [
        f"{fault} (delivery {delivery.id})"
        for delivery in deliveries
        for image in delivery.content.images
        if (fault := pictures.fault(image)) is not None
    ]
    if faults:
        raise CrosspromoError(
            f"{'; '.join(faults)}; put the file back, or cancel the delivery and queue it again"
        )


def _check_clock(workspace: Workspace) -> None:
    """Nothing was published in the future: else the clock has been set back since."""
    now = workspace.clock.now()
    with workspace.store.read() as unit:
        rows = unit.ledger.rows(None, workspace.settings.window, now)
    if rows and rows[0].at > now:
        raise CrosspromoError(
            f"it says {now:%Y-%m-%d %H:%M} UTC, but a post went out at "
            f"{rows[0].at:%Y-%m-%d %H:%M} UTC; set the clock right"
        )


def _check_writable(folder: Path) -> None:
    probe = folder / ".crosspromo-probe"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise CrosspromoError(f"{folder} cannot be written: {error.strerror}") from error
