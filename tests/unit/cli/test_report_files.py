"""Files of reports: written whole, never in place of a device, and named where they fail."""

import os
from pathlib import Path

import pytest

from crosspromo.cli.report_files import check_places, write_file
from crosspromo.domain.errors import UsageError


def test_a_file_is_written_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "it.csv"
    for text in ("one", "Größe"):
        write_file(str(file), text)
        assert file.read_text(encoding="utf-8") == text
    assert list(tmp_path.iterdir()) == [file]


def test_a_pipe_is_written_to_and_stays_one(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    end = os.open(pipe, os.O_RDWR | os.O_NONBLOCK)
    try:
        write_file(str(pipe), "words")
        assert os.read(end, 100) == b"words"
    finally:
        os.close(end)
    assert pipe.is_fifo()


def test_a_file_that_is_marked_as_read_only_stays_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "it.html"
    file.write_text("kept", encoding="utf-8")
    file.chmod(0o444)
    with pytest.raises(UsageError, match=r"it\.html cannot be written: it is marked as read only"):
        write_file(str(file), "new")
    assert file.read_text(encoding="utf-8") == "kept"


def test_the_file_that_was_named_is_named_where_it_cannot_be_written(tmp_path: Path) -> None:
    file = tmp_path / "none" / "it.csv"
    with pytest.raises(UsageError) as raised:
        write_file(str(file), "words")
    assert str(raised.value) == f"{file} cannot be written: No such file or directory"


def test_text_goes_to_standard_output_and_a_workbook_does_not(
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_file("-", "words")
    assert capsys.readouterr() == ("words", "")
    check_places(as_json=False, csv="-", xlsx="it.xlsx", html="it.html")
    check_places(as_json=True, csv="it.csv", xlsx=None, html=None)
    with pytest.raises(UsageError, match=r"name a file such as it\.xlsx"):
        check_places(as_json=False, csv=None, xlsx="-", html=None)


def test_a_file_that_was_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_file(str(tmp_path / "it.csv"), "words")
    assert capsys.readouterr() == ("", f"wrote {tmp_path / 'it.csv'}\n")


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
