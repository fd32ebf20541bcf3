"""What stays in an uploaded picture: a list of what shows it, for every format that is taken."""

import struct
import zlib
from io import BytesIO
from pathlib import Path

import PIL.Image
import PIL.PngImagePlugin
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crosspromo.domain.posts import Image
from crosspromo.intake.picture_parts import BrokenPictureError, shown_parts
from crosspromo.intake.pictures import ImageFolder
from crosspromo.publishing.compose import UnusableImageError
from crosspromo.publishing.networks import ImageLimits

PICTURES = Path(__file__).with_name("pictures")
EVERYTHING = ImageLimits(
    most=4, types=("image/jpeg", "image/png", "image/gif", "image/webp"), moving=("image/gif",)
)
SECRET = b"Jane Doe, 41.52N"
XMP = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + SECRET + b"</x:xmpmeta>"
PROFILE = b"a colour profile " * 40
KINDS = {"JPEG": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}


def exif() -> PIL.Image.Exif:
    noted = PIL.Image.Exif()
    noted[0x013B] = SECRET.decode()  # artist
    noted[0x8825] = {1: "N", 2: (41.0, 52.0, 0.0)}
    return noted


def telling(kind: str, *, moves: bool = False) -> bytes:
    """A picture with all that its format can tell beside it."""
    first = PIL.Image.radial_gradient("L").resize((60, 40)).convert("RGB")
    options: dict[str, object] = {}
    if moves:
        options = {"save_all": True, "append_images": [first.rotate(90), first.rotate(180)]}
        options |= {"duration": [70, 80, 90], "loop": 3}
    if kind == "PNG":
        info = PIL.PngImagePlugin.PngInfo()
        info.add_text("Author", SECRET.decode())
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        options |= {"pnginfo": info, "exif": exif(), "icc_profile": PROFILE}
    elif kind == "GIF":
        options |= {"comment": SECRET, "xmp": XMP}
    else:
        options |= {"exif": exif(), "xmp": XMP, "icc_profile": PROFILE}
        options |= {"comment": SECRET} if kind == "JPEG" else {}
    file = BytesIO()
    first.save(file, kind, **options)
    return file.getvalue() + SECRET  # a phone hides a film behind the end


def frames(data: bytes) -> list[tuple[bytes, object]]:
    """Pixels and duration of each frame."""
    with PIL.Image.open(BytesIO(data)) as picture:
        found = []
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            found.append((picture.convert("RGBA").tobytes(), picture.info.get("duration")))
        return found


MOVING = [
    (kind, moves) for kind in KINDS for moves in (False, True) if (kind, moves) != ("JPEG", True)
]


@pytest.mark.parametrize(("kind", "moves"), MOVING)
class TestWhateverIsTold:
    def test_it_is_left_out(self, kind: str, moves: bool) -> None:
        data = telling(kind, moves=moves)
        assert SECRET in data
        bare = shown_parts(data, KINDS[kind])
        assert b"Jane" not in bare
        with PIL.Image.open(BytesIO(bare)) as picture:
            picture.load()
            assert not picture.getexif()
            assert not {"xmp", "comment", "exif", "Author"} & picture.info.keys()

    def test_the_picture_is_the_same_to_the_pixel(self, kind: str, moves: bool) -> None:
        data = telling(kind, moves=moves)
        assert frames(shown_parts(data, KINDS[kind])) == frames(data)

    def test_its_colour_profile_and_its_repetitions_stay(self, kind: str, moves: bool) -> None:
        data = telling(kind, moves=moves)
        with (
            PIL.Image.open(BytesIO(data)) as before,
            PIL.Image.open(BytesIO(shown_parts(data, KINDS[kind]))) as after,
        ):
            assert after.info.get("icc_profile") == before.info.get("icc_profile")
            assert (after.info.get("icc_profile") is None) == (kind == "GIF")
            assert after.info.get("loop") == before.info.get("loop")

    def test_what_is_bare_stays_as_it_is(self, kind: str, moves: bool) -> None:
        bare = shown_parts(telling(kind, moves=moves), KINDS[kind])
        assert shown_parts(bare, KINDS[kind]) == bare


@settings(deadline=None)
@given(
    kind=st.sampled_from(sorted(KINDS)),
    moves=st.booleans(),
    at=st.integers(0),
    put=st.binary(max_size=12),
    cut=st.integers(0, 12),
)
def test_a_spoilt_file_is_a_fault_of_its_own_or_a_picture_without_the_secret_part(
    kind: str, moves: bool, at: int, put: bytes, cut: int
) -> None:
    data = telling(kind, moves=moves and kind != "JPEG")
    at %= len(data)
    spoilt = data[:at] + put + data[at + cut :]
    try:
        bare = shown_parts(spoilt, KINDS[kind])
    except BrokenPictureError:
        return
    assert len(bare) <= len(spoilt) + 2


def test_the_small_copy_of_a_jpeg_is_left_out() -> None:
    """It may show what was cut off from the picture."""
    data = telling("JPEG")
    small = b"\2\2" + b"\x77" * 12
    header = b"JFIF\0\1\1\0\0\1\0\1" + small
    spoken = data[:2] + b"\xff\xe0" + struct.pack(">H", len(header) + 2) + header
    bare = shown_parts(spoken + data[2:], "image/jpeg")
    assert b"\x77" * 12 not in bare
    assert frames(bare) == frames(data)


def test_a_part_that_nobody_knows_yet_is_left_out() -> None:
    data = telling("PNG")
    body = b"neWs" + SECRET
    chunk = struct.pack(">I", len(SECRET)) + body + struct.pack(">I", zlib.crc32(body))
    spoken = data[:33] + chunk + data[33:]
    assert shown_parts(spoken, "image/png") == shown_parts(data, "image/png")


class TestFixturesOfTheField:
    def kept(self, folder: Path, name: str, limits: ImageLimits = EVERYTHING) -> bytes:
        (folder / name).write_bytes((PICTURES / name).read_bytes())
        fitted = ImageFolder(folder).fitted(Image(name, "A river"), limits)
        self.notice = fitted.notice
        return (folder / fitted.image.path).read_bytes()

    @pytest.mark.parametrize(
        ("name", "secret"),
        [
            ("xmpgps.jpg", b"GPSLatitude"),
            ("owner.jpg", b"Jane Doe"),
            ("owner.jpg", b"SERIAL123"),
            ("anim_gps.webp", b"Exif"),
            ("anim_gps.webp", b"EXIF"),
        ],
    )
    def test_place_owner_and_serial_number_stay_here(
        self, tmp_path: Path, name: str, secret: bytes
    ) -> None:
        before = (PICTURES / name).read_bytes()
        kept = self.kept(tmp_path, name)
        assert secret.lower() not in kept.lower()
        assert frames(kept) == frames(before)
        assert f"{name} goes without {len(before) - len(kept)} bytes beside the picture" in str(
            self.notice
        )

    def test_they_stay_here_when_the_picture_is_drawn_anew(self, tmp_path: Path) -> None:
        for name in ("xmpgps.jpg", "owner.jpg"):
            kept = self.kept(tmp_path, name, ImageLimits(most=1, types=("image/webp",)))
            assert b"Jane" not in kept
            assert b"GPS" not in kept

    @pytest.mark.parametrize("name", ["anim.gif", "anim_gps.webp"])
    def test_one_that_moves_is_said_to_stand_still_where_it_does(
        self, tmp_path: Path, name: str
    ) -> None:
        still = ImageLimits(most=4, types=EVERYTHING.types, moving=())
        kept = self.kept(tmp_path, name, still)
        assert len(frames(kept)) == 5
        assert str(self.notice).startswith(
            f"{name} moves, but stands still there: people see its first picture and no other"
        )

    def test_one_that_never_moved_is_not_said_to_stand_still(self, tmp_path: Path) -> None:
        self.kept(tmp_path, "still.gif", ImageLimits(most=4, types=("image/gif",), moving=()))
        assert self.notice is None

    def test_an_animation_on_its_side_is_refused(self, tmp_path: Path) -> None:
        lying = PIL.Image.Exif()
        lying[0x0112] = 6
        first, second = PIL.Image.new("RGB", (60, 40)), PIL.Image.new("RGB", (60, 40), "red")
        first.save(
            tmp_path / "wave.webp", "WEBP", save_all=True, append_images=[second], exif=lying
        )
        with pytest.raises(UnusableImageError, match=r"wave.webp moves and lies on its side"):
            ImageFolder(tmp_path).fitted(Image("wave.webp", "A wave"), EVERYTHING)
