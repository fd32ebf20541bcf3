"""A person's name in stored texts: where it stands, and what stands there once it is erased."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any
from unicodedata import normalize

from crosspromo.domain.approval import name_key
from crosspromo.domain.naming import slugify

ERASED = "(erased)"
"""What stands for a mail address or a phone number of somebody who was erased."""


def _nothing() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Traces:
    """All that names a person in texts, and their pseudonym.

    `details` are mail addresses and phone numbers. `slugs` are slugs of partners who are this
    person. A name of one word is found where it stands alone only: inside a longer text it may be
    part of somebody else's.
    """

    name: str
    pseudonym: str
    details: frozenset[str] = frozenset()
    slugs: frozenset[str] = field(default_factory=frozenset)

    @property
    def slug(self) -> str:
        """Slug of the pseudonym."""
        return slugify(self.pseudonym)

    def in_text(self, text: str) -> bool:
        """Whether the text names the person."""
        return self.without(text) != text

    def is_name(self, text: str) -> bool:
        """Whether the text is the name, but for capitals, spaces and how letters are composed."""
        return name_key(normalize("NFC", text)) == name_key(normalize("NFC", self.name))

    def without(self, text: str) -> str:
        """The text with the pseudonym, ERASED or another slug in place of what names the person."""
        if self.is_name(text):
            return self.pseudonym
        return self._pattern.sub(self._instead, text)

    def without_in(self, value: Any) -> Any:
        """JSON value without what names the person, in its keys too."""
        match value:
            case str():
                return self.without(value)
            case list():
                return [self.without_in(each) for each in value]
            case dict():
                return {self.without(key): self.without_in(each) for key, each in value.items()}
            case _:
                return value

    def _instead(self, found: re.Match[str]) -> str:
        if found["name"] is not None:
            return self.pseudonym
        return ERASED if found["detail"] is not None else self.slug

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = [_spaced(each) for each in _spellings(self.name)] if " " in self.name else []
        details = [re.escape(each) for each in sorted(self.details, key=len, reverse=True)]
        slugs = [re.escape(each) for each in sorted(self.slugs, key=len, reverse=True)]
        parts = (
            f"(?P<{group}>{'|'.join(some) or _NEVER})"
            for group, some in (("detail", details), ("name", names), ("slug", slugs))
        )
        return re.compile(rf"(?<![\w])(?<!\w-)(?:{'|'.join(parts)})(?!\w|-\w)", re.IGNORECASE)


_NEVER = r"(?!)"


def _spellings(name: str) -> Iterator[str]:
    """Name as it is written, and as it stands inside a JSON text, with either form of letters."""
    for form in ("NFC", "NFD"):
        plain = normalize(form, name)
        if '"' in plain or "\\" in plain:  # the longer one first
            yield plain.replace("\\", "\\\\").replace('"', '\\"')
        yield plain


def _spaced(name: str) -> str:
    """Pattern of a name with any white space between its words."""
    return r"\s+".join(re.escape(word) for word in name.split())
