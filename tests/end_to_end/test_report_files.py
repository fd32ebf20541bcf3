"""`crosspromo report` as files and as mails: what is refused is said, and the rest is done."""

from collections.abc import Iterator

import pytest
from end_to_end.shell import WORKSPACE, Shell
from servers.mail import MailServer

MAILED = """
[smtp]
server = "smtp://127.0.0.1:{port}"
from = "River Valley <news@rva.example.org>"

[reports]
monthly = ["ana@rva.example.org", "bo@rva.example.org"]
"""


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def test_a_report_is_on_stdout_as_json_where_an_address_is_refused(
    empty: Shell, mail: MailServer
) -> None:
    mail.refuses["bo@rva.example.org"] = "550 no such box"
    empty.configure(WORKSPACE + MAILED.format(port=mail.port))
    refused = empty.run("report", "month", "--send", "--json")
    assert refused.status == 1
    assert refused.json["report"] == "month"
    assert "mailed to ana@rva.example.org; not mailed to bo@rva.example.org: " in refused.err
    mail.refuses.clear()
    again = empty.ok("report", "month", "--send", "--json")
    assert again.err == "mailed to bo@rva.example.org\n"
    assert again.json["report"] == "month"


def test_a_workbook_is_not_written_to_stdout(empty: Shell) -> None:
    for report in (("ratio",), ("month",), ("gate",)):
        refused = empty.run("report", *report, "--xlsx", "-")
        assert (refused.status, refused.out) == (2, "")
        assert "name a file" in refused.err


def test_a_report_as_of_today_is_of_now(empty: Shell) -> None:
    for name in ("partners", "ratio", "month"):
        for today in ("today", "now"):
            told = empty.ok("report", name, "--as-of", today).out
            assert "what is recorded now of the time until" in told
    refused = empty.run("report", "ratio", "--as-of", "+10d")
    assert refused.status == 2
    assert "has not come yet; a report is of now or of a time before" in refused.err


def test_faces_are_not_mixed_on_stdout_and_files_are_named(empty: Shell) -> None:
    for asked in (("--json", "--csv", "-"), ("--csv", "-", "--html", "-"), ("--csv", "")):
        refused = empty.run("report", "ratio", *asked)
        assert (refused.status, refused.out) == (2, "")
    written = empty.ok("report", "ratio", "--json", "--csv", "ratio.csv")
    assert written.err == "wrote ratio.csv\n"
    assert written.json["report"] == "ratio"
