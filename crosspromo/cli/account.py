"""`crosspromo account`: accounts and whether their credentials work."""

import click

from crosspromo.cli.output import emit_json, emit_table
from crosspromo.cli.session import Session, as_option, json_option
from crosspromo.domain.errors import AccountError, ConfigError


@click.group("account")
def command() -> None:
    """Accounts and whether their credentials work."""


@command.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """The accounts of crosspromo.toml.

    \b
    Example:
      crosspromo account list
    """
    workspace = session.workspace
    zone = workspace.settings.organisation.zone
    with workspace.store.read() as unit:
        faults = unit.accounts.faults()
        pauses = {name: unit.pauses.over(name) for name in workspace.rules}
    rows = [
        {
            "account": rules.name,
            "network": rules.network,
            "imitates": None if rules.speaks == rules.network else rules.speaks,
            "policy": rules.policy.kind,
            "target": None if rules.policy.target is None else str(rules.policy.target),
            "quota": rules.policy.quota,
            "window": str(rules.policy.window),
            "slots": len(rules.policy.slots),
            "fault": faults.get(rules.name),
            "paused": None if (pause := pauses[rules.name]) is None else pause.sentence(zone),
        }
        for rules in workspace.rules.values()
    ]
    if as_json:
        emit_json({"accounts": rows})
        return
    emit_table(
        ["account", "network", "promise", "window", ""],
        [
            [
                row["account"],
                row["network"]
                if row["imitates"] is None
                else f"{row['network']} as {row['imitates']}",
                row["target"] or (f"{row['quota']} a week" if row["quota"] else "none"),
                row["window"],
                "; ".join(str(note) for note in (row["paused"], row["fault"]) if note),
            ]
            for row in rows
        ],
    )


@command.command("verify")
@click.argument("account", required=False)
@as_option
@json_option
@click.pass_obj
def verify(session: Session, account: str | None, name: str, as_json: bool) -> int:
    """Sign in to an account, or to all of them, and say as whom. 1 when one is refused.

    An account that was set aside for a fault goes on when it works again.

    \b
    Example:
      crosspromo account verify bluesky-main
    """
    workspace = session.workspace
    names = [workspace.account(account).name] if account else list(workspace.settings.accounts)
    person = workspace.person(name)
    results = []
    for each in names:
        try:
            known_as = workspace.connector(each).verify()
        except (AccountError, ConfigError) as error:
            words = workspace.redactor.redact(str(error))
            results.append({"account": each, "ok": False, "as": None, "error": words})
        else:
            person.free_account(each)
            results.append({"account": each, "ok": True, "as": known_as, "error": None})
    if as_json:
        emit_json({"accounts": results})
    else:
        for result in results:
            outcome = f"ok, as {result['as']}" if result["ok"] else result["error"]
            click.echo(f"{result['account']}: {outcome}")
    return int(not all(result["ok"] for result in results))
