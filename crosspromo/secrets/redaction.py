"""Redaction: secrets in logs and error texts are replaced by HIDDEN.

A server may give a secret back in another form than it was sent: encoded for an address, for JSON
or for HTML, in base64 as a part of a longer text, or with line breaks in the middle. A pattern for
each secret matches all of these forms.
"""

import json
import logging
import re
import threading
from base64 import b64encode
from collections.abc import Iterable, Iterator
from html.entities import codepoint2name
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
SHORTEST = 4
"""Fewest characters of a hidden secret: shorter values would hide every other word."""

LONG: Final = 128
"""Characters from which on a secret is known in fewer forms: such a token needs no encoding."""

BLOCK: Final = 48
"""Characters of a secret that one pattern matches: a part of a long secret is hidden, too."""

_BREAK: Final = r"(?:\s|\\[nrt]|%0[AaDd9])*"
"""White space and line breaks that somebody put between two characters, or encoded ones.

Possessive (`+`) except before a character with which an encoded break begins.
"""

_LINE_BREAK: Final = r"(?:\s|\\[nr])*+"
"""Line break between two digits of base64."""

_SPACE: Final = r"(?:\s|\\[nrt]|%0[AaDd9]|%(?:25)?20|\+|&nbsp;)*"
"""White space of the secret itself, which may be folded or encoded."""

_BASE64: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_=")


class Redactor:
    """Secrets of this process, and their replacement in texts. Thread-safe."""

    def __init__(self) -> None:
        self._secrets: frozenset[str] = frozenset()
        self._known: frozenset[str] = frozenset()
        self._patterns: tuple[re.Pattern[str], re.Pattern[str]] | None = None
        self._lock = threading.Lock()

    def hide(self, *secrets: str) -> None:
        """Hide these secrets from now on; values shorter than SHORTEST are ignored."""
        with self._lock:
            new = {secret for secret in secrets if len(secret) >= SHORTEST} - self._known
            if new:
                self._known |= new
                self._secrets |= {form for secret in new for form in _forms(secret)}
                self._patterns = None

    def redact(self, text: str) -> str:
        """Text with every secret replaced by HIDDEN, the longest secret first."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        if not self._known:
            return text
        spelled, encoded = self._patterns or self._compile()
        return _without_tokens(spelled.sub(HIDDEN, text), encoded)

    def _compile(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """Patterns of all secrets as they are spelled, and of their base64."""
        with self._lock:
            known = sorted(self._known, key=len, reverse=True)
            patterns = _any_of(map(_spelled, known)), _any_of(map(_in_base64, known))
            self._patterns = patterns
        return patterns


def _forms(secret: str) -> set[str]:
    """Spellings of the secret: plain, in addresses and forms, in JSON, and in Python's quotes."""
    return {
        secret,
        quote(secret, safe=""),
        quote_plus(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
    }


def _any_of(patterns: Iterable[Iterable[str]]) -> re.Pattern[str]:
    wanted = [pattern for each in patterns for pattern in each]
    return re.compile("|".join(f"(?:{pattern})" for pattern in wanted) or r"(?!)")


def _spelled(secret: str) -> Iterator[str]:
    """Yield patterns of a secret whose characters may each be encoded, with breaks between."""
    words = secret.split()
    if sum(map(len, words)) < SHORTEST:
        return
    if len(secret) >= LONG:
        for block in _blocks("".join(words)):
            yield r"\s*+".join(map(re.escape, block))
        return
    for block in _blocks(" ".join(words)):
        parts = [_with_breaks(word) for word in block.split(" ") if word]
        yield _SPACE.join(parts)
    digits = secret.encode("utf-8", "surrogatepass").hex()
    yield f"(?i:{digits})"


def _with_breaks(word: str) -> str:
    """Pattern of a word whose characters may have breaks between them."""
    breaks = (_BREAK if char in "\\%" else f"{_BREAK}+" for char in word[1:])
    rest = (f"{between}{_character(char)}" for between, char in zip(breaks, word[1:], strict=True))
    return _character(word[0]) + "".join(rest)


def _in_base64(secret: str) -> Iterator[str]:
    """Yield patterns of the base64 characters that a secret leaves in any encoded text."""
    data = secret.encode("utf-8", "surrogatepass")
    if len(secret) >= LONG:
        return
    for before in range(3):  # bytes before the secret in its group of three
        text = b64encode(bytes(before) + data).decode()
        core = text[-(-before * 8 // 6) : (before + len(data)) * 8 // 6]
        for block in _blocks(core):
            yield _LINE_BREAK.join(map(_digit, block))


def _blocks(text: str) -> Iterator[str]:
    """Yield the text in pieces of BLOCK characters; the last may be longer by half."""
    start = 0
    while len(text) - start > BLOCK + BLOCK // 2:
        yield text[start : start + BLOCK]
        start += BLOCK
    yield text[start:]


def _character(char: str) -> str:
    """Pattern of one character: encoded for addresses, JSON, Python or HTML, or plain."""
    plain = re.escape(char)
    if char.isascii() and char.isalnum():
        return plain
    octets = char.encode("utf-8", "surrogatepass")
    units = char.encode("utf-16-be", "surrogatepass").hex()
    point = ord(char)
    named = codepoint2name.get(point)
    forms = [
        "(?i:" + "".join(f"%(?:25)*{octet:02x}" for octet in octets) + ")",
        "(?i:" + "".join(rf"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + ")",
        rf"(?i:\\U{point:08x})",
        rf"(?i:&#(?:0*{point}|x0*{point:x});)",
        rf"\\{plain}",
        plain,
    ]
    if point < 256:
        forms.insert(0, rf"(?i:\\x{point:02x})")
    if named is not None:
        forms.insert(0, f"&{named};")
    return f"(?:{'|'.join(forms)})"


def _digit(char: str) -> str:
    """Pattern of one digit of base64, in its two alphabets, perhaps in an address or in JSON."""
    match char:
        case "+":
            return r"(?:[+\-]|(?i:%2b))"
        case "/":
            return r"(?:\\?/|_|(?i:%2f))"
        case _:
            return char


def _without_tokens(text: str, core: re.Pattern[str]) -> str:
    """Text with HIDDEN in place of each run of base64 in which `core` matches.

    The digits beside the core hold the rest of the secret's first and last characters.
    """
    pieces: list[str] = []
    done = 0
    for found in core.finditer(text):
        start, end = found.span()
        if end <= done:
            continue
        while start > done and text[start - 1] in _BASE64:
            start -= 1
        while end < len(text) and text[end] in _BASE64:
            end += 1
        pieces += (text[done : max(start, done)], HIDDEN)
        done = end
    return "".join((*pieces, text[done:]))


class RedactingFormatter(logging.Formatter):
    """Log formatter that redacts the whole formatted record, its traceback included."""

    def __init__(self, redactor: Redactor, format_: str) -> None:
        super().__init__(format_)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.redact(super().format(record))
