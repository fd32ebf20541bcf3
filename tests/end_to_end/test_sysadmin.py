"""What a sysadmin meets: each time people are told by mail first, and `status` says the same."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from end_to_end.shell import Shell
from servers.mail import MailServer

SETTINGS = """\
[organisation]
name = "River Valley Alliance"

[accounts.page]
network = "sandbox"
ratio = "none"

[accounts.sky]
network = "bluesky"
server = "http://127.0.0.1:9"
credentials = {{ identifier = "rva.example.org", password = "env:SKY" }}
ratio = "none"

[floor]
ratio = "none"

[smtp]
server = "smtp://127.0.0.1:{port}"
from = "River Valley <news@rva.example.org>"

[notify]
mail = ["ana@rva.example.org"]
"""

REPLACED = "was replaced by another file while it was in use"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def admin(outside: Shell, mail: MailServer) -> Shell:
    """A new workspace that tells people by mail."""
    shell = Shell(outside.folder, {"SKY": "a-password-nobody-has"})
    shell.configure(SETTINGS.format(port=mail.port))
    shell.ok("db", "upgrade")
    shell.ok("partner", "add", "River Keepers")
    return shell


def due_since(shell: Shell, minutes: int) -> None:
    """Every post in the queue became due so long ago."""
    ago = datetime.now(UTC) - timedelta(minutes=minutes)
    with closing(sqlite3.connect(shell.folder / "crosspromo.db")) as database, database:
        database.execute(
            "UPDATE deliveries SET due_at = ?, wake_at = ?", [ago.strftime("%F %T.%f")] * 2
        )


def replace_database(shell: Shell) -> None:
    """A copy of the database takes the place of its file."""
    database = shell.folder / "crosspromo.db"
    other = shell.folder / "other.db"
    other.write_bytes(database.read_bytes())
    other.replace(database)


def text_of(message: EmailMessage) -> str:
    """The text of a mail in one line."""
    return " ".join(str(message.get_content()).split())


def mailed(mail: MailServer) -> str:
    """The text of the only mail so far, in one line."""
    (message,) = mail.messages
    return text_of(message)


def said(shell: Shell) -> str:
    """What `status` says, ending with 1, in one line."""
    result = shell.run("status")
    assert result.status == 1, result
    return " ".join(result.out.split())


def test_the_network_is_down(admin: Shell, mail: MailServer) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "sky")
    due_since(admin, minutes=15)
    with admin.daemon() as daemon:
        daemon.says("postponed")
        daemon.says("told by mail")
    for words in (mailed(mail), said(admin)):
        assert "1 on sky is past due since" in words
        assert "cannot be reached" in words
        assert "the next try is at" in words


def test_an_account_was_renamed_in_the_settings(admin: Shell, mail: MailServer) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page", "--at", "+2d")
    admin.configure(SETTINGS.format(port=mail.port).replace("accounts.page", "accounts.our-page"))
    with admin.daemon() as daemon:
        daemon.says("told by mail")
    for words in (mailed(mail), said(admin)):
        assert "crosspromo.toml has no account page, and 1 delivery (1) waits there" in words
        assert "crosspromo account rename page NEW" in words


def test_a_backup_was_restored(admin: Shell, mail: MailServer) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page")
    admin.ok("db", "backup", "backup.zip")
    admin.ok("run", "--once")
    restored = admin.ok("db", "restore", "backup.zip", "--force").out
    assert "1 spotlight on page" in restored
    assert "it is there: file://" in restored
    with admin.daemon() as daemon:
        daemon.says("told by mail")
    for words in (mailed(mail), said(admin)):
        assert "everything is paused since" in words
        assert "restored the database from the backup backup.zip" in words
        assert "crosspromo db look-up" in words
    assert admin.page("page").count("<article") == 1


def test_a_daemon_was_killed(admin: Shell, mail: MailServer) -> None:
    with admin.daemon() as daemon:
        daemon.says("started as")
        daemon.kill()
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page")
    due_since(admin, minutes=15)

    admin.ok("notify", "tell")  # by a timer: the daemon that would tell is gone
    admin.ok("notify", "tell")

    for words in (mailed(mail), said(admin)):
        assert "no daemon runs: nobody has looked at the due posts since" in words
        assert "crosspromo run" in words
    assert admin.page("page") == ""


def test_the_database_was_replaced_under_a_daemon(admin: Shell, mail: MailServer) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page", "--at", "+2d")
    with admin.daemon() as daemon:
        daemon.says("started as")
        replace_database(admin)
        admin.ok("queue", "own", "--text", "Come and see.", "--to", "page")
        daemon.says("stopping")
        daemon.says(REPLACED)
    assert REPLACED in mailed(mail)
    assert "everything is paused since" in said(admin)
    assert admin.page("page") == ""


def test_the_database_was_replaced_again(admin: Shell, mail: MailServer) -> None:
    """What is told once is the same trouble, and not the same words."""
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page", "--at", "+2d")
    for seen, text in (("started as", "Come and see."), ("told by mail", "Bring your friends.")):
        with admin.daemon() as daemon:
            daemon.says(seen)  # the second one tells first that everything is paused
            replace_database(admin)
            admin.ok("queue", "own", "--text", text, "--to", "page")
            daemon.says("stopping")
            daemon.says(REPLACED)
    assert [REPLACED in text_of(each) for each in mail.messages] == [True, False, True]


def test_a_database_is_gone_and_no_daemon_runs(admin: Shell, mail: MailServer) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page", "--at", "+2d")
    (admin.folder / "crosspromo.db").rename(admin.folder / "elsewhere.db")
    for _ in range(2):
        assert "is gone, with everything in the queue" in admin.refused("notify", "tell")
    assert "is gone, with everything in the queue" in admin.refused("status")
    assert "put it back, or restore a backup" in mailed(mail)
    (admin.folder / "elsewhere.db").rename(admin.folder / "crosspromo.db")
    admin.ok("notify", "tell")
    admin.ok("status")


def test_a_copy_of_a_workspace_that_never_ran(admin: Shell, tmp_path: Path) -> None:
    admin.ok("queue", "spotlight", "river-keepers", "--to", "page")
    copy = Shell(shutil.copytree(admin.folder, tmp_path / "copy"), {"SKY": "none"})
    copy.run("run", "--once")
    admin.ok("run", "--once")
    assert (admin.page("page").count("<article"), copy.page("page")) == (1, "")
    assert "the database was copied here" in said(copy)
