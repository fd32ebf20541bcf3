"""Words for the places where something is held of a person."""

from collections.abc import Mapping
from types import MappingProxyType

_PLACES: Mapping[str, str] = MappingProxyType(
    {
        "partner_people": "people at partners",
        "people": "people who may sign in",
        "sessions": "sign-ins",
        "one_time_links": "links to sign in",
        "audit": "audit log",
        "partner_entries": "diaries of partners",
        "partner_imports": "imports of partners",
        "partner_import_changes": "what imports changed",
        "undoable_acts": "what can be taken back",
        "compose_drafts": "drafts in the console",
    }
)


def place_of(table: str) -> str:
    """Place in plain words, from the name of a table."""
    return _PLACES.get(table, table.replace("_", " "))
