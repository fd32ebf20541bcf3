"""A crosspromo.toml with a fault still tells which database is used, or says nothing about it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crosspromo.readable_settings import readable_part
from crosspromo.settings import DEFAULT_DATABASE, LARGEST_FILE, Settings

SOUND = """\
[organisation]
name = "River Valley Alliance"
timezone = "America/Chicago"

[database]   # on another machine
url = "env:DATABASE_URL"

[accounts.x-main]
network = "x"
"""


def part(folder: Path, text: str | bytes) -> Settings | None:
    file = folder / "crosspromo.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return readable_part(file)


@pytest.mark.parametrize(
    "text",
    [
        SOUND.replace('network = "x"', 'netwrok = "x"'),
        SOUND + '[floor]\nratio = "3 to 1"\n',
        SOUND.replace('network = "x"', 'network = "x'),
        SOUND.replace('"River Valley Alliance"', '"River "Valley" Alliance"'),
        SOUND.replace("[accounts.x-main]", "[accounts.x-main"),
        SOUND + "a = [" * 5_000,
        SOUND.encode() + b"# \xff\xfe",
    ],
)
def test_a_fault_elsewhere_hides_no_database(tmp_path: Path, text: str | bytes) -> None:
    found = part(tmp_path, text)
    assert found is not None
    assert found.database_url == "env:DATABASE_URL"
    assert found.accounts == {}


@pytest.mark.parametrize("text", [SOUND.replace("x-main", "x main"), SOUND + '[floor]\nratio = ""'])
def test_times_are_in_the_zone_that_can_be_read(tmp_path: Path, text: str) -> None:
    found = part(tmp_path, text)
    assert found is not None
    assert found.organisation.zone.key == "America/Chicago"


@pytest.mark.parametrize("zone", ['"Mars/Olympus"', "7", '"../etc/passwd"', '"America"'])
def test_times_are_in_utc_where_the_zone_is_the_fault(tmp_path: Path, zone: str) -> None:
    found = part(tmp_path, SOUND.replace('"America/Chicago"', zone))
    assert found is not None
    assert found.organisation.zone.key == "UTC"


@pytest.mark.parametrize("line", ["nmae = 'River'", "name = 'River", "# the database is here"])
def test_without_a_database_the_file_means_the_usual_one(tmp_path: Path, line: str) -> None:
    found = part(tmp_path, f"[organisation]\n{line}\n")
    assert found is not None
    assert found.database_url == DEFAULT_DATABASE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "[accounts.x-main]\n",
        SOUND.replace("[database]", 'database = { url = "env:DATABASE_URL" }\n[more]'),
        SOUND.replace('"env:DATABASE_URL"', "7"),
        SOUND.replace('"env:DATABASE_URL"', '"env:DATABASE_URL'),
        SOUND.replace("[database]", "[database"),
        SOUND.replace("[database]", "[datbase] ]"),
        SOUND + '[database]\nurl = "sqlite:///other.db"\n',
        "database = 1\n" + SOUND.replace("[database]", "[floor]"),
        b"\x00\xff" * 500,
        SOUND + "#" * LARGEST_FILE,
    ],
)
def test_where_the_database_cannot_be_told_none_is_guessed(
    tmp_path: Path, text: str | bytes
) -> None:
    assert part(tmp_path, text) is None


def test_a_file_that_cannot_be_read_tells_nothing(tmp_path: Path) -> None:
    assert readable_part(tmp_path) is None


@given(st.text(), st.integers(0, len(SOUND)))
def test_whatever_is_typed_into_it_another_database_is_never_taken(
    tmp_path_factory: pytest.TempPathFactory, typed: str, at: int
) -> None:
    folder = tmp_path_factory.mktemp("typed")
    heading, value = SOUND.index("[database]"), SOUND.index("[accounts")
    if heading <= at < value:
        at = len(SOUND)
    found = part(folder, SOUND[:at] + "\n" + typed.replace("[", "") + "\n" + SOUND[at:])
    assert found is None or found.database_url == "env:DATABASE_URL"
