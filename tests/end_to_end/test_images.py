"""Images: what is queued is kept, fitted and sent as it was."""

import json
from io import BytesIO
from pathlib import Path

import PIL.Image
import pytest
from end_to_end.shell import Shell

ACCOUNTS = """
[organisation]
name = "River Valley Alliance"

[accounts.page]
network = "sandbox"
ratio = "none"

[accounts.reddit-main]
network = "sandbox"
imitates = "reddit"

[accounts.x-trial]
network = "sandbox"
imitates = "x"

[accounts.bluesky-trial]
network = "sandbox"
imitates = "bluesky"
"""
PICTURE = ("--image", "river.png", "--alt", "The river at dawn")


def picture(colour: str = "teal") -> bytes:
    file = BytesIO()
    PIL.Image.new("RGB", (60, 40), colour).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def with_picture(shell: Shell) -> Shell:
    shell.configure(ACCOUNTS)
    (shell.folder / "river.png").write_bytes(picture())
    return shell


def media(shell: Shell) -> list[Path]:
    return sorted((shell.folder / "media").glob("*"))


def queue(shell: Shell, *more: str, to: str = "page") -> str:
    return shell.ok("queue", "spotlight", "river-keepers", "--to", to, *PICTURE, *more).out


def test_it_is_kept_as_it_was_when_it_was_queued(with_picture: Shell) -> None:
    queue(with_picture)
    (with_picture.folder / "river.png").write_bytes(picture("red"))

    (kept,) = media(with_picture)
    assert kept.read_bytes() == picture()
    shown = with_picture.ok("queue", "preview", "1").out
    assert f"image: media/{kept.name} (The river at dawn)" in shown


def test_a_dry_run_keeps_nothing(with_picture: Shell) -> None:
    queue(with_picture, "--dry-run")

    assert media(with_picture) == []


def test_what_was_changed_so_that_it_fits_is_said_in_words_and_as_a_note_in_json(
    with_picture: Shell,
) -> None:
    webp = BytesIO()
    PIL.Image.open(BytesIO(picture())).save(webp, "WEBP")
    (with_picture.folder / "river.png").write_bytes(webp.getvalue())

    assert "river.png was redrawn as jpg: 60 by 40, " in queue(with_picture)
    told = queue(with_picture, "--json", "--allow-duplicate", "a test")
    (delivery,) = json.loads(told)["deliveries"]
    (note,) = delivery["notes"]
    assert "river.png was redrawn as jpg" in note["reason"]


def test_what_is_no_picture_is_refused_and_nothing_is_queued(with_picture: Shell) -> None:
    with_picture.write("river.png", "not a picture")

    said = with_picture.refused("queue", "spotlight", "river-keepers", "--to", "page", *PICTURE)

    assert said == (
        "Error: page: river.png is no picture that can be read; save it as JPEG, PNG, GIF or WebP\n"
    )
    assert with_picture.deliveries() == []
    assert media(with_picture) == []


def test_an_image_that_is_gone_or_changed_is_noticed_before_it_is_due(with_picture: Shell) -> None:
    queue(with_picture, "--at", "+2h")
    assert "ok   images" in with_picture.ok("doctor").out
    (kept,) = media(with_picture)

    kept.write_bytes(picture("red"))
    said = with_picture.run("doctor")
    assert said.status == 1
    assert f"FAIL images: media/{kept.name} is not what was queued: " in said.out
    assert "(delivery 1)" in said.out

    kept.unlink()
    assert f"FAIL images: media/{kept.name} cannot be read: " in with_picture.run("doctor").out
    with_picture.ok("queue", "cancel", "1")
    with_picture.ok("doctor")


def gif(*colours: str) -> bytes:
    first, *more = [PIL.Image.new("RGB", (60, 40), colour) for colour in colours]
    file = BytesIO()
    first.save(file, "GIF", save_all=True, append_images=more, duration=100)
    return file.getvalue()


def test_a_gif_among_others_is_refused_where_x_is_imitated_too(with_picture: Shell) -> None:
    (with_picture.folder / "wave.gif").write_bytes(gif("blue", "white"))
    pictures = (*PICTURE, "--image", "wave.gif", "--alt", "A wave")

    said = with_picture.refused("queue", "own", "--text", "Hi", "--to", "x-trial", *pictures)

    assert said == (
        "Error: x-trial shows wave.gif without other images only; leave them out, or it\n"
    )
    assert with_picture.deliveries() == []
    with_picture.ok("queue", "own", "--text", "Hi", "--to", "bluesky-trial", *pictures)


@pytest.mark.parametrize(("account", "most"), [("x-trial", 1_000), ("bluesky-trial", 2_000)])
def test_an_alt_text_too_long_for_the_imitated_network_is_refused(
    with_picture: Shell, account: str, most: int
) -> None:
    words = ("queue", "own", "--text", "Hi", "--to", account, "--image", "river.png", "--alt")

    said = with_picture.refused(*words, "x" * (most + 1))

    assert said == (
        f"Error: the alt text of river.png has {most + 1} characters, and {account} takes {most}; "
        "shorten it (--alt TEXT, one for each --image in order)\n"
    )
    with_picture.ok(*words, "x" * most)


def test_an_animation_that_will_stand_still_is_said_when_it_is_queued(with_picture: Shell) -> None:
    (with_picture.folder / "wave.gif").write_bytes(gif("blue", "white"))
    wave = ("--image", "wave.gif", "--alt", "A wave")

    on_bluesky = with_picture.ok("queue", "own", "--text", "Hi", "--to", "bluesky-trial", *wave)
    on_x = with_picture.ok("queue", "own", "--text", "Hi", "--to", "x-trial", *wave)

    still = "wave.gif moves, but stands still there: people see its first picture and no other"
    assert still in on_bluesky.out
    assert still not in on_x.out
