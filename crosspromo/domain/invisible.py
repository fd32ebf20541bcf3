"""Characters without a shape of their own: controls, direction marks and invisible formatting.

In a terminal they can move the cursor, hide words, or reverse the order of a line. What languages
and emoji need is left alone: zero-width joiner and non-joiner, variation selectors, visible Arabic
signs, and the tags of a flag.
"""

import re
from collections.abc import Callable
from typing import Final
from unicodedata import category

_FOUND = re.compile(
    # The flag of a region, as of Scotland: a black flag, and letters that nobody sees.
    "(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|\r\n|"
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    "\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)


def escaped(text: str) -> str:
    r"""Text with each invisible character as its code, `\x1b` or `\u202e`; lines and tabs stay."""
    return _replaced(text, _code)


def without_invisible(text: str) -> str:
    """Text without its invisible characters; lines and tabs stay."""
    return _replaced(text, lambda _: "")


def has_invisible(text: str) -> bool:
    """Whether the text has an invisible character."""
    return without_invisible(text) != text


_LINE_ENDS: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SEPARATORS: Final = re.compile("[\x1c-\x1f]")
_RIGHT_TO_LEFT: Final = (
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
    "\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""Letters written from right to left. Compiled on first use, as `_UNWANTED` is."""

_NO_SPACES: Final = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1980-\u1aaf\ua9e0-\ua9ff\uaa60-\uaadf]"
)
"""Letters of Thai, Lao, Burmese, Khmer and their kin, whose words U+200B divides."""

_UNWANTED: Final = (
    "(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)|"
    "(?P<hyphen>(?<=[^\\W\\d_])\u00ad(?=[^\\W\\d_]))|"
    f"(?P<break>(?<={_NO_SPACES})\u200b(?={_NO_SPACES}))|"
    "(?P<direction>[\u061c\u200e\u200f\u2066-\u2069])|"
    "[\x00-\x08\x0e-\x1b\x7f-\x9f\u00ad\u180e\u200b\u202a-\u202e\u2060-\u2065\u206a-\u206f"
    "\ufeff\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e007f\ud800-\udfff]"
)


def fit_to_post(text: str) -> tuple[str, tuple[str, ...]]:
    """Text as it may be published, and the characters taken out of it, each once.

    Every line end is a line feed. Taken out are controls, embeddings and overrides of direction,
    and formatting that no language needs. Left alone are joiners (in emoji and in words), a soft
    hyphen inside a word, a zero-width space between letters of languages without spaces, and marks
    and isolates of direction in a text with letters that are read from right to left.
    """
    if text.isascii() and text.isprintable():
        return text, ()
    text = _LINE_ENDS.sub("\n", text)
    taken = dict.fromkeys(_SEPARATORS.findall(text))
    text = _SEPARATORS.sub(" ", text)
    directed = re.search(_RIGHT_TO_LEFT, text) is not None

    def instead(found: re.Match[str]) -> str:
        if found["flag"] or found["hyphen"] or found["break"] or (directed and found["direction"]):
            return found[0]
        taken[found[0]] = None
        return ""

    return re.sub(_UNWANTED, instead, text), tuple(taken)


_UNSEEN: Final = frozenset(
    map(
        chr,
        [
            *(0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0),
            *(*range(0x180B, 0x1810), *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)),
        ],
    )
)
"""Fillers, blanks and variation selectors: no controls by category, and nothing to see."""


def is_unseen(character: str) -> bool:
    """Whether nobody sees the character alone: a control, joiner, filler or selector, no space."""
    return character in _UNSEEN or category(character) in {"Cc", "Cf", "Cs"}


def has_something_visible(text: str) -> bool:
    """Whether anything of the text can be seen: anything but white space and unseen characters."""
    return any(not each.isspace() and not is_unseen(each) for each in text)


def _replaced(text: str, instead: Callable[[str], str]) -> str:
    if text.isascii() and text.isprintable():
        return text
    return _FOUND.sub(
        lambda found: found[0] if found["flag"] or found[0] == "\r\n" else instead(found[0]), text
    )


def _code(character: str) -> str:
    number = ord(character)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"
