"""Disks below folders, and numbers of files."""

import shutil
from pathlib import Path

from crosspromo.disks import Disk, disk_of, file_number


def test_a_disk_says_where_it_is_and_what_is_free(tmp_path: Path) -> None:
    disk = disk_of(tmp_path)
    assert disk.mount.is_mount()
    assert tmp_path.is_relative_to(disk.mount)
    assert disk.free > 0
    assert str(Disk(Path("/srv"), 4_200_000)) == "the disk of /srv has 4 MB free"
    assert str(Disk(Path("/srv"), 4_096)) == "the disk of /srv has 4 kB free"
    assert str(Disk(Path("/srv"), 12_340_000_000)) == "the disk of /srv has 12.3 GB free"


def test_a_copy_has_another_number_and_a_renamed_file_has_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("a")
    number = file_number(file)
    assert number is not None
    assert file_number(Path(shutil.copy(file, tmp_path / "b"))) != number
    assert file_number(file.rename(tmp_path / "c")) == number
    assert file_number(file) is None
