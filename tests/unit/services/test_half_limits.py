"""A limit on a partner's posts comes whole from a spreadsheet: posts and days, or neither."""

import pytest

from crosspromo.domain.errors import ImportFailedError
from crosspromo.domain.reasons.partners import HalfALimit
from crosspromo.services.import_partners import PartnerImports
from crosspromo.services.partners import PartnerService
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock

WHOLE = b"name,most_posts,most_posts_days\nA,3,30\n"


@pytest.fixture
def imports(store: Store) -> PartnerImports:
    return PartnerImports(store, FakeClock(), "ana")


@pytest.mark.parametrize(("cells", "lacking"), [(b"3,", "most_posts_days"), (b",30", "most_posts")])
def test_a_row_with_half_a_limit_is_refused(
    imports: PartnerImports, cells: bytes, lacking: str
) -> None:
    data = b"name,most_posts,most_posts_days\nA," + cells + b"\n"
    with pytest.raises(ImportFailedError) as error:
        imports.import_(data, "list.csv")
    ((row, column, problem),) = [
        (each.row, each.column, each.problem) for each in error.value.errors
    ]
    assert (row, column, problem) == (2, lacking, HalfALimit())


def test_a_row_that_leaves_half_of_a_whole_limit_is_refused(
    imports: PartnerImports, store: Store
) -> None:
    imports.import_(WHOLE, "list.csv")
    with pytest.raises(ImportFailedError):
        imports.import_(b"name,most_posts\nA,\n", "list.csv")
    partner = PartnerService(store, FakeClock()).get("a")
    assert (partner.most_posts, partner.most_posts_days) == (3, 30)


def test_a_row_that_names_one_half_changes_it_where_the_other_is_known(
    imports: PartnerImports, store: Store
) -> None:
    imports.import_(WHOLE, "list.csv")
    imports.import_(b"name,most_posts\nA,5\n", "list.csv")
    partner = PartnerService(store, FakeClock()).get("a")
    assert (partner.most_posts, partner.most_posts_days) == (5, 30)
