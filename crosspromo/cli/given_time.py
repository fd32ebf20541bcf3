"""Times given on the command line, with a word on a reading that may not be the one meant."""

from datetime import datetime

import click

from crosspromo.cli.session import Session
from crosspromo.domain.time_remarks import remarks_on
from crosspromo.domain.typed_times import Sense, parse_when


def given_time(session: Session, text: str, sense: Sense = Sense.AT) -> datetime:
    """Moment of a person's text, in UTC; remarks on it go to stderr. UsageError as `parse_when`."""
    now, zone = session.workspace.clock.now(), session.zone
    moment = parse_when(text, now, zone, sense)
    for remark in remarks_on(text, moment, now, zone, sense):
        click.echo(f"note: {remark}", err=True)
    return moment


ALLOWED = "allowed"
"""Word for a self post that goes as soon as the gate allows it."""


def time_or_allowed(session: Session, text: str) -> datetime | None:
    """As `given_time`; None: when the gate allows the post."""
    return None if text.strip().lower() == ALLOWED else given_time(session, text)
