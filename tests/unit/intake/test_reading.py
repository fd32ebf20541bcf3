"""A reading is taken whole or not at all."""

import pytest

from crosspromo.domain.errors import ImportFailedError, RowError
from crosspromo.domain.timing import UTC_ZONE
from crosspromo.intake.reading import Reading
from crosspromo.phrasing.errors import of_error


def test_a_reading_without_errors_gives_its_items() -> None:
    assert Reading("list.csv", items=("a", "b"), rows=(2, 3)).complete() == ("a", "b")


def test_a_reading_with_errors_names_the_file_and_each_row() -> None:
    fault = RowError(4, "website", "is no web address")
    with pytest.raises(ImportFailedError) as e:
        Reading("list.csv", items=("a",), rows=(2,), errors=(fault,)).complete()
    assert e.value.errors == (fault,)
    assert of_error(e.value, UTC_ZONE) == (
        "list.csv: 1 row cannot be read, so nothing was imported:\n"
        "  row 4, column website: is no web address"
    )


def test_every_item_has_its_row() -> None:
    with pytest.raises(ValueError, match="row"):
        Reading("list.csv", items=("a",), rows=())
