"""Names of time zones that no list has: names that Outlook shows, and offsets from UTC."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from zoneinfo import available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_MOST_HOURS = 14
_OFFSET_SHOWN = re.compile(r"\((?:utc|gmt)[^)]{0,12}\)\s*")
_OFFSET = re.compile(r"\(?(?:utc|gmt)\s*([+-])([0-9]{1,2})(?:[:.]?([0-9]{2}))?\)?")
_KIND_OF_TIME = re.compile(r"([a-z.' -]+?) (?:standard |daylight |summer )?time\b")
_UTC_SHOWN = re.compile(r"coordinated universal time([+-][0-9]{1,2})?")
_MICROSOFT = "tzone://microsoft/"

_SHOWN: Mapping[str, str] = MappingProxyType(
    {
        "aleutian islands": "Aleutian Standard Time",
        "alaska": "Alaskan Standard Time",
        "arizona": "US Mountain Standard Time",
        "astana": "Central Asia Standard Time",
        "baja california": "Pacific Standard Time (Mexico)",
        "brasilia": "E. South America Standard Time",
        "cabo verde is.": "Cape Verde Standard Time",
        "cape verde is.": "Cape Verde Standard Time",
        "central america": "Central America Standard Time",
        "chatham islands": "Chatham Islands Standard Time",
        "city of buenos aires": "Argentina Standard Time",
        "easter island": "Easter Island Standard Time",
        "ekaterinburg": "Ekaterinburg Standard Time",
        "fiji": "Fiji Standard Time",
        "greenland": "Greenland Standard Time",
        "haiti": "Haiti Standard Time",
        "hawaii": "Hawaiian Standard Time",
        "indiana (east)": "US Eastern Standard Time",
        "international date line west": "Dateline Standard Time",
        "kiritimati island": "Line Islands Standard Time",
        "lord howe island": "Lord Howe Standard Time",
        "marquesas islands": "Marquesas Standard Time",
        "mid-atlantic": "UTC-02",
        "midway island, samoa": "UTC-11",
        "newfoundland": "Newfoundland Standard Time",
        "norfolk island": "Norfolk Standard Time",
        "nuku'alofa": "Tonga Standard Time",
        "port louis": "Mauritius Standard Time",
        "salvador": "Bahia Standard Time",
        "samoa": "Samoa Standard Time",
        "saskatchewan": "Canada Central Standard Time",
        "solomon is., new caledonia": "Central Pacific Standard Time",
        "sri jayawardenepura": "Sri Lanka Standard Time",
        "turks and caicos": "Turks And Caicos Standard Time",
        "west central africa": "W. Central Africa Standard Time",
        "western/central europe": "W. Europe Standard Time",
        "yangon (rangoon)": "Myanmar Standard Time",
        "yukon": "Yukon Standard Time",
    }
)
"""Windows names of the names that Outlook shows, where these are neither cities nor "… Time"."""


def known_name(tzid: str) -> str | None:
    """IANA name of a TZID that is an IANA or Windows name, in any capitals; else None."""
    return _by_name().get(tzid.strip("/ ").casefold())


def guessed_name(tzid: str) -> str | None:
    """IANA name that a longer name contains or shows; None where only a wild guess would be left.

    Examples: "/vendor.example/Europe/Berlin", "(UTC+07:00) Bangkok, Hanoi", "Eastern Time (US &
    Canada)", "tzone://Microsoft/Utc".
    """
    folded = tzid.strip().casefold().removeprefix(_MICROSOFT)
    shown = _OFFSET_SHOWN.sub("", folded, count=1).strip()
    return (
        known_name(shown)
        or _inside(tzid)
        or _outlook_name(shown)
        or next((name for city in shown.split(",") if (name := _cities().get(city.strip()))), None)
    )


def offset_of(tzid: str) -> int | None:
    """Minutes east of UTC that a name such as "UTC+01" or "(GMT-05:30)" states; else None.

    A name that tells a place besides its offset states none: the place may have summer time.
    """
    match = _OFFSET.fullmatch(tzid.strip().casefold())
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    if minutes > _MOST_HOURS * 60 or int(match[3] or 0) > 59:
        return None
    return minutes if match[1] == "+" else -minutes


def _inside(tzid: str) -> str | None:
    parts = tzid.strip("/").split("/")
    names = (known_name("/".join(parts[start:])) for start in range(1, len(parts)))
    return next((name for name in names if name), None)


def _outlook_name(shown: str) -> str | None:
    utc = _UTC_SHOWN.match(shown)
    if utc is not None:
        return known_name(f"UTC{utc[1] or ''}")
    kind = _KIND_OF_TIME.match(shown)
    windows = _SHOWN.get(shown) or (f"{kind[1]} Standard Time" if kind else "")
    return known_name(windows)


@cache
def _by_name() -> Mapping[str, str]:
    """IANA names by IANA and Windows name, in small letters."""
    names = {name.casefold(): name for name in sorted(available_timezones())}
    windows = {name.casefold(): olson for name, olson in WINDOWS_TO_OLSON.items()}
    return {
        **names,
        **{name: olson for name, olson in windows.items() if olson.casefold() in names},
    }


@cache
def _cities() -> Mapping[str, str]:
    """IANA names by city, in small letters and spelt as in Outlook, such as "buenos aires"."""
    places = (
        name
        for name in sorted(available_timezones())
        if "/" in name and not name.startswith("Etc/")
    )
    return {name.rpartition("/")[2].replace("_", " ").casefold(): name for name in places}
