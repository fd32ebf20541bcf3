"""Reasons and mends compared with their class: as tuples, two classes with equal values are equal,
so that `InDoubt("no") == NotSent("no")`.
"""


def exact(value: object) -> tuple[type, object]:
    """The value and its class."""
    return type(value), value
