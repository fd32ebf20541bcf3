"""Days given on the command line: local days of the organisation."""

from datetime import date

from crosspromo.cli.session import Session
from crosspromo.domain.typed_times import parse_day


def given_day(session: Session, text: str) -> date:
    """Local day of a person's text, such as `2027-06-30` or `today`; UsageError for other text."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return parse_day(text, session.workspace.clock.now(), session.zone)
