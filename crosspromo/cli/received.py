"""`crosspromo ledger received`: what partners did for us, as people saw it."""

import click

from crosspromo import documents_partners
from crosspromo.cli.completion import ACCOUNT, EVERY_PARTNER
from crosspromo.cli.given_time import given_time
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.session import Session, acting_name, as_option, json_option
from crosspromo.domain.received import ReceivedKind
from crosspromo.domain.typed_times import Sense
from crosspromo.phrasing.words import first_words

LONGEST = 60
"""Characters of a note in a list."""


@click.group("received")
def command() -> None:
    """What partners did for us. It never changes how many self posts are allowed."""


@command.command("add")
@click.argument("partner", shell_complete=EVERY_PARTNER)
@click.option(
    "--kind",
    required=True,
    type=click.Choice([each.value for each in ReceivedKind]),
    help="What they did.",
)
@click.option("--at", required=True, metavar="WHEN", help="When they did it.")
@click.option("--account", shell_complete=ACCOUNT, help="Which account of yours it was about.")
@click.option("--url", default="", help="Where it is to be seen.")
@click.option("--note", "words", default="", help="A few words.")
@as_option
@json_option
@click.pass_obj
def add(
    session: Session,
    partner: str,
    kind: str,
    at: str,
    account: str | None,
    url: str,
    words: str,
    name: str,
    as_json: bool,
) -> None:
    """Enter what a partner did for you, and you saw yourself.

    \b
    Example:
      crosspromo ledger received add river-keepers --kind share --at yesterday
    """
    moment = given_time(session, at, Sense.HAPPENED)
    done = session.workspace.services.receiving(name).add(
        partner, ReceivedKind(kind), moment, account=account, url=url, words=words
    )
    if as_json:
        emit_json(documents_partners.of_received(done))
    else:
        click.echo(f"{done.kind} of {done.partner} at {local(done.at, session.zone)} is entered")


@command.command("list")
@click.option("--partner", shell_complete=EVERY_PARTNER, help="Of this partner only.")
@json_option
@click.pass_obj
def list_(session: Session, partner: str | None, as_json: bool) -> None:
    """The latest that partners did for you, the latest first.

    \b
    Example:
      crosspromo ledger received list --partner river-keepers
    """
    found = session.workspace.services.receiving(acting_name()).latest(partner)
    if as_json:
        emit_json({"received": [documents_partners.of_received(each) for each in found]})
        return
    zone = session.zone
    emit_table(
        ["at", "partner", "kind", "account", "url", "note"],
        [
            [
                local(each.at, zone),
                each.partner,
                each.kind.value,
                each.account,
                each.url,
                first_words(each.words, LONGEST),
            ]
            for each in found
        ],
        empty="nothing is entered yet; enter something with: crosspromo ledger received add",
        spare=("account", "note"),
    )
