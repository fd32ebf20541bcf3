"""Places of reports: files and standard output, each for one face."""

import pytest

from crosspromo.cli.report_places import check_places
from crosspromo.domain.errors import UsageError


def test_text_goes_to_standard_output_and_a_workbook_does_not() -> None:
    check_places(as_json=False, csv="-", xlsx="it.xlsx", html="it.html")
    check_places(as_json=True, csv="it.csv", xlsx=None, html=None)
    with pytest.raises(UsageError, match=r"name a file such as it\.xlsx"):
        check_places(as_json=False, csv=None, xlsx="-", html=None)


@pytest.mark.parametrize(
    ("as_json", "csv", "html", "both"),
    [
        (True, "-", None, "--json and --csv -"),
        (False, "-", "-", "--csv - and --html -"),
        (True, "-", "-", "--json and --csv - and --html -"),
    ],
)
def test_two_faces_are_not_mixed_on_standard_output(
    as_json: bool, csv: str | None, html: str | None, both: str
) -> None:
    with pytest.raises(UsageError, match=f"{both} would be mixed"):
        check_places(as_json, csv, None, html)


@pytest.mark.parametrize("option", ["csv", "xlsx", "html"])
def test_a_file_without_a_name_is_refused(option: str) -> None:
    names: dict[str, str | None] = {"csv": None, "xlsx": None, "html": None}
    with pytest.raises(UsageError, match=f"--{option} has no name of a file"):
        check_places(as_json=False, **names | {option: ""})
