"""Parts of a transaction: each is what its line declares, and is made once."""

from typing import Any

import pytest

from crosspromo.store.unit import Moment, Store, Unit, _Part

PARTS = [
    (kind, name)
    for kind in (Unit, Moment)
    for name, part in vars(kind).items()
    if isinstance(part, _Part)
]


@pytest.mark.parametrize(
    ("kind", "name"), PARTS, ids=[f"{kind.__name__}.{name}" for kind, name in PARTS]
)
def test_a_part_is_what_its_line_declares(store: Store, kind: type[Unit], name: str) -> None:
    declared = kind.__annotations__[name]
    with store.read() as unit:
        made: Any = getattr(kind(unit._connection), name)
    assert declared in {each.__name__ for each in type(made).__mro__}


def test_a_part_is_made_once_in_a_transaction(store: Store) -> None:
    with store.read() as unit:
        assert unit.deliveries is unit.deliveries
        assert unit.shares._deliveries is unit.deliveries
