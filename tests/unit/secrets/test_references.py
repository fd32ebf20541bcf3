"""Secrets come from where they are named, and nothing says them aloud."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.core import load_keyring
from keyrings.alt.file import PlaintextKeyring

from crosspromo.domain.errors import ConfigError
from crosspromo.secrets.redaction import HIDDEN, Redactor
from crosspromo.secrets.references import LARGEST_SECRET, database_url, resolve
from crosspromo.settings import parse

SECRET = "correct-horse-battery"
PUBLIC = frozenset({"username"})
PLACE = "[accounts.one] credentials, password"


def resolved(
    tmp_path: Path, reference: str, redactor: Redactor | None = None, **environment: str
) -> dict[str, str]:
    settings = parse(
        '[organisation]\nname = "us"\n[accounts.one]\nnetwork = "reddit"\n'
        f'credentials = {{ username = "us_example", password = "{reference}" }}',
        "crosspromo.toml",
    )
    return resolve(settings.accounts["one"], tmp_path, redactor or Redactor(), PUBLIC, environment)


def fault(tmp_path: Path, reference: str) -> str:
    with pytest.raises(ConfigError) as error:
        resolved(tmp_path, reference)
    return str(error.value)


@pytest.fixture
def keyring_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A real keyring, in a file of its own, with one password in it."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "keyring"))
    before = keyring.get_keyring()
    keyring.set_keyring(PlaintextKeyring())
    keyring.set_password("crosspromo", "reddit", SECRET)
    yield
    keyring.set_keyring(before)


@pytest.fixture
def no_keyring() -> Iterator[None]:
    """What keyring uses on a machine that has none."""
    before = keyring.get_keyring()
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    yield
    keyring.set_keyring(before)


def test_a_secret_comes_from_the_environment(tmp_path: Path) -> None:
    assert resolved(tmp_path, "env:REDDIT", REDDIT=SECRET)["password"] == SECRET


def test_a_secret_comes_from_a_file_beside_the_settings(tmp_path: Path) -> None:
    (tmp_path / "reddit.secret").write_text(f"{SECRET}\n")
    assert resolved(tmp_path, "file:reddit.secret")["password"] == SECRET
    assert resolved(tmp_path, f"file:{tmp_path}/reddit.secret")["password"] == SECRET


@pytest.mark.usefixtures("keyring_")
def test_a_secret_comes_from_the_keyring(tmp_path: Path) -> None:
    assert resolved(tmp_path, "keyring:crosspromo/reddit")["password"] == SECRET


def test_every_secret_is_told_to_the_redactor_and_a_user_name_is_not(tmp_path: Path) -> None:
    redactor = Redactor()
    resolved(tmp_path, "env:REDDIT", redactor, REDDIT=SECRET)
    assert redactor.redact(f"us_example: {SECRET}") == f"us_example: {HIDDEN}"


def test_a_user_name_may_stand_in_the_clear(tmp_path: Path) -> None:
    assert resolved(tmp_path, "env:REDDIT", REDDIT=SECRET)["username"] == "us_example"


def test_a_secret_in_the_clear_is_refused_and_not_repeated(tmp_path: Path) -> None:
    assert fault(tmp_path, SECRET) == (
        f"{PLACE}: a secret must not stand in crosspromo.toml; put it into an environment "
        'variable and write "env:NAME", or use "file:PATH"'
    )


@pytest.mark.parametrize("environment", [{}, {"REDDIT": ""}])
def test_a_variable_that_is_not_set_is_named(tmp_path: Path, environment: dict[str, str]) -> None:
    with pytest.raises(ConfigError) as error:
        resolved(tmp_path, "env:REDDIT", None, **environment)
    shown = str(error.value)
    assert shown == f"{PLACE}: the environment variable REDDIT is not set"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    shown = fault(tmp_path, "file:none.secret")
    assert shown == f"{PLACE}: {tmp_path}/none.secret cannot be read (FileNotFoundError)"


def test_an_empty_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "empty.secret").write_text(" \n")
    assert fault(tmp_path, "file:empty.secret") == f"{PLACE}: {tmp_path}/empty.secret is empty"


def test_a_keyring_that_is_not_installed_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    shown = fault(tmp_path, "keyring:crosspromo/reddit")
    assert shown == f"{PLACE}: keyring is not installed: pip install 'crosspromo[keyring]'"


@pytest.mark.usefixtures("keyring_")
def test_a_keyring_without_the_secret_is_named(tmp_path: Path) -> None:
    shown = fault(tmp_path, "keyring:crosspromo/other")
    assert shown == f"{PLACE}: the keyring has no crosspromo/other"


@pytest.mark.usefixtures("no_keyring")
def test_a_keyring_that_does_not_answer_says_so(tmp_path: Path) -> None:
    assert fault(tmp_path, "keyring:crosspromo/reddit") == (
        f"{PLACE}: the keyring cannot be asked (NoKeyringError); unlock it, or use "
        '"env:NAME" or "file:PATH"'
    )


class TestTheUrlOfTheDatabase:
    URL = f"postgresql+psycopg://us:{SECRET}@db.example/queue"

    def test_it_comes_from_the_environment_and_its_password_is_hidden(self, tmp_path: Path) -> None:
        redactor = Redactor()
        url = database_url(
            "env:DATABASE_URL", "here", tmp_path, redactor, {"DATABASE_URL": self.URL}
        )
        assert url == self.URL
        assert redactor.redact(f"refused {SECRET}") == f"refused {HIDDEN}"

    def test_one_without_a_password_may_stand_in_the_clear(self, tmp_path: Path) -> None:
        for url in (
            "sqlite:///crosspromo.db",
            "postgresql+psycopg://us@/queue?host=/run/postgresql",
        ):
            assert database_url(url, "here", tmp_path, Redactor(), {}) == url

    @pytest.mark.parametrize(
        "url", [URL, f"postgresql+psycopg://db.example/queue?user=us&password={SECRET}"]
    )
    def test_one_with_a_password_may_not(self, tmp_path: Path, url: str) -> None:
        with pytest.raises(ConfigError) as error:
            database_url(url, "crosspromo.toml, [database] url", tmp_path, Redactor(), {})
        assert "[database] url: a password must not stand here" in str(error.value)
        assert SECRET not in str(error.value)

    def test_a_variable_that_is_not_set_is_named(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="DATABASE_URL is not set"):
            database_url("env:DATABASE_URL", "here", tmp_path, Redactor(), {})


@pytest.mark.parametrize("kind", ["device", "pipe", "folder", "large", "null"])
def test_what_is_no_file_of_a_secret_is_neither_read_nor_waited_for(
    tmp_path: Path, kind: str
) -> None:
    named = tmp_path / "secret"
    match kind:
        case "device":
            named.symlink_to("/dev/zero")
        case "pipe":
            os.mkfifo(named)
        case "folder":
            named.mkdir()
        case "large":
            named.write_text("x" * (LARGEST_SECRET + 1))
        case _:
            named = tmp_path / "a\\u0000b"
    said = fault(tmp_path, f"file:{named}")
    assert said.startswith(f"{PLACE}: {tmp_path}")
    assert any(words in said for words in ("name a file", "a secret is short", "cannot be read"))
