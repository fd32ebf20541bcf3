"""The examination: what is wrong with a workspace, each fault with its reason."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import PIL.Image
import pytest
from servers.databases import new_store
from stories import NO_FLOOR, publish_next, queued, rules

from crosspromo.disks import LITTLE, Disk
from crosspromo.domain.errors import ConfigError, DatabaseError
from crosspromo.domain.partners import Partner
from crosspromo.domain.posts import Credit, Image
from crosspromo.domain.requests import OwnPost, Words
from crosspromo.publishing.dispatch import Dispatcher
from crosspromo.services.examine import Examination, Finding
from crosspromo.store.unit import Store
from crosspromo.testing.clock import FakeClock
from crosspromo.testing.networks import MemoryConnector
from crosspromo.workspace import Workspace

HEAD = """\
[organisation]
name = "River Valley Alliance"

[database]
url = "sqlite:///store.db"
"""
X = """
[accounts.x-main]
network = "sandbox"
imitates = "bluesky"
"""
SECRETIVE = """
[accounts.b]
network = "bluesky"
credentials = { identifier = "us.example", password = "PASSWORD" }
"""
WHATS = [
    *("database", "account x-main", "logins", "session key", "observances", "ladders"),
    *("templates", "images", "workspace folder", "disk", "file modes", "bursts", "clock"),
]

Open = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a workspace with these accounts and a database."""
    new_store(tmp_path).close()
    workspaces: list[Workspace] = []

    def open_(accounts: str = X, clock: FakeClock | None = None) -> Workspace:
        (tmp_path / "crosspromo.toml").write_text(HEAD + accounts, encoding="utf-8")
        workspaces.append(Workspace.open(tmp_path, clock=clock or FakeClock()))
        return workspaces[-1]

    yield open_
    for workspace in workspaces:
        workspace.close()


def faults(examination: Examination) -> dict[str, str]:
    """What was found wrong, each with its code."""
    return {found.what: found.error.code for found in examination.run() if found.error is not None}


def test_all_is_well(opened: Open) -> None:
    examination: Examination = opened().services.examination
    assert list(examination.run()) == [Finding(what) for what in WHATS]


def test_pages_are_mailed_of_partners_whom_we_have(opened: Open, tmp_path: Path) -> None:
    reports = """
[smtp]
server = "smtp://127.0.0.1:25"
from = "us@rva.example.org"

[reports.partners]
river-keepers = ["ana@river.example.org"]
nobody-here = ["bo@nowhere.example.org"]
"""
    workspace = opened(X + reports)
    with workspace.store.write() as unit:
        unit.partners.save(Partner("river-keepers", "River Keepers"), FakeClock().now())
    found = {each.what: each.error for each in workspace.services.examination.run()}
    assert str(found["mailed reports"]) == (
        '[reports.partners]: there is no partner "nobody-here"; mend the name'
    )
    workspace.close()
    sound = opened(X + reports.replace("nobody-here", "food-bank"))
    with sound.store.write() as unit:
        unit.partners.save(Partner("food-bank", "Food Bank"), FakeClock().now())
    found = {each.what: each.error for each in sound.services.examination.run()}
    assert found["mailed reports"] is None


def test_a_missing_database_is_found_once(opened: Open, tmp_path: Path) -> None:
    workspace = opened()
    (tmp_path / "store.db").unlink()
    assert faults(workspace.services.examination) == {"database": "database-missing"}


def test_another_fault_of_the_database_is_found_where_it_is_met(opened: Open) -> None:
    def broken() -> Store:
        raise DatabaseError(next(words))

    words = iter(["it is locked"] * 5 + ["its disk is full"])
    examination = replace(opened().services.examination, store=broken)
    assert faults(examination) == {"database": "database", "clock": "database"}


def test_without_accounts_there_is_something_to_do(opened: Open) -> None:
    assert faults(opened("").services.examination) == {"accounts": "no-accounts-yet"}


@pytest.mark.parametrize("written", ["env:NO_SUCH_SECRET", "hunter22-hunter22"])
def test_a_secret_that_cannot_be_had_or_stands_in_the_clear(opened: Open, written: str) -> None:
    workspace = opened(SECRETIVE.replace("PASSWORD", written))
    assert faults(workspace.services.examination) == {"account b": "configuration"}


@pytest.mark.parametrize(
    ("right", "wrong"), [('"sandbox"', '"sandbux"'), ("imitates =", "imitatez =")]
)
def test_an_account_that_has_no_network_or_an_unknown_key(
    opened: Open, right: str, wrong: str
) -> None:
    workspace = opened(X.replace(right, wrong))
    assert faults(workspace.services.examination) == {"account x-main": "configuration"}


def test_a_session_key_that_is_none(opened: Open) -> None:
    def check() -> None:
        raise ConfigError("it is not a Fernet key")

    examination = replace(opened().services.examination, check_session_key=check)
    assert faults(examination) == {"session key": "configuration"}


def test_a_secret_of_a_channel_that_is_missing(opened: Open) -> None:
    workspace = opened(X + '[notify]\nwebhook = "env:A_HOOK_THAT_NOBODY_SET"\n')
    assert faults(workspace.services.examination) == {"notify webhook": "configuration"}


@pytest.mark.parametrize(
    ("template", "code"),
    [("{{ nobody }}", "template"), ("{% for n in range(301) %}x{% endfor %}", "text-too-long")],
)
def test_a_template_that_does_not_work(
    opened: Open, tmp_path: Path, template: str, code: str
) -> None:
    file = tmp_path / "templates" / "spotlight" / "default.j2"
    file.parent.mkdir(parents=True)
    file.write_text(template, encoding="utf-8")
    examination = opened().services.examination
    assert faults(examination) == {"template for spotlight on bluesky": code}


def test_an_image_that_is_gone(opened: Open, tmp_path: Path) -> None:
    workspace = opened()
    PIL.Image.new("RGB", (40, 30)).save(tmp_path / "river.png")
    request = OwnPost(
        author="Ada", says=Words("Our river"), images=(Image("river.png", "the river"),)
    )
    workspace.services.queue_post.queue(request, ["x-main"])
    assert faults(workspace.services.examination) == {}
    (kept,) = (tmp_path / "media").iterdir()
    kept.unlink()

    (finding,) = [found for found in workspace.services.examination.run() if found.error]

    assert finding.what == "images"
    assert f"media/{kept.name} cannot be read" in str(finding.error)
    assert "(delivery 1)" in str(finding.error)


def test_a_folder_that_takes_no_files(opened: Open, tmp_path: Path) -> None:
    examination = replace(opened().services.examination, folder=tmp_path / "nowhere")
    assert faults(examination) == {"workspace folder": "error"}


def test_a_disk_that_is_nearly_full(opened: Open, tmp_path: Path) -> None:
    examination: Examination = opened().services.examination
    low = replace(examination, disk_of=lambda _folder: Disk(tmp_path, LITTLE - 1))
    (finding,) = [found for found in low.run() if found.error]
    assert finding.what == "disk"
    assert str(finding.error).startswith(f"the disk of {tmp_path} has 99 MB free; make room there")
    enough = replace(examination, disk_of=lambda _folder: Disk(tmp_path, LITTLE))
    assert faults(enough) == {}


@pytest.mark.parametrize("credit", [Credit.OTHERS, Credit.SELF, Credit.NONE])
def test_a_clock_that_was_set_back(opened: Open, credit: Credit) -> None:
    clock = FakeClock()
    workspace = opened(clock=clock)
    store, memory = workspace.store, MemoryConnector()
    queued(store, account="x-main", credit=credit)
    accounts = {"x-main": rules("x-main")}
    dispatcher = Dispatcher(store, lambda _name: memory, accounts, NO_FLOOR, clock, "worker")
    publish_next(dispatcher, "x-main")
    assert faults(workspace.services.examination) == {}
    clock.advance(-timedelta(days=1))
    assert faults(workspace.services.examination) == {"clock": "error"}


@pytest.mark.parametrize(("seconds", "wrong"), [(59, False), (61, True), (-59, False), (-61, True)])
def test_a_clock_that_differs_from_a_networks_by_more_than_a_minute(
    opened: Open, seconds: int, wrong: bool
) -> None:
    workspace = opened()
    with workspace.store.write() as unit:
        unit.accounts.register(["x-main", "gone"])
        unit.accounts.set_clock_offset("x-main", seconds)
        unit.accounts.set_clock_offset("gone", 5_000)
    found = {each.what: each.error for each in workspace.services.examination.run() if each.error}
    assert set(found) == ({"clock"} if wrong else set())
    if wrong:
        side = "behind" if seconds > 0 else "ahead of"
        assert f"61 seconds {side} the clock of x-main's network" in str(found["clock"])


def test_two_accounts_with_one_login_are_both_named(opened: Open) -> None:
    workspace = opened(X + X.replace("x-main", "x-second") + X.replace("x-main", "x-third"))
    with workspace.store.write() as unit:
        unit.accounts.register(["x-main", "x-second", "x-third"])
        unit.accounts.set_identity("x-main", "did:plc:a")
        unit.accounts.set_identity("x-second", "did:plc:b")
        unit.accounts.set_identity("x-third", "did:plc:a")
    (found,) = [each for each in workspace.services.examination.run() if each.error]
    assert found.what == "logins"
    assert "x-third and x-main are the same account on sandbox" in str(found.error)


@pytest.mark.parametrize("what", ["store.db", "store.db-wal", ".crosspromo"])
def test_a_file_that_any_user_of_the_machine_can_read(
    opened: Open, tmp_path: Path, what: str
) -> None:
    workspace = opened()
    with workspace.store.read() as unit:
        unit.accounts.faults()
    assert faults(workspace.services.examination) == {}
    (tmp_path / what).chmod(0o750)
    assert faults(workspace.services.examination) == {}
    (tmp_path / what).chmod(0o755)
    assert faults(workspace.services.examination) == {"file modes": "error"}
