"""Alt texts that are names of files, and those that are not."""

import pytest

from crosspromo.domain.alt_texts import is_file_name


@pytest.mark.parametrize(
    "alt",
    [
        *("IMG_2034.jpg", "img_2034", "DSC00012.JPG", "PXL_20260422_101500123", "RIVER.PNG"),
        *("Screenshot 2026-11-27 at 10.00.15.png", "image1", "photo-3.webp", "our river (1).png"),
    ],
)
def test_a_name_of_a_file_is_no_alt_text(alt: str) -> None:
    assert is_file_name(alt, "media/our river (1).png" if "our" in alt else "river.png")


@pytest.mark.parametrize(
    "alt",
    [
        *("A river in spring.", "River", "Photo of 3 volunteers", "image of a poster"),
        *("24 people.", "A screenshot of river.png in a browser", "Room 12.30"),
    ],
)
def test_words_about_an_image_are_one(alt: str) -> None:
    assert not is_file_name(alt, "river.png")
