"""Names of partners other than the one who reads a page, and whether words have one of them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from crosspromo.domain.partners import Partner

MATCHED = 20
"""Characters of a name by which it is found, since words may be cut after them."""

_WORD = re.compile(r"\w+")


class OtherPartners:
    """Names, slugs, handles and websites of all partners but one."""

    def __init__(self, partners: Iterable[Partner], reader: str) -> None:
        self._names: dict[str, set[str]] = {}
        own: set[str] = set()
        for partner in partners:
            for name in _names_of(partner):
                if partner.slug == reader:
                    own.add(name)
                else:
                    self._names.setdefault(name.split(" ")[0][:MATCHED], set()).add(name)
        self._own = sorted(own, key=len, reverse=True)

    def are_named_in(self, words: str) -> bool:
        """Whether the words have the name of another; case, signs and spaces do not matter."""
        text = f" {_plain(words)} "
        for own in self._own:
            text = text.replace(f" {own} ", " - ")
        places = (match.start() for match in re.finditer(r"(?<= )\w", text))
        return any(_begins_with_one(text[place:], self._names) for place in places)


def _begins_with_one(text: str, names: Mapping[str, set[str]]) -> bool:
    first = text.split(" ", 1)[0][:MATCHED]
    return any(
        text.startswith(name[:MATCHED] if len(name) > MATCHED else f"{name} ")
        for name in names.get(first, ())
    )


def _names_of(partner: Partner) -> Iterator[str]:
    host = urlsplit(partner.website).hostname if "//" in partner.website else partner.website
    site = (host or "").removeprefix("www.")
    for each in (partner.name, partner.slug, *partner.handles.values(), site):
        plain = _plain(each)
        if plain:
            yield plain
            yield plain.replace(" ", "")


def _plain(words: str) -> str:
    return " ".join(_WORD.findall(words.casefold()))
