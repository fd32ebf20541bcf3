"""A picture of text is told from one without, without reading it."""

import PIL.Image
import PIL.ImageDraw
import PIL.ImageFont
import pytest

from crosspromo.intake.pictured_text import letters_in

LINES = ("River cleanup on Saturday", "Meet at the old bridge, 9 am", "Bring gloves and boots")
LETTERS = sum(len(line.replace(" ", "")) for line in LINES)


def poster(
    size: int, paper: object = "white", ink: object = "black", mode: str = "RGB"
) -> PIL.Image.Image:
    picture = PIL.Image.new(mode, (size * 20, size * 8), paper)  # type: ignore[arg-type]  # a colour
    draw, font = PIL.ImageDraw.Draw(picture), PIL.ImageFont.load_default(size)
    for number, line in enumerate(LINES):
        draw.text((size, size * (1 + 1.6 * number)), line, fill=ink, font=font)  # type: ignore[arg-type]  # as above
    return picture


@pytest.mark.parametrize("size", [16, 24, 40, 80, 200])
def test_the_letters_of_a_poster_are_counted_roughly(size: int) -> None:
    assert LETTERS / 2 < letters_in(poster(size)) < LETTERS * 2


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
def test_whatever_holds_its_colours(mode: str) -> None:
    assert letters_in(poster(40).convert(mode)) > LETTERS / 2


def test_light_on_dark_and_on_nothing() -> None:
    assert letters_in(poster(40, "navy", "white")) > LETTERS / 2
    assert letters_in(poster(40, (0, 0, 0, 0), (0, 0, 0, 255), "RGBA")) > LETTERS / 2


@pytest.mark.parametrize(
    "picture",
    [
        PIL.Image.new("RGB", (800, 600), "teal"),
        PIL.Image.new("L", (1, 1)),
        PIL.Image.radial_gradient("L"),
        PIL.Image.linear_gradient("L"),
        PIL.Image.effect_noise((800, 600), 90),
    ],
    ids=["flat", "a dot", "round", "straight", "noise"],
)
def test_a_picture_without_text_has_none(picture: PIL.Image.Image) -> None:
    assert letters_in(picture) == 0
