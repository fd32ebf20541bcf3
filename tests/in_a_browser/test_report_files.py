"""Reports as one page, opened from the disk: whole, sound, and asking for nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import full_house
import pytest
from browsers import Office
from in_a_browser.test_every_page import accessible, overflow
from report_samples import CHICAGO, HOSTILE, sample

from crosspromo.cli.report_acts import command_of
from crosspromo.phrasing.reports.named import NAMED
from crosspromo.report_faces.html import html_of
from crosspromo.reports.page import ReportPage

if TYPE_CHECKING:
    from playwright.sync_api import Browser

WIDTHS = (1200, 390, 320)
PAPER = 740
"""Pixels of CSS that a sheet of paper is wide within its margins."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, ReportPage]:
    """Every report of a workspace in which much has happened, and two samples."""
    with Office(tmp_path_factory.mktemp("house"), full_house.SETTINGS) as office:
        house = full_house.filled(office)
        reports = full_house.reports(house.office)
    return {**reports, "sample": sample(), "hostile": sample(HOSTILE)}


@pytest.mark.parametrize("name", ["month", "partner", *NAMED, "sample", "hostile"])
def test_a_report_is_sound_at_any_width_and_asks_for_nothing(
    browser: "Browser", axe: str, tmp_path: Path, made: Mapping[str, ReportPage], name: str
) -> None:
    file = tmp_path / "report.html"
    text = html_of(made[name], CHICAGO, organisation="Us", command_of=command_of)
    file.write_text(text, encoding="utf-8")
    asked: list[str] = []
    said: list[str] = []
    context = browser.new_context(bypass_csp=True)  # axe is a script, which the page forbids
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(file.as_uri(), wait_until="load")
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert overflow(page) == [], width
    accessible(page, axe)
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    assert overflow(page) == []
    context.close()
    assert asked == [file.as_uri()]
    assert said == []
