"""Emoji that look like one character but consist of several.

Source of their shapes: Unicode technical standard 51 (emoji sequences). Shapes, not a list: an
emoji of a later Unicode version is recognised if it has a shape of today.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import regex

EMOJI_WEIGHT: Final = 2
# Without one of these (variation selector, joiner, keycap, skin tone, flag letter, tag) an emoji is
# a single character.
_BUILDING_BLOCK: Final = re.compile(
    "[\ufe0f\u200d\u20e3\U0001f3fb-\U0001f3ff\U0001f1e6-\U0001f1ff\U000e0020-\U000e007f]"
)
# Runs of the characters that emoji of several characters consist of.
_STRETCH: Final = re.compile(
    "[#*0-9\xa9\xae\u200d\u203c-\u3299\ufe0f\U0001f000-\U0001ffff\U000e0020-\U000e007f]+"
)
_PICTURE: Final = re.compile("[\u20e3\u231a-\u3299\U0001f000-\U0001ffff]")
_SIGN: Final = re.compile("[\xa9\xae\u2122\u2139\u2190-\u21ff](?!\ufe0f)")
# Regions that have a flag: ISO 3166-1 and the exceptional reservations that CLDR lists.
_REGIONS: Final = """
AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CQ CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ
EA EC EE EG EH ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW
GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ
LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY
MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU
RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN
TO TR TT TV TW TZ UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""


def discount(text: str, weigh: Callable[[str], int]) -> int:
    """Weight to subtract from the sum over characters, so that each emoji counts 2."""
    if not _BUILDING_BLOCK.search(text):
        return 0
    found = (
        emoji
        for stretch in _STRETCH.findall(text)
        if _BUILDING_BLOCK.search(stretch)
        for emoji in _pattern().findall(stretch)
    )
    # Never negative: © and ® have weight one until a selector follows.
    return sum(max(weigh(emoji) - EMOJI_WEIGHT, 0) for emoji in found)


def positions(text: str) -> list[tuple[int, int]]:
    """Start and end of each emoji; signs such as © and ™ are none."""
    if not _PICTURE.search(text):
        return []
    return [found.span() for found in _pattern().finditer(text) if not _SIGN.match(found[0])]


@cache
def _pattern() -> "regex.Pattern[str]":
    import regex  # noqa: PLC0415  # heavy: only for a text with emoji of several characters

    flags = "|".join(
        chr(0x1F1A5 + ord(region[0])) + chr(0x1F1A5 + ord(region[1])) for region in _REGIONS.split()
    )
    tone = r"[\U0001f3fb-\U0001f3ff]"
    # A code point reserved for future emoji may take a skin tone.
    toned = rf"(?:\p{{Emoji_Modifier_Base}}|(?=\p{{Cn}})\p{{Extended_Pictographic}}){tone}"
    element = rf"(?:{toned}|\p{{Extended_Pictographic}}\ufe0f?)"
    subdivision = r"\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f"
    return regex.compile(
        rf"{subdivision}|{element}(?:\u200d{element})*+|{flags}|[0-9#*]\ufe0f?\u20e3"
    )
