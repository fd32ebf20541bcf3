"""What the law lets an organisation share: a 501(c)(3) stays out of elections (SEMANTICS, *What
people rely on*).
"""

from collections.abc import Iterable, Mapping

_ELECTORAL = frozenset({"candidate", "527"})


def barred(organisation: str | None, partners: Mapping[str, str]) -> tuple[str, ...]:
    """The partners (of names with their legal status) whose posts must not be shared; empty: none.

    `organisation` is our own status.
    """
    return tuple(_electoral(partners)) if organisation == "c3" else ()


def _electoral(partners: Mapping[str, str]) -> Iterable[str]:
    return (
        name for name, status in sorted(partners.items()) if status.strip().lower() in _ELECTORAL
    )
