"""`db backup` and `db restore`: a whole workspace there and back, without doubles."""

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from end_to_end.shell import Shell
from PIL import Image

PASSPHRASE = {"CROSSPROMO_PASSPHRASE": "correct horse"}


def backed_up(shell: Shell, name: str = "backup.zip") -> str:
    """One post is queued with an image, a backup is made, the post goes out."""
    Image.new("RGB", (40, 30)).save(shell.folder / "river.png")
    picture = ("--image", "river.png", "--alt", "the river")
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", *picture)
    shell.ok("db", "backup", name)
    shell.ok("run", "--once")
    assert shell.page("x-main").count("<article") == 1
    return name


def restored(shell: Shell, *args: str) -> dict[str, Any]:
    document: dict[str, Any] = shell.ok("db", "restore", *args, "--json").json
    return document


class TestThereAndBack:
    @pytest.mark.parametrize("name", ["backup.zip", "backup.db"])
    def test_nothing_goes_out_a_second_time(self, shell: Shell, name: str) -> None:
        told = restored(shell, backed_up(shell, name), "--force")

        assert [each["id"] for each in told["due"]] == [1]
        assert told["sign_in"] == []
        shell.ok("run", "--once")
        assert shell.page("x-main").count("<article") == 1
        (pause,) = shell.run("status", "--json").json["paused"]
        assert (pause["who"], pause["account"]) == ("crosspromo itself", None)
        assert f"tester restored the database from the backup {name}" in pause["reason"]

    def test_after_resume_it_is_not_paused_again(self, shell: Shell) -> None:
        restored(shell, backed_up(shell), "--force")
        shell.ok("queue", "cancel", "1")
        shell.ok("resume")
        assert shell.ok("run", "--once").err == ""
        assert shell.run("status", "--json").json["paused"] == []
        shell.ok("db", "check")

    def test_what_it_replaces_is_kept(self, shell: Shell) -> None:
        template = shell.folder / "templates" / "spotlight" / "default.j2"
        before = template.read_text(encoding="utf-8")
        backup = backed_up(shell)
        template.write_text("broken since", encoding="utf-8")
        (image,) = (shell.folder / "media").iterdir()
        image.unlink()

        aside = Path(restored(shell, backup, "--force")["kept_aside"])

        assert template.read_text(encoding="utf-8") == before
        kept = aside / "templates" / "spotlight" / "default.j2"
        assert kept.read_text(encoding="utf-8") == "broken since"
        assert image.is_file()
        with closing(sqlite3.connect(aside / "crosspromo.db")) as old:
            assert old.execute("SELECT state FROM deliveries").fetchall() == [("published",)]

    def test_into_an_empty_folder(self, shell: Shell, outside: Shell) -> None:
        backup = shell.folder / backed_up(shell)
        home = outside.folder / "new-home"

        document = outside.ok("-w", str(home), "db", "restore", str(backup), "--json").json

        assert (document["kept_aside"], document["settings_differ"]) == (None, False)
        there = Shell(home)
        assert [each["state"] for each in there.deliveries()] == ["queued"]
        assert there.ok("run", "--once").err == ""
        assert there.page("x-main") == ""
        there.ok("doctor")

    def test_the_network_is_asked_for_what_is_due(self, shell: Shell) -> None:
        backup = backed_up(shell)
        (due,) = restored(shell, backup, "--force")["due"]
        assert due["look_up"]["result"] == "found"
        assert due["look_up"]["url"].startswith("file://")
        assert shell.ok("db", "look-up", "--json").json == {"due": [due], "later": []}

    def test_what_was_moved_up_since_is_found_too(self, shell: Shell) -> None:
        at = ("--at", "+2d")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", *at)
        shell.ok("queue", "spotlight", "valley-food-bank", "--to", "x-main", *at)
        shell.ok("db", "backup", "a.zip")
        shell.ok("queue", "move", "1", "--at", "now")
        shell.ok("run", "--once")

        found = restored(shell, "a.zip", "--force")

        assert found["due"] == []
        answers = {each["id"]: each["look_up"]["result"] for each in found["later"]}
        assert answers == {1: "found", 2: "absent"}
        said = shell.ok("db", "look-up").out
        assert "1 spotlight on x-main" in said
        assert "1 post due later: surely not there" in said

    def test_daemons_of_the_time_of_the_backup_are_not_taken_for_alive(self, shell: Shell) -> None:
        with shell.daemon() as daemon:
            daemon.says("started as")
            shell.ok("db", "backup", "a.zip")
            assert daemon.terminate() == 0
        restored(shell, "a.zip", "--force")
        assert "daemon: not running" in shell.run("status").out

    def test_people_read_what_to_do(self, shell: Shell) -> None:
        said = shell.ok("db", "restore", backed_up(shell), "--force").out
        assert "everything is paused" in said
        assert "these queued posts may be sent already, since the backup was made" in said
        assert "crosspromo queue cancel 1" in said
        steps = ["crosspromo ledger import FILE", "crosspromo resume"]
        for lines in said.splitlines(), shell.ok("db", "look-up").out.splitlines():
            assert [line.partition(": ")[2] for line in lines[-2:]] == steps
        pause = shell.run("status").out
        assert "first see what was sent: crosspromo db look-up; then go on: crosspromo" in pause

    def test_settings_that_differ_stay(self, shell: Shell) -> None:
        backup = backed_up(shell)
        settings = shell.folder / "crosspromo.toml"
        changed = settings.read_text(encoding="utf-8").replace("America/Chicago", "UTC")
        shell.configure(changed)
        assert restored(shell, backup, "--force")["settings_differ"] is True
        assert settings.read_text(encoding="utf-8") == changed

    def test_a_broken_database_is_replaced_and_kept(self, shell: Shell) -> None:
        backup = backed_up(shell)
        (shell.folder / "crosspromo.db").write_text("this is no database any more" * 50, "utf-8")
        assert "--force" in shell.refused("db", "restore", backup)
        aside = Path(restored(shell, backup, "--force")["kept_aside"])
        assert (aside / "crosspromo.db").read_text("utf-8").startswith("this is no database")
        shell.ok("db", "check")

    def test_a_missing_database_is_simply_restored(self, shell: Shell) -> None:
        backup = backed_up(shell)
        (shell.folder / "crosspromo.db").unlink()
        assert restored(shell, backup)["kept_aside"] is None
        shell.ok("run", "--once")
        assert shell.page("x-main").count("<article") == 1

    def test_only_its_owner_can_read_a_backup(self, shell: Shell) -> None:
        for name in ("a.zip", "a.db"):
            shell.ok("db", "backup", name)
            assert (shell.folder / name).stat().st_mode & 0o077 == 0

    def test_links_are_left_out_and_named(self, shell: Shell) -> None:
        (shell.folder / "templates" / "secret.j2").symlink_to("/etc/hostname")
        assert "templates/secret.j2" in shell.ok("db", "backup", "a.zip").err
        with zipfile.ZipFile(shell.folder / "a.zip") as made:
            assert "templates/secret.j2" not in made.namelist()


class TestKeys:
    @pytest.fixture
    def signed_in(self, shell: Shell) -> Shell:
        """An account has a session, encrypted with the workspace's key."""
        key = Fernet.generate_key()
        shell.write(".crosspromo/session.key", key.decode())
        secret = Fernet(key).encrypt(b"session").decode()
        with closing(sqlite3.connect(shell.folder / "crosspromo.db")) as connection, connection:
            connection.execute(
                "INSERT INTO accounts (name, session) VALUES ('x-main', ?) ON CONFLICT (name) "
                "DO UPDATE SET session = excluded.session",
                [secret],
            )
        return shell

    def restored_elsewhere(
        self, shell: Shell, outside: Shell, passphrase: str = ""
    ) -> dict[str, Any]:
        env = {"CROSSPROMO_PASSPHRASE": passphrase}
        backup = str(shell.folder / "keys.zip")
        done = outside.run("-w", "new-home", "db", "restore", backup, "--json", env=env)
        assert done.status == 0, done
        document: dict[str, Any] = done.json
        return document

    def test_without_keys_the_accounts_sign_in_again(
        self, signed_in: Shell, outside: Shell
    ) -> None:
        signed_in.ok("db", "backup", "keys.zip")
        document = self.restored_elsewhere(signed_in, outside)
        assert (document["keys"], document["sign_in"]) == (False, ["x-main"])

    def test_with_keys_and_the_passphrase_they_do_not(
        self, signed_in: Shell, outside: Shell
    ) -> None:
        assert signed_in.run("db", "backup", "keys.zip", "--with-keys", env=PASSPHRASE).status == 0
        key = (signed_in.folder / ".crosspromo" / "session.key").read_bytes()
        with zipfile.ZipFile(signed_in.folder / "keys.zip") as made:
            assert all(key not in made.read(name) for name in made.namelist())

        document = self.restored_elsewhere(signed_in, outside, "correct horse")

        assert (document["keys"], document["sign_in"]) == (True, [])
        restored_key = outside.folder / "new-home" / ".crosspromo" / "session.key"
        assert restored_key.read_bytes() == key
        assert restored_key.stat().st_mode & 0o077 == 0

    def test_a_wrong_passphrase_changes_nothing(self, signed_in: Shell) -> None:
        assert signed_in.run("db", "backup", "keys.zip", "--with-keys", env=PASSPHRASE).status == 0
        before = (signed_in.folder / "crosspromo.db").read_bytes()
        said = signed_in.refused(
            *("db", "restore", "keys.zip", "--force"), env={"CROSSPROMO_PASSPHRASE": "wrong"}
        )
        assert "the passphrase does not open the keys" in said
        assert (signed_in.folder / "crosspromo.db").read_bytes() == before

    def test_keys_go_into_a_zip_file_only(self, shell: Shell) -> None:
        said = shell.refused("db", "backup", "a.db", "--with-keys", status=2)
        assert "goes with a .zip file" in said


class TestWhatIsRefused:
    def test_a_database_with_posts_without_force(self, shell: Shell) -> None:
        said = shell.refused("db", "restore", backed_up(shell))
        assert "a database already, with 1 delivery" in said
        assert said.rstrip().endswith("(--force)")
        assert [each["state"] for each in shell.deliveries()] == ["published"]

    def test_while_a_daemon_runs(self, shell: Shell) -> None:
        backup = backed_up(shell)
        with shell.daemon() as daemon:
            daemon.says("started as")
            assert "a daemon runs on the database" in shell.refused(
                "db", "restore", backup, "--force"
            )

    @pytest.mark.parametrize("name", ["b.zip", "b.db"])
    @pytest.mark.parametrize("content", [None, b"", b"this is neither ZIP nor SQLite" * 100])
    def test_a_file_that_is_no_backup(self, shell: Shell, name: str, content: bytes | None) -> None:
        if content is not None:
            (shell.folder / name).write_bytes(content)
        assert f"{name} cannot be restored: " in shell.refused("db", "restore", name)
        shell.ok("db", "check")

    def test_a_newer_database(self, shell: Shell) -> None:
        shell.ok("db", "backup", "b.db")
        with closing(sqlite3.connect(shell.folder / "b.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        assert "a newer crosspromo made its database" in shell.refused("db", "restore", "b.db")

    def test_a_database_with_triggers(self, shell: Shell) -> None:
        shell.ok("db", "backup", "b.db")
        with closing(sqlite3.connect(shell.folder / "b.db")) as connection, connection:
            connection.execute(
                "CREATE TRIGGER evil AFTER INSERT ON pauses BEGIN DELETE FROM pauses; END"
            )
        assert "triggers or views" in shell.refused("db", "restore", "b.db")

    def test_an_archive_that_climbs_out(self, shell: Shell) -> None:
        shell.ok("db", "backup", "b.zip")
        with zipfile.ZipFile(shell.folder / "b.zip", "a") as changed:
            changed.writestr("templates/../../evil", "x")
        assert "does not belong into a workspace" in shell.refused("db", "restore", "b.zip")
        assert not (shell.folder.parent / "evil").exists()


def test_an_old_copy_of_the_file_is_restored_with_its_log(shell: Shell) -> None:
    """A file that was copied with its `-wal` is whole, too."""
    with closing(sqlite3.connect(shell.folder / "crosspromo.db")) as reader:
        reader.execute("SELECT 1 FROM deliveries").fetchone()
        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main")
        for rest in ("", "-wal"):
            shutil.copy(shell.folder / f"crosspromo.db{rest}", shell.folder / f"old.db{rest}")
    assert [each["id"] for each in restored(shell, "old.db", "--force")["due"]] == [1]
