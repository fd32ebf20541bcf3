"""People who are to be left alone: known again by keyed hashes of name, mail address and phone.

Who reads the database alone cannot tell who they are. With another key of the workspace nobody is
known again.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from unicodedata import normalize

from crosspromo.domain.approval import name_key

if TYPE_CHECKING:
    from crosspromo.store.unit import Unit


@dataclass(frozen=True)
class KeptAway:
    """People who are to be left alone; `key` reads the key of the workspace, kept outside the
    database.
    """

    key: Callable[[], bytes]

    def add(self, unit: "Unit", names: Collection[str], now: datetime) -> None:
        """Leave the person with these names, mail addresses and phone numbers alone from now on."""
        unit.kept_away.add([self._hash(each) for each in names if each], now)

    def includes(self, unit: "Unit", *names: str | None) -> bool:
        """Whether one of these names, mail addresses or phone numbers is to be left alone."""
        known = unit.kept_away.all()
        return bool(known) and any(self._hash(each) in known for each in names if each)

    def _hash(self, name: str) -> str:
        words = _key(name).encode("utf-8", "surrogatepass")
        return hmac.new(self.key(), b"kept away:" + words, hashlib.sha256).hexdigest()


def _key(text: str) -> str:
    """Name or address as it is compared; of a phone number its digits alone."""
    digits = re.sub(r"[\s().+/-]", "", text)
    if digits.isdigit():
        return digits
    return name_key(normalize("NFC", text))
