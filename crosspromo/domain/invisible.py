"""Characters without a shape of their own: controls, direction marks and invisible formatting.

In a terminal they can move the cursor, hide words, or reverse the order of a line. What languages
and emoji need is left alone: zero-width joiner and non-joiner, variation selectors, visible Arabic
signs, and the tags of a flag.
"""

import re
from collections.abc import Callable

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
