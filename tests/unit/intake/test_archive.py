"""Archives of workspaces are hostile input: whatever does not belong there is refused."""

import io
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.intake import archive
from crosspromo.intake.archive import ArchiveError, Manifest, read_archive, write_archive

MANIFEST = Manifest(1, datetime(2026, 4, 22, 14, tzinfo=UTC), "0.1.0", "0006", "ours", 3, {})
Change = Callable[[zipfile.ZipFile], None]


def made(path: Path, change: Change = lambda _: None) -> Path:
    """A sound archive, changed."""
    database = path.with_suffix(".db")
    database.write_bytes(b"rows")
    with path.open("wb") as file, write_archive(file) as writer:
        writer.add_document(archive.MANIFEST, MANIFEST)
        writer.add(archive.DATABASE, database)
        writer.add("media/a.png", database)
    with zipfile.ZipFile(path, "a") as changed:
        change(changed)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ArchiveError) as error, read_archive(path) as reader:
        reader.read(archive.DATABASE)
    return str(error.value)


def with_entry(name: str, **fields: object) -> Change:
    def change(changed: zipfile.ZipFile) -> None:
        entry = zipfile.ZipInfo("media/x")
        entry.filename = name
        for field, value in fields.items():
            setattr(entry, field, value)
        changed.writestr(entry, b"x")

    return change


def test_what_was_written_is_read(tmp_path: Path) -> None:
    with read_archive(made(tmp_path / "a.zip")) as reader:
        assert reader.manifest == MANIFEST
        assert reader.files() == ["media/a.png"]
        reader.unpack("media/a.png", tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == b"rows"


@pytest.mark.parametrize(
    "name",
    [
        *("../evil", "media/../../evil", "/etc/passwd", "media//evil", "media/./evil"),
        *("media\\..\\evil", "C:/evil", "media/a:b", "media/", "media/a\nb", "evil", "media"),
        *("templates/../crosspromo.toml", ".crosspromo/session.key", "media/" + "x" * 500),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(tmp_path: Path, name: str) -> None:
    change = with_entry(name)
    if name == "media/":
        change = with_entry("../")
    assert "does not belong" in refusal(made(tmp_path / "a.zip", change))


@given(name=st.text(st.sampled_from("./\\:mediaé\u202e\0"), max_size=20))
def test_whatever_is_known_stays_below_the_folder(name: str) -> None:
    if archive.is_kept(name, 0):
        folder = Path("/srv/workspace")
        assert (folder / name).resolve().is_relative_to(folder / name.partition("/")[0])


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFBLK])
def test_a_link_or_device_is_refused(tmp_path: Path, kind: int) -> None:
    change = with_entry("media/link", external_attr=(kind | 0o777) << 16)
    assert "is a link or no file" in refusal(made(tmp_path / "a.zip", change))


@pytest.mark.parametrize("name", ["media/a.png", "media/A.PNG"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_doubled_name_is_refused(tmp_path: Path, name: str) -> None:
    assert "is in it twice" in refusal(made(tmp_path / "a.zip", with_entry(name)))


def test_a_large_entry_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    def bomb(changed: zipfile.ZipFile) -> None:
        with changed.open("templates/bomb.j2", "w") as entry:
            entry.write(bytes(archive.SMALL + 1))

    assert "is too large" in refusal(made(tmp_path / "a.zip", bomb))


def test_more_than_the_disk_holds_is_refused(tmp_path: Path) -> None:
    def claims(changed: zipfile.ZipFile) -> None:
        changed.getinfo(archive.DATABASE).file_size = 1 << 39
        changed.writestr("media/b.png", b"b")

    path = made(tmp_path / "a.zip", claims)
    with pytest.raises(ArchiveError, match="unpacked it needs"), read_archive(path) as reader:
        reader.require_room(tmp_path)


@pytest.mark.parametrize("at", [0, 40, 120, -30])
def test_a_damaged_archive_is_refused_or_read_as_it_was(tmp_path: Path, at: int) -> None:
    path = made(tmp_path / "a.zip")
    data = bytearray(path.read_bytes())
    data[at] ^= 0xFF
    path.write_bytes(data)
    with suppress(ArchiveError), read_archive(path) as reader:
        assert reader.read(archive.DATABASE) == b"rows"


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.zip"
    path.write_bytes(data)
    assert refusal(path)


@pytest.mark.parametrize("missing", [archive.MANIFEST, archive.DATABASE])
def test_another_zip_file_is_no_backup(tmp_path: Path, missing: str) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as other:
        for name in {archive.MANIFEST, archive.DATABASE} - {missing}:
            other.writestr(name, b"{}")
    path = tmp_path / "a.zip"
    path.write_bytes(file.getvalue())
    assert "it is no backup of crosspromo" in refusal(path)


@pytest.mark.parametrize(
    ("written", "said"),
    [(b"{", "cannot be read"), (b'{"format": 1}', "cannot be read"), (b"[]", "cannot be read")],
)
def test_a_manifest_that_is_none(tmp_path: Path, written: bytes, said: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as other:
        other.writestr(archive.DATABASE, b"")
        other.writestr(archive.MANIFEST, written)
    assert said in refusal(path)
