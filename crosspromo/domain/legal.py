"""What the law lets an organisation share: a 501(c)(3) stays out of elections (SEMANTICS, *What
people rely on*).
"""

from collections.abc import Iterable, Mapping

_ELECTORAL = frozenset({"candidate", "527"})


def block(organisation: str | None, partners: Mapping[str, str]) -> str | None:
    """Why posts about these partners (names with their status) must not be shared; None: they may.

    `organisation` is our own status.
    """
    if organisation != "c3":
        return None
    names = list(_electoral(partners))
    if not names:
        return None
    are = "is a candidate or a 527 group" if len(names) == 1 else "are candidates or 527 groups"
    return (
        f"{', '.join(names)} {are}, and a 501(c)(3) organisation must not share posts of such; "
        "there is no way around this"
    )


def _electoral(partners: Mapping[str, str]) -> Iterable[str]:
    return (
        name for name, status in sorted(partners.items()) if status.strip().lower() in _ELECTORAL
    )
