"""`crosspromo template`: which template serves which post."""

import click

from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.errors import QueueingError, TemplateError
from crosspromo.publishing.compose import compose
from crosspromo.publishing.rules import AccountRules
from crosspromo.rendering.samples import request_of
from crosspromo.rendering.templates import Choice
from crosspromo.workspace import Workspace


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
    choices = _choices(session.workspace)
    if as_json:
        emit_json(
            {
                "templates": [
                    {
                        "kind": c.kind.value,
                        "network": c.network,
                        "template": c.name,
                        "file": str(c.path),
                    }
                    for c in choices
                ]
            }
        )
        return
    emit_table(["kind", "network", "template"], [[c.kind, c.network, c.path] for c in choices])


@command.command("check")
@json_option
@click.pass_obj
def check(session: Session, as_json: bool) -> int:
    """Render every template with sample data and hold it to its network's limits. 1 on a fault.

    \b
    Example:
      crosspromo template check
    """
    workspace = session.workspace
    results = check_all(workspace)
    if as_json:
        emit_json(
            {
                "templates": [
                    {"kind": c.kind.value, "network": c.network, "template": c.name, "error": fault}
                    for c, fault in results
                ]
            }
        )
    else:
        for choice, fault in results:
            click.echo(f"{choice.kind} on {choice.network}: {fault or 'ok'}")
    return int(any(fault for _, fault in results))


def check_all(workspace: Workspace) -> list[tuple[Choice, str | None]]:
    """Every template in use with what is wrong with it, or None."""
    by_network = {rules.speaks: rules for rules in workspace.rules.values()}
    return [(c, _fault(workspace, c, by_network[c.network])) for c in _choices(workspace)]


def _choices(workspace: Workspace) -> list[Choice]:
    networks = sorted({rules.speaks for rules in workspace.rules.values()})
    return list(workspace.templates.choices(networks))


def _fault(workspace: Workspace, choice: Choice, account: AccountRules) -> str | None:
    try:
        compose(request_of(choice.kind), account, workspace.templates)
    except (TemplateError, QueueingError) as error:
        return str(error)
    return None
