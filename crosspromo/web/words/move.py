"""Words of the form that gives deliveries another time."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from crosspromo.domain.calendar import minute_of
from crosspromo.domain.forecasts import Outcome
from crosspromo.domain.plurals import plural
from crosspromo.domain.ratio import Target
from crosspromo.services.play.trying import Foreseen
from crosspromo.web.moments import Moments
from crosspromo.web.words.compose import fate
from crosspromo.web.words.post import ratio

TITLE = "Move"
PLANNED = "Planned for"
NO_TIME = "It goes as soon as it is allowed."
NEW_TIME = "New time"
AT = "At"
WHEN = "When"
WHEN_HINT = "As you would say it: tue 9:00, tomorrow 14:00, dec 3 9am, +2h, now."
ALLOWED = "As soon as a self post is allowed"
MOVE = "Move"
PREVIEW = "See what becomes of it"
BACK = "Leave it as it is"
HERE = "where you are"
THEN = "What becomes of it then"
UNDO = "Undo stays for 10 minutes. An approval still holds: it does not bind the time."
STEPS: Mapping[str, str] = MappingProxyType(
    {
        "left": "A day earlier",
        "right": "A day later",
        "up": "A slot earlier",
        "down": "A slot later",
    }
)
"""Steps by the arrow key that does the same."""
KEYS: Mapping[str, str] = MappingProxyType({"left": "←", "right": "→", "up": "↑", "down": "↓"})


def heading(name: str, accounts: Sequence[str]) -> str:
    """Heading of the form."""
    where = accounts[0] if len(accounts) == 1 else plural(len(accounts), "account")
    return f"Move “{name}” on {where}"


def typed(moment: datetime, zone: ZoneInfo, *, twice: bool) -> str:
    """Time as a person may type it; `twice`: with its offset, as the clocks show it twice."""
    local = moment.astimezone(zone)
    return local.isoformat(timespec="minutes") if twice else f"{local:%Y-%m-%d %H:%M}"


def query(values: Mapping[str, str]) -> str:
    """Query of an address, without empty values."""
    return urlencode({name: value for name, value in values.items() if value})


def consequence(foreseen: Foreseen, target: Target | None, moments: Moments) -> list[str]:
    """What would become of a delivery at its new time, and the balance of its account then."""
    forecast, due_at = foreseen.forecast, foreseen.delivery.due_at
    goes_then = (
        forecast is not None
        and forecast.certain
        and forecast.outcome is Outcome.SENT
        and forecast.at is not None
        and minute_of(forecast.at) == minute_of(due_at)
    )
    if not goes_then:
        return fate(foreseen, target, moments)
    return ["It would go at once then.", *_balance(foreseen, target, moments)]


def _balance(foreseen: Foreseen, target: Target | None, moments: Moments) -> list[str]:
    before, after, delivery = foreseen.before, foreseen.after, foreseen.delivery
    if before is None or after is None or target is None or before == after:
        return []
    stands = (
        f"By {moments.full(delivery.due_at)} {delivery.account} should stand at "
        f"{plural(before.others, 'partner post')} and {plural(before.self_, 'self post')}; "
        f"this makes {ratio(after.others, after.self_)}"
    )
    if not delivery.credit.counts_self:
        return [f"{stands}."]
    needed = target.num * after.self_ / target.den
    return [f"{stands}, and {needed:g} {'is' if needed == 1 else 'are'} needed."]


def moved(accounts: Sequence[str], when: str | None) -> str:
    """Deliveries were moved; `when` None: they go as soon as it is allowed."""
    names = ", ".join(accounts)
    if when is None:
        return f"Moved on {names}: it goes as soon as a self post is allowed."
    return f"Moved on {names} to {when}."
