"""The month report in the console: verdict first, what was released, what did not go out, CSV."""

import csv
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from browsers import SETTINGS, Browser, Office
from click.testing import CliRunner

from crosspromo.cli.report import command
from crosspromo.cli.session import Session
from crosspromo.domain.partners import Partner
from crosspromo.domain.people import Role
from crosspromo.domain.requests import Spotlight
from crosspromo.phrasing.reports.named import NAMED
from crosspromo.workspace import Workspace

EVIL = "=HYPERLINK(1)<script>alert(1)</script>"


def share(office: Office, slug: str) -> None:
    office.workspace.services.partners.add(Partner(slug, slug.title()))
    asked = Spotlight(author="Amira Author", partner=slug, at=office.clock.now())
    office.workspace.services.queue_post.queue(asked, ["x-main"])
    office.publish()


def post(office: Office, text: str) -> None:
    office.queue(text, at=office.clock.now())
    office.publish()


def release(office: Office, text: str, reason: str) -> None:
    """Have a self post go out that the promise holds."""
    number = office.queue(text, at=office.clock.now() + timedelta(minutes=31))
    office.clock.advance(timedelta(minutes=31))
    office.publish()
    office.workspace.services.act_on_delivery("Dan Okafor").release(number, reason)
    office.publish()


def heading(browser: Browser, path: str = "/reports") -> str:
    return browser.get(path).text.partition("<h1><bdi>")[2].partition("</bdi>")[0]


def test_a_month_in_which_all_was_allowed_says_so_first(office: Office, reader: Browser) -> None:
    share(office, "aspen")
    assert heading(reader) == "April 2026: the promise is kept so far"
    text = reader.get("/reports").text
    assert "1 partner post and 0 self posts." in text
    assert "Counted until 07:00." in text


def test_a_month_in_which_nothing_went_out_says_so(office: Office, reader: Browser) -> None:
    assert heading(reader, "/reports/2026-02") == "February 2026: nothing went out; promise kept"


def test_a_release_is_named_with_who_and_why(office: Office, reader: Browser) -> None:
    share(office, "aspen")
    release(office, "New number", "flood warning")
    release(office, "Road closed", f"road {EVIL}")
    text = reader.get("/reports").text
    assert "Dan Okafor" in text
    assert "flood warning" in text
    assert "<script>alert" not in text
    assert "2 self posts went out before they were allowed; a person released each" in text


def test_a_promise_that_is_not_kept_is_named_with_the_account_and_since_when(
    office: Office, reader: Browser
) -> None:
    release(office, "New number", "flood warning")
    assert heading(reader) == (
        "April 2026: the promise is not kept now on x-main and all accounts together"
    )
    assert "not kept since Wed 1 Apr" in reader.get("/reports").text


def test_exceptions_are_counted_where_the_promise_was_kept_in_the_end(
    office: Office,
) -> None:
    release(office, "New number", "flood warning")
    for slug in ("aspen", "birch", "cedar"):
        office.clock.advance(timedelta(hours=1))
        share(office, slug)
    office.clock.advance(timedelta(days=32))
    reader = office.signed_in(Role.READER)
    assert heading(reader, "/reports/2026-04") == (
        "April 2026: the promise was kept, with one exception"
    )


def test_what_happened_after_the_month_does_not_change_it(office: Office) -> None:
    share(office, "aspen")
    office.clock.advance(timedelta(days=32))
    release(office, "New number", "flood warning")
    reader = office.signed_in(Role.READER)
    document = reader.get("/reports/2026-04.json").json()
    x_main = next(each for each in document["accounts"] if each["account"] == "x-main")
    assert (x_main["others"], x_main["self"], x_main["window_self"]) == (1, 0, 0)
    assert document["kept"] is True
    assert reader.get("/reports.json").json()["month"] == "2026-05"


def test_partners_are_counted_and_those_left_silent_are_named(
    office: Office, reader: Browser
) -> None:
    share(office, "aspen")
    office.workspace.services.partners.add(Partner("birch", f"Birch {EVIL}"))
    text = reader.get("/reports").text
    assert '<a href="/partners/aspen"><bdi>Aspen</bdi></a>' in text
    assert "1 partner was not shared: Birch =HYPERLINK(1)&lt;script&gt;" in text


def test_what_did_not_go_out_is_listed(office: Office) -> None:
    office.queue("Too late", at=office.clock.now() + timedelta(hours=1))
    office.clock.advance(timedelta(days=4))
    office.publish()
    reader = office.signed_in(Role.READER)
    text = reader.get("/reports").text
    assert "1 post was not sent." in text
    assert "Too late" in text
    assert reader.get("/reports.json").json()["unsent"][0]["state"] == "missed"


def test_the_figures_are_drawn_as_marks_that_can_be_counted(
    office: Office, reader: Browser
) -> None:
    share(office, "aspen")
    post(office, "Hello")
    office.clock.advance(timedelta(hours=1))
    office.publish()
    text = reader.get("/reports").text
    dots = text.partition('class="dots"')[2].partition("</div>")[0]
    assert dots.count("class='partner'") == 1


def test_months_lead_to_the_one_before_and_after(office: Office, reader: Browser) -> None:
    text = reader.get("/reports").text
    assert 'href="/reports/2026-03"' in text
    assert 'href="/reports/2026-05"' not in text
    assert 'href="/reports/2026-04"' in reader.get("/reports/2026-03").text


@pytest.mark.parametrize("month", ["2026-05", "2026-13", "2026-4", "x", "0000-01", "²026-01"])
def test_there_is_no_report_of_another_month(reader: Browser, month: str) -> None:
    assert reader.get(f"/reports/{month}").status_code == 404
    assert reader.get(f"/reports/{month}.csv").status_code == 404


def test_the_table_of_accounts_is_downloaded_whole(tmp_path: Path) -> None:
    with Office(tmp_path, SETTINGS) as office:
        share(office, "aspen")
        answer = office.signed_in(Role.READER).get("/reports/2026-04.csv")
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        assert "crosspromo-2026-04.csv" in answer.headers["content-disposition"]
        rows = list(csv.DictReader(StringIO(answer.text)))
        assert [(row["account"], row["others"], row["ok"]) for row in rows] == [
            ("x-main", "1", "yes"),
            ("bluesky-main", "0", "yes"),
        ]


class SessionAt(Session):
    """Session of a command in a workspace that is open already."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(None, 0)
        self._workspace = workspace

    @property
    def workspace(self) -> Workspace:
        return self._workspace


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        (("month",), "/reports/2026-04"),
        (("month", "2026-03"), "/reports/2026-03"),
        (("partner", "aspen"), "/partners/aspen/report"),
        *(((name,), f"/reports/{name}") for name in NAMED),
    ],
    ids=" ".join,
)
def test_the_command_and_the_console_write_the_same_csv(
    office: Office, reader: Browser, typed: tuple[str, ...], path: str
) -> None:
    share(office, "aspen")
    release(office, "New number", "flood warning")
    typed_csv = CliRunner().invoke(command, [*typed, "--csv", "-"], obj=SessionAt(office.workspace))
    assert typed_csv.stdout_bytes == reader.get(f"{path}.csv").content
    assert typed_csv.stdout_bytes.count(b"\r\n") >= 1
