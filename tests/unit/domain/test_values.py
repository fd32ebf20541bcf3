"""A value is used as a frozen dataclass: equal by its fields, changed by `replace`, never set."""

from dataclasses import Field, fields, is_dataclass, replace
from datetime import UTC, datetime
from importlib import import_module
from pkgutil import walk_packages

import pytest

import crosspromo.domain
from crosspromo.domain.outcomes import Receipt, Sent
from crosspromo.domain.values import Value

AT = datetime(2026, 4, 22, 9, tzinfo=UTC)
RECEIPT = Receipt("at://1", url="https://network.example/1")


def test_values_with_equal_fields_are_equal_and_stand_for_each_other_in_a_set() -> None:
    assert Receipt("at://1", "https://network.example/1") == RECEIPT
    assert {RECEIPT, Receipt("at://1", "https://network.example/1")} == {RECEIPT}
    assert Receipt("at://2") != RECEIPT


def test_a_changed_value_is_another_one_and_the_first_stays() -> None:
    changed = replace(RECEIPT, published_at=AT)
    assert (changed.remote_id, changed.url, changed.published_at) == ("at://1", RECEIPT.url, AT)
    assert RECEIPT.published_at is None


def test_a_field_that_a_value_does_not_have_cannot_be_given() -> None:
    with pytest.raises(TypeError):
        replace(RECEIPT, uri="at://2")  # type: ignore[call-arg]  # that is the point


def test_no_field_can_be_set() -> None:
    with pytest.raises(AttributeError):
        RECEIPT.url = None  # type: ignore[misc]  # that is the point


def test_it_has_the_fields_of_a_dataclass_in_their_order() -> None:
    assert is_dataclass(RECEIPT)
    assert [each.name for each in fields(Receipt)] == ["remote_id", "url", "published_at"]
    assert [each.name for each in fields(Sent)] == ["receipt"], "each class has its own"


def test_it_is_matched_by_its_fields() -> None:
    match Sent(RECEIPT):
        case Sent(Receipt(remote_id, url)):
            assert (remote_id, url) == ("at://1", "https://network.example/1")


def every_value() -> list[type[Value]]:
    """Every class of values in the house."""

    def below(of: type[Value]) -> list[type[Value]]:
        return [each for one in of.__subclasses__() for each in (one, *below(one))]

    for module in walk_packages(crosspromo.domain.__path__, "crosspromo.domain."):
        import_module(module.name)
    import_module("crosspromo.workspace")
    return below(Value)


def test_every_value_is_immutable() -> None:
    assert [each for each in every_value() if not each.__struct_config__.frozen] == []


def test_a_default_of_a_value_is_made_by_msgspec_never_by_dataclasses() -> None:
    """`dataclasses.field` would be taken for the default itself."""
    of_dataclasses = [
        f"{each.__module__}.{each.__name__}"
        for each in every_value()
        if any(isinstance(default, Field) for default in each.__struct_defaults__)
    ]
    assert of_dataclasses == []
