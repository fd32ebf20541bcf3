"""Words for local dates and times, as posts write them."""

from datetime import date, datetime

from crosspromo.domain.timing import WEEKDAYS
from crosspromo.domain.typed_days import MONTHS


def day_words(day: date) -> str:
    """Date as `Wednesday, April 22`."""
    return f"{WEEKDAYS[day.weekday()].capitalize()}, {MONTHS[day.month - 1].capitalize()} {day.day}"


def time_words(local: datetime) -> str:
    """Local time as `6:30 pm`."""
    half = "am" if local.hour < 12 else "pm"
    return f"{(local.hour - 1) % 12 + 1}:{local:%M} {half}"
