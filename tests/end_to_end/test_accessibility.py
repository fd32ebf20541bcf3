"""What not everybody can read or hear of a post is said, with its repair ready to be typed."""

from io import BytesIO
from pathlib import Path
from typing import Any

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest
from end_to_end.shell import Shell

ACCOUNTS = """
[organisation]
name = "River Valley Alliance"
own_group = ["rva-action"]

[accounts.page]
network = "sandbox"
ratio = "none"

[accounts.reddit-trial]
network = "sandbox"
imitates = "reddit"
ratio = "none"
"""
FLAWED = "𝐂𝐨𝐦𝐞 to the river 🎉🎉🎉🎉 #savetherivers"


@pytest.fixture
def workspace(shell: Shell) -> Shell:
    shell.configure(ACCOUNTS)
    return shell


def own(workspace: Shell, text: str, *more: str) -> str:
    return workspace.ok("queue", "own", "--text", text, "--to", "page", *more).out


def preview(workspace: Shell) -> Any:
    return workspace.ok("queue", "preview", "1", "--json").json


def test_flaws_of_a_text_are_said_when_it_is_queued_and_at_preview(workspace: Shell) -> None:
    queued = own(workspace, FLAWED)
    shown = workspace.ok("queue", "preview", "1").out

    for said in (queued, shown):
        repair = "to have it so: crosspromo queue edit 1 --repair"
        assert '"𝐂𝐨𝐦𝐞" is spelt or left out when it is read out; "Come" is better' in said
        assert f"page: 🎉🎉🎉🎉 is read out emoji by emoji; 🎉 is better; {repair}" in said
        assert (
            f"page: #savetherivers is read out as one word; #SaveTheRivers is better; {repair}"
            in said
        )


def test_the_repair_as_printed_mends_all_of_them(workspace: Shell) -> None:
    own(workspace, FLAWED)

    said = workspace.ok("queue", "edit", "1", "--repair").out

    assert "+Come to the river 🎉 #SaveTheRivers" in said
    shown = preview(workspace)
    assert (shown["text"], shown["notes"]) == ("Come to the river 🎉 #SaveTheRivers", [])
    assert "its text needs no repair" in workspace.ok("queue", "edit", "1", "--repair").out


def test_a_dry_run_says_them_and_names_no_delivery_that_is_not_kept(workspace: Shell) -> None:
    said = own(workspace, FLAWED, "--dry-run")

    assert "#SaveTheRivers is better\n" in said
    assert "--repair" not in said


def test_a_preview_has_them_as_notes_with_their_mends(workspace: Shell) -> None:
    own(workspace, "Come #savetherivers")

    (note,) = preview(workspace)["notes"]

    assert note["code"] == "hashtag-in-one-case"
    assert note["mend"] == {"act": "repair-text", "delivery": 1}


def poster(folder: Path) -> None:
    picture = PIL.Image.new("RGB", (800, 300), "white")
    draw, font = PIL.ImageDraw.Draw(picture), PIL.ImageFont.load_default(40)
    for number, line in enumerate(("River cleanup on Saturday", "Meet at the old bridge, 9 am")):
        draw.text((40, 40 + 70 * number), line, fill="black", font=font)
    file = BytesIO()
    picture.save(file, "PNG")
    (folder / "poster.png").write_bytes(file.getvalue())


def test_an_image_of_text_whose_alt_text_does_not_say_it_is_named(workspace: Shell) -> None:
    poster(workspace.folder)

    queued = own(workspace, "Come", "--image", "poster.png", "--alt", "A poster")
    shown = workspace.ok("queue", "preview", "1").out

    for said in (queued, shown):
        assert "page: image 1 seems to show text, about " in said
        assert "and its alt text has 7; " in said
        assert "to say it: crosspromo queue edit 1 --alt TEXT" in said


def test_an_image_of_text_whose_alt_text_says_it_is_not_named(workspace: Shell) -> None:
    poster(workspace.folder)
    alt = "A poster: River cleanup on Saturday. Meet at the old bridge, 9 am."

    said = own(workspace, "Come", "--image", "poster.png", "--alt", alt)

    assert "seems to show text" not in said


def test_a_paid_post_says_so_in_its_first_line_and_in_a_title_that_stands_alone(
    workspace: Shell,
) -> None:
    spotlight = ("queue", "spotlight", "river-keepers", "--paid", "--to", "page,reddit-trial")
    workspace.ok(*spotlight, "--title", "Meet the River Keepers")

    assert workspace.delivery(1)["text"].startswith("Paid partnership.\n\n")
    assert workspace.delivery(2)["text"].startswith("Paid partnership.\n\n")
    assert workspace.delivery(2)["title"] == "Paid partnership: Meet the River Keepers"


def test_a_post_about_our_own_group_is_asked_to_say_so_first(workspace: Shell) -> None:
    workspace.ok("partner", "add", "RVA Action", "--slug", "rva-action")

    said = workspace.ok("queue", "spotlight", "rva-action", "--to", "page").out
    assert "this is about our own group" in said
    workspace.ok("queue", "edit", "1", "--repair")

    assert workspace.delivery(1)["text"].startswith("From our own group.\n\n")
    assert "our own group;" not in workspace.ok("queue", "preview", "1").out
