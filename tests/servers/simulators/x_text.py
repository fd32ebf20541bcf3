"""How X gives a text back: normalised, escaped, and with every link behind t.co.

Documented (X API, "Post object", entities): `urls[]` carry the t.co link, the expanded link, what
is displayed, and indices. Observed: `&`, `<` and `>` come back as entities, attached media as one
more link at the end. Believed: the indices count code points of the text as returned.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

_ALPHABET = string.ascii_letters + string.digits
_SHORT_NAME_LENGTH = 10  # "https://t.co/" and ten characters: the 23 every link counts for
_DISPLAYED_LENGTH = 26

# Believed: X links a bare domain under any top-level domain it knows; these serve a simulator.
_DOMAIN = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?:com|org|net|edu|gov|info|social|us|uk|io)\b"
_TAIL = r"[^\s<>\"]*"
_ENTITY = re.compile(
    rf"(?P<link>https?://[^\s<>\"]+|(?<![\w@#$./-]){_DOMAIN}(?![\w@])(?:[/?#]{_TAIL})?)"
    r"|(?<![\w@&/])@(?P<mention>\w{1,15})(?![\w@])"
    r"|(?<![\w&/])[#\uff03](?P<hashtag>\w*[^\W\d_]\w*)",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?'\")]}…"


@dataclass(frozen=True, slots=True)
class Returned:
    """A text as X returns it, with the entities found in it."""

    text: str
    entities: dict[str, list[dict[str, object]]] = field(default_factory=dict)


def normalised(text: str) -> str:
    """What X keeps of a text: NFC (documented in "Counting characters"), no space at the ends."""
    return unicodedata.normalize("NFC", text).strip()


def as_returned(post_id: str, text: str, media_keys: Sequence[str] = ()) -> Returned:
    """`text` as X returns it for the post `post_id` with the attached media."""
    building = _Building(post_id)
    at = 0
    for match in _ENTITY.finditer(text):
        if match.start() < at:
            continue
        building.words(text[at : match.start()])
        at = building.entity(match)
    building.words(text[at:])
    if media_keys:
        building.media(media_keys)
    return Returned(building.text, building.entities)


class _Building:
    """The returned text so far."""

    def __init__(self, post_id: str) -> None:
        self.text = ""
        self.entities: dict[str, list[dict[str, object]]] = {}
        self._post_id = post_id

    def words(self, words: str) -> None:
        self.text += escape(words, quote=False)

    def entity(self, match: re.Match[str]) -> int:
        """Adds what was matched and returns where in the sent text to go on."""
        if match["link"]:
            link = _trimmed(match["link"])
            full = link if "://" in link else f"http://{link}"
            self._link(full, _displayed(full))
            return match.start() + len(link)
        start = len(self.text)
        self.words(match[0])
        span: dict[str, object] = {"start": start, "end": len(self.text)}
        if match["mention"]:
            self._add("mentions", {**span, "username": match["mention"]})
        else:
            self._add("hashtags", {**span, "tag": match["hashtag"]})
        return match.end()

    def media(self, keys: Sequence[str]) -> None:
        """One t.co link stands for all attached media; each has an entity of its own."""
        self.text += " " if self.text else ""
        start = len(self.text)
        short = self._short(f"media:{keys[0]}")
        self.text += short
        for key in keys:
            self._add(
                "urls",
                {
                    "start": start,
                    "end": len(self.text),
                    "url": short,
                    "expanded_url": f"https://x.com/i/status/{self._post_id}/photo/1",
                    "display_url": f"pic.x.com/{short[-_SHORT_NAME_LENGTH:]}",
                    "media_key": key,
                },
            )

    def _link(self, full: str, displayed: str) -> None:
        start = len(self.text)
        short = self._short(full)
        self.text += short
        self._add(
            "urls",
            {
                "start": start,
                "end": len(self.text),
                "url": short,
                "expanded_url": full,
                "display_url": displayed,
            },
        )

    def _add(self, kind: str, entity: dict[str, object]) -> None:
        self.entities.setdefault(kind, []).append(entity)

    def _short(self, target: str) -> str:
        """A t.co link: the same for the same link in the same post, another in another post."""
        digest = hashlib.sha256(f"{self._post_id} {target}".encode()).digest()
        name = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in digest[:_SHORT_NAME_LENGTH])
        return f"https://t.co/{name}"


def _trimmed(link: str) -> str:
    """Without the punctuation that ends a sentence; a closing bracket stays if it was opened."""
    while link and link[-1] in _TRAILING:
        if link[-1] == ")" and link.count("(") >= link.count(")"):
            break
        link = link[:-1]
    return link


def _displayed(full: str) -> str:
    shown = full.partition("://")[2].removeprefix("www.").removesuffix("/")
    return shown if len(shown) <= _DISPLAYED_LENGTH else f"{shown[:_DISPLAYED_LENGTH]}…"
