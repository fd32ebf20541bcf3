"""Remarks on times that people typed: what of a reading they may not have meant."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from crosspromo.domain.errors import UsageError
from crosspromo.domain.timing import wall_clock
from crosspromo.domain.typed_times import Edge, Sense, parse_day, parse_when

_TAKEN = {Edge.NOW: ", the time that it is now", Edge.START: ""}
"""Words about the time of day that a day alone gets, by the edge of its sense."""

FAR = timedelta(days=183)
"""Distance from which a day without its year is nearer in the past than in the future."""


def remarks_on(
    text: str, moment: datetime, now: datetime, zone: ZoneInfo, sense: Sense = Sense.AT
) -> list[str]:
    """Sentences about the moment that `parse_when` read from the text; mostly none.

    A day without a time of day is read as the time that it is now, and a day without its year that
    has just passed as one of the next year. An event may begin in the past, and its post may not.
    """
    _, edge = sense.value
    said = []
    if edge in _TAKEN and _is_day_alone(text, now, zone):
        said.append(
            f'"{text}" names no time of day and is read as {wall_clock(moment, zone)}'
            f'{_TAKEN[edge]}; write "{text} 9:00" for another'
        )
    if moment - now > FAR and _has_passed(text, now, zone):
        year = moment.astimezone(zone).year
        said.append(f'"{text}" has passed this year, so it is that of {year}')
    if sense is Sense.STARTS and moment <= now:
        said.append(f"{wall_clock(moment, zone)} has passed")
    return said


def _has_passed(text: str, now: datetime, zone: ZoneInfo) -> bool:
    """Whether the text, of which only the year is left open, is nearer in the past."""
    try:
        return parse_when(text, now, zone, Sense.SINCE) < now
    except UsageError:
        return False


def _is_day_alone(text: str, now: datetime, zone: ZoneInfo) -> bool:
    try:
        parse_day(text, now, zone)
    except UsageError:
        return False
    return True
