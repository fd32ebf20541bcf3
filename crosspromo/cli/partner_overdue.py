"""`crosspromo partner overdue`: with whom something is due."""

import click

from crosspromo import documents_partners
from crosspromo.cli.output import emit_json, emit_table, local
from crosspromo.cli.partner_words import LONGEST, command_for, of_due, since_when
from crosspromo.cli.session import Session, json_option
from crosspromo.phrasing.words import first_words


@click.command("overdue")
@json_option
@click.pass_obj
def overdue(session: Session, as_json: bool) -> None:
    """Partners who are to be shared again, follow-ups and promises whose day has come.

    Each comes with the command that answers it. A partner is to be shared within their own days,
    else by closeness: close 30, broad 90, casual 365. Where a post about them is queued already,
    its time stands beside. Where a spotlight would say again what was said within 30 days, the
    plan proposes something else.

    \b
    Example:
      crosspromo partner overdue
    """
    found = session.workspace.services.due_partners.due()
    now = session.workspace.clock.now()
    if as_json:
        due = [documents_partners.of_due(each, command_for(each, now)) for each in found]
        emit_json({"due": due})
        return
    zone = session.zone
    emit_table(
        ["partner", "what", "due", "", "words", "last shared", "planned", "to do"],
        [
            [
                each.partner,
                of_due(each),
                each.day,
                since_when(each),
                first_words(each.words, LONGEST),
                local(each.last_shared_at, zone),
                local(each.planned_at, zone),
                command_for(each, now),
            ]
            for each in found
        ],
        empty="nothing is due with any partner",
        spare=("last shared", "words"),
    )
