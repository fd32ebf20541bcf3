"""`crosspromo explain`: why a delivery is held, or why it was allowed."""

from typing import Any

import click

from crosspromo.cli.output import emit_json, local
from crosspromo.cli.session import Session, json_option
from crosspromo.domain.deliveries import Delivery
from crosspromo.domain.gate import Allow, Decision
from crosspromo.domain.states import State
from crosspromo.publishing.rules import judge
from crosspromo.store.ledger import Row
from crosspromo.store.unit import Unit
from crosspromo.workspace import Workspace


@click.command("explain")
@click.argument("delivery_id", metavar="ID", type=int)
@json_option
@click.pass_obj
def command(session: Session, delivery_id: int, as_json: bool) -> None:
    """Why a delivery is held, or why it was allowed: each check, the arithmetic, the rows counted.

    \b
    Example:
      crosspromo explain 112
    """
    workspace = session.workspace
    with workspace.store.read() as unit:
        delivery = unit.deliveries.get(delivery_id)
        document = _explain(workspace, unit, delivery)
    if as_json:
        emit_json(document)
        return
    click.echo(document["sentence"])
    for check in document["checks"]:
        click.echo(f"  {check['verdict']:6} {check['check']}: {check['sentence']}")
    zone = workspace.settings.organisation.zone
    if document["rows"]:
        click.echo(f"Counted on {delivery.account}:")
    for row in document["rows"]:
        what = f"delivery {row['delivery']}" if row["delivery"] else row["text"] or row["why"]
        click.echo(
            f"  {local(row['at'], zone)}  others {row['others']}  self {row['self']}  {what}"
        )


def _explain(workspace: Workspace, unit: Unit, delivery: Delivery) -> dict[str, Any]:
    rules = workspace.rules.get(delivery.account)
    checks: list[dict[str, str]] = []
    sentence = _state_sentence(delivery)
    rows: list[Row] = []
    if delivery.state is State.QUEUED and rules is not None:
        now = workspace.clock.now()
        decision = judge(unit, delivery.candidate, rules, workspace.organisation_rules, now)
        checks, sentence = _checks_of(decision), _decision_sentence(delivery, decision)
        rows = list(unit.ledger.rows(delivery.account, rules.policy.window, now))
    elif delivery.attempt:
        stored = unit.deliveries.decision(delivery.id, delivery.attempt)
        checks = [
            {"check": c["check"], "verdict": "ok", "sentence": c["sentence"]}
            for c in stored["checks"]
        ]
    return {
        "id": delivery.id,
        "state": delivery.state.value,
        "sentence": sentence,
        "checks": checks,
        "rows": [
            {
                "at": row.at,
                "others": row.others,
                "self": row.self_,
                "why": row.why,
                "delivery": row.delivery,
                "text": row.text,
            }
            for row in rows
        ],
    }


def _checks_of(decision: Decision) -> list[dict[str, str]]:
    checks = [
        {"check": passed.check, "verdict": "ok", "sentence": passed.sentence}
        for passed in decision.trail
    ]
    if not isinstance(decision, Allow):
        verdict = type(decision).__name__.lower()
        checks.append({"check": decision.code, "verdict": verdict, "sentence": decision.reason})
    return checks


def _decision_sentence(delivery: Delivery, decision: Decision) -> str:
    name = f"Delivery {delivery.id}, {delivery.kind} on {delivery.account},"
    if isinstance(decision, Allow):
        return f"{name} may go out when it is due, {delivery.due_at:%Y-%m-%d %H:%M} UTC."
    verb = "is held" if type(decision).__name__ == "Hold" else "will not go out"
    return f"{name} {verb}: {decision.reason}"


def _state_sentence(delivery: Delivery) -> str:
    name = f"Delivery {delivery.id}, {delivery.kind} on {delivery.account},"
    match delivery.state:
        case State.PUBLISHED:
            return f"{name} was allowed and went out at {delivery.published_at:%Y-%m-%d %H:%M} UTC."
        case State.DELETED:
            return f"{name} went out and was deleted."
        case State.SENDING:
            return f"{name} was allowed and is being sent."
        case State.DRAFT | State.QUEUED | State.CANCELLED:
            return f"{name} is {delivery.state}."
        case State.UNKNOWN | State.FAILED | State.MISSED | State.EXPIRED:
            why = "" if delivery.fault is None else f": {delivery.fault.message}"
            return f"{name} is {delivery.state}{why}"
