"""Files that commands write: whole, never in place of a device, and named where they fail."""

import os
from pathlib import Path

import pytest

from crosspromo.cli.written_files import write_file
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


def test_text_goes_to_standard_output(capsys: pytest.CaptureFixture[str]) -> None:
    write_file("-", "words")
    assert capsys.readouterr() == ("words", "")


def test_a_workbook_does_not_go_there() -> None:
    with pytest.raises(UsageError, match=r"name a file such as it\.xlsx"):
        write_file("-", b"PK")


def test_a_link_stays_and_the_file_to_which_it_leads_is_written(tmp_path: Path) -> None:
    file, link = tmp_path / "it.csv", tmp_path / "link.csv"
    file.write_text("old", encoding="utf-8")
    link.symlink_to(file)
    write_file(str(link), "new")
    assert link.is_symlink()
    assert file.read_text(encoding="utf-8") == "new"
