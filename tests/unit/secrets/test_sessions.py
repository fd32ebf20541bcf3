"""Sessions at rest are encrypted with a key that only this machine has."""

import subprocess
import sys
from pathlib import Path

import keyring
import pytest
from keyrings.alt.file import PlaintextKeyring

from crosspromo.domain.errors import ConfigError
from crosspromo.secrets.redaction import HIDDEN, Redactor
from crosspromo.secrets.sessions import (
    KEY_FILE,
    KEY_VARIABLE,
    MAKE_ONE,
    EncryptedSessions,
    SessionCipher,
)
from crosspromo.store.unit import Store

SESSION = "eyJhbGciOiJFUzI1NksifQ:::refresh"
KEY = "b2Zjb3Vyc2VpdGlzbm90YXJlYWxrZXkhMTIzNDU2Nzg="
OTHER_KEY = "YW5vdGhlcmtleXRoYXRpc25vdHJlYWwhMTIzNDU2Nzg="


def test_what_is_sealed_opens_again(tmp_path: Path) -> None:
    encrypted = SessionCipher(tmp_path, {}).encrypt(SESSION)
    assert SESSION not in encrypted
    assert "refresh" not in encrypted
    assert SessionCipher(tmp_path, {}).decrypt(encrypted) == SESSION


def test_a_key_is_made_where_there_is_none_and_only_we_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    SessionCipher(folder, {}).encrypt(SESSION)
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
    assert (folder / KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_a_key_in_the_environment_leaves_no_file(tmp_path: Path) -> None:
    cipher = SessionCipher(tmp_path, {KEY_VARIABLE: KEY})
    assert cipher.decrypt(cipher.encrypt(SESSION)) == SESSION
    assert not list(tmp_path.iterdir())


def test_with_another_key_nothing_opens_and_nothing_breaks(tmp_path: Path) -> None:
    encrypted = SessionCipher(tmp_path, {KEY_VARIABLE: KEY}).encrypt(SESSION)
    assert SessionCipher(tmp_path, {KEY_VARIABLE: OTHER_KEY}).decrypt(encrypted) is None
    assert SessionCipher(tmp_path, {}).decrypt(encrypted) is None


@pytest.mark.parametrize("encrypted", ["", "nonsense", "gAAAAA"])
def test_what_was_never_sealed_does_not_open(tmp_path: Path, encrypted: str) -> None:
    assert SessionCipher(tmp_path, {}).decrypt(encrypted) is None


@pytest.mark.parametrize("key", ["short", "ü" * 44, "=" * 44])
def test_a_key_that_is_none_says_what_to_do_and_not_what_it_is(tmp_path: Path, key: str) -> None:
    cipher = SessionCipher(tmp_path, {KEY_VARIABLE: key})
    for act in (cipher.encrypt, cipher.decrypt):
        with pytest.raises(ConfigError) as error:
            act("text")
        assert str(error.value) == f"the key in CROSSPROMO_KEY is not a Fernet key; {MAKE_ONE}"


def test_a_key_file_that_was_spoilt_may_be_thrown_away(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("half a k")
    with pytest.raises(ConfigError) as error:
        SessionCipher(tmp_path, {}).encrypt("text")
    assert str(error.value) == (
        f"the key in {tmp_path}/session.key is not a Fernet key; remove it, and a new one is made"
    )


def test_how_a_key_is_made_makes_one(tmp_path: Path) -> None:
    code = MAKE_ONE.partition('"')[2].removesuffix('"')
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    SessionCipher(tmp_path, {KEY_VARIABLE: made.stdout.strip()}).check()


class TestAKeyThatIsKeptElsewhere:
    SEALED_WITH_KEY = SessionCipher(Path("unused"), {KEY_VARIABLE: KEY}).encrypt(SESSION)

    @pytest.mark.parametrize(
        "reference", ["env:OURS", "file:our.key", "keyring:crosspromo/session"]
    )
    @pytest.mark.parametrize("through", ["environment", "settings"])
    def test_it_is_found_where_a_reference_says(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reference: str, through: str
    ) -> None:
        (tmp_path / "our.key").write_text(f"{KEY}\n")
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "keyring"))
        before = keyring.get_keyring()
        keyring.set_keyring(PlaintextKeyring())
        try:
            keyring.set_password("crosspromo", "session", KEY)
            environment = {"OURS": KEY}
            if through == "environment":
                cipher = SessionCipher(
                    tmp_path / "state", environment | {KEY_VARIABLE: reference}, workspace=tmp_path
                )
            else:
                cipher = SessionCipher(
                    tmp_path / "state", environment, workspace=tmp_path, reference=reference
                )
            assert cipher.decrypt(self.SEALED_WITH_KEY) == SESSION
            cipher.check()
        finally:
            keyring.set_keyring(before)
        assert not (tmp_path / "state").exists()

    def test_the_environment_goes_before_the_settings(self, tmp_path: Path) -> None:
        cipher = SessionCipher(
            tmp_path, {KEY_VARIABLE: KEY, "OURS": OTHER_KEY}, reference="env:OURS"
        )
        assert cipher.decrypt(self.SEALED_WITH_KEY) == SESSION

    def test_one_that_is_not_there_is_no_reason_to_make_another(self, tmp_path: Path) -> None:
        cipher = SessionCipher(tmp_path, {}, reference="env:OURS")
        for act in (cipher.check, lambda: cipher.encrypt(SESSION)):
            with pytest.raises(ConfigError) as error:
                act()
            assert str(error.value) == (
                "crosspromo.toml, [security] session_key: the environment variable OURS is not set"
            )
        assert not list(tmp_path.iterdir())

    def test_to_check_makes_no_key(self, tmp_path: Path) -> None:
        SessionCipher(tmp_path, {}).check()
        assert not list(tmp_path.iterdir())


class TestSessions:
    def sessions(
        self, store: Store, key: str, redactor: Redactor | None = None
    ) -> EncryptedSessions:
        cipher = SessionCipher(Path("unused"), {KEY_VARIABLE: key})
        return EncryptedSessions(store, cipher, redactor or Redactor(), "bluesky-main")

    def test_what_is_saved_is_there_for_the_next_run_and_hidden(self, store: Store) -> None:
        self.sessions(store, KEY).save(SESSION)
        redactor = Redactor()
        assert self.sessions(store, KEY, redactor).load() == SESSION
        assert redactor.redact("bearer refresh") == f"bearer {HIDDEN}"

    def test_with_another_key_there_is_none_and_the_log_says_why(
        self, store: Store, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert self.sessions(store, KEY).load() is None
        assert caplog.messages == []
        self.sessions(store, KEY).save(SESSION)
        assert self.sessions(store, OTHER_KEY).load() is None
        assert caplog.messages == [
            "the session of bluesky-main was encrypted with another key; signing in again"
        ]
        self.sessions(store, OTHER_KEY).save(SESSION)
        assert self.sessions(store, OTHER_KEY).load() == SESSION


def test_what_a_crash_left_behind_stands_in_nobodys_way(tmp_path: Path) -> None:
    for name in ("session.1", "session.2"):
        (tmp_path / name).write_bytes(b"half a key")
    cipher = SessionCipher(tmp_path, {})
    assert cipher.decrypt(cipher.encrypt(SESSION)) == SESSION


RACER = """
import sys
from pathlib import Path
from crosspromo.secrets.sessions import SessionCipher
cipher = SessionCipher(Path(sys.argv[1]), {})
print("ready", flush=True)
sys.stdin.readline()
print(cipher.encrypt(sys.argv[2]), flush=True)
"""


def test_two_processes_that_make_a_key_at_once_use_the_same_one(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    racers = [
        subprocess.Popen(
            [sys.executable, "-c", RACER, str(folder), f"session of {name}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for name in ("one", "two")
    ]
    for racer in racers:
        assert racer.stdout is not None
        assert racer.stdout.readline() == "ready\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    encrypted = [racer.communicate(timeout=60)[0].strip() for racer in racers]
    cipher = SessionCipher(folder, {})
    assert [cipher.decrypt(text) for text in encrypted] == ["session of one", "session of two"]
    assert [path.name for path in folder.iterdir()] == [KEY_FILE]
