"""Items told apart from one reading of a feed to the next."""

from collections.abc import Collection, Iterable
from hashlib import sha256

from crosspromo.domain.web_address import is_web_address
from crosspromo.intake.feeds.feed import Item

LONGEST_KEY = 200
"""Characters; a longer id or link is kept as its hash."""


def key_of(item: Item) -> str:
    """Text that names an item within its feed: its id, else its link, else its title and day.

    The summary does not count, since it changes when a slip is mended; nor does the scheme of an
    address, since a site that moves to https would else have nothing but news.
    """
    if item.id:
        return _short("id", item.id)
    if item.link:
        return _short("link", item.link)
    moment = item.moment
    said = f"{item.title or item.summary}\n{moment.isoformat() if moment else ''}"
    return f"hash:{_hash(said)}"


def new_items(items: Iterable[Item], known: Collection[str]) -> tuple[Item, ...]:
    """Items whose keys are not known, in their order; of two with one key the first."""
    found: dict[str, Item] = {}
    for item in items:
        key = key_of(item)
        if key not in known:
            found.setdefault(key, item)
    return tuple(found.values())


def _short(kind: str, text: str) -> str:
    if is_web_address(text):  # the fragment stays: it tells the entries of a page apart
        text = text.partition("//")[2].removeprefix("www.")
    return f"{kind}:{text}" if len(text) <= LONGEST_KEY else f"{kind}-hash:{_hash(text)}"


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
