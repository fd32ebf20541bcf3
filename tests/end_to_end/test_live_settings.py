"""A daemon that runs applies changed settings, or says why it does not."""

import json
import os

from end_to_end.shell import WORKSPACE, Daemon, Shell

NO_RULES = '\n[floor]\nratio = "none"\n\n[defaults]\nratio = "none"\n'
BROKEN = WORKSPACE + "\n[floor\n"


def needs(shell: Shell) -> dict[str, str]:
    """Reasons of the matters that `status` names, by code; its exit status says the same."""
    result = shell.run("status", "--json")
    found = {each["code"]: each["reason"] for each in result.json["needs_person"]}
    assert result.status == int(bool(found))
    return found


def own_post(shell: Shell, text: str) -> None:
    shell.ok("queue", "own", "--to", "bluesky-main", "--text", text)


def started(daemon: Daemon) -> None:
    daemon.says("started as")


def test_the_next_post_is_judged_by_a_ratio_that_was_changed_meanwhile(shell: Shell) -> None:
    with shell.daemon() as daemon:
        started(daemon)
        own_post(shell, "Our report is out.")
        assert "ratio" in daemon.says("held")

        shell.configure(WORKSPACE + NO_RULES)

        said = daemon.says("new settings applied")
        assert "[floor] ratio" in said
        assert "[accounts.bluesky-main] ratio" in said
        assert "delivery 1 " in daemon.says("published"), "what was held is judged anew"
        own_post(shell, "Our second report is out.")
        assert "delivery 2 " in daemon.says("published")

        shell.configure(WORKSPACE)
        own_post(shell, "Our third report is out.")
        assert "delivery 3 " in daemon.says("held"), "a stricter rule holds at once, too"
        assert needs(shell) == {}
        assert daemon.terminate() == 0


def test_settings_that_cannot_be_read_leave_the_old_rule_in_force(shell: Shell) -> None:
    shell.configure(WORKSPACE + NO_RULES)
    with shell.daemon() as daemon:
        started(daemon)
        shell.configure(BROKEN)
        assert "is not valid TOML" in daemon.says("the old settings stay")
        status = shell.run("status")
        assert status.status == 1
        assert "is not valid TOML" in status.out

        shell.configure(WORKSPACE)  # other rules than those that the daemon began with
        assert "[floor] ratio" in daemon.says("new settings applied")
        own_post(shell, "Our report is out.")
        daemon.says("held")
        assert needs(shell) == {}
        assert daemon.terminate() == 0


def test_settings_that_only_the_daemon_cannot_use_are_a_matter_until_they_are_mended(
    shell: Shell,
) -> None:
    """The person's shell has the secret that the daemon was started without."""
    wants_a_secret = """
[accounts.bluesky-new]
network = "bluesky"
credentials = { identifier = "river.example.org", password = "env:BSKY_NEW" }
"""
    shell.configure(WORKSPACE + NO_RULES)
    with shell.daemon() as daemon:
        started(daemon)
        shell.configure(WORKSPACE + wants_a_secret)

        said = daemon.says("the old settings stay")
        assert "the environment variable BSKY_NEW is not set" in said
        assert "start it anew" in said
        own_post(shell, "Our report is out.")
        assert "delivery 1 " in daemon.says("published"), "the old rule is in force"
        reason = needs(shell)["settings"]
        assert "keeps its old settings" in reason
        assert "BSKY_NEW" in reason
        assert "BSKY_NEW" in shell.run("status", "--machine").out

        shell.configure(WORKSPACE)
        daemon.says("new settings applied")
        own_post(shell, "Our second report is out.")
        assert "delivery 2 " in daemon.says("held")
        assert needs(shell) == {}
        assert daemon.terminate() == 0


def test_a_file_that_was_taken_away_and_put_back_changes_nothing(shell: Shell) -> None:
    settings, aside = shell.folder / "crosspromo.toml", shell.folder / "aside.toml"
    with shell.daemon() as daemon:
        started(daemon)
        settings.rename(aside)
        assert "cannot be read" in daemon.says("the old settings stay")
        aside.rename(settings)
        daemon.says("the settings are in order again")
        assert needs(shell) == {}
        assert daemon.terminate() == 0


def test_another_database_is_refused_aloud(shell: Shell) -> None:
    with shell.daemon() as daemon:
        started(daemon)
        shell.configure(WORKSPACE + '\n[database]\nurl = "sqlite:///other.db"\n')
        assert "a running daemon keeps its database" in daemon.says("the old settings stay")
        assert daemon.terminate() == 0
    assert not (shell.folder / "other.db").exists()


def test_an_account_that_is_new_is_served_at_once(shell: Shell) -> None:
    with shell.daemon() as daemon:
        started(daemon)
        shell.configure(WORKSPACE + '\n[accounts.second]\nnetwork = "sandbox"\n')
        assert "[accounts.second] (new)" in daemon.says("new settings applied")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "second")
        assert "second" in daemon.says("published")
        assert daemon.terminate() == 0


def test_posts_of_an_account_that_was_removed_wait(shell: Shell) -> None:
    shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main", "--at", "+1h")
    without, _, _ = WORKSPACE.partition("[accounts.x-main]")
    with shell.daemon() as daemon:
        started(daemon)
        shell.configure(without + '[accounts.bluesky-main]\nnetwork = "sandbox"\n')
        assert "[accounts.x-main] (removed)" in daemon.says("new settings applied")
        assert list(needs(shell)) == ["account-gone"]
        assert daemon.terminate() == 0


def test_a_template_with_a_fault_is_a_matter_until_it_is_mended(shell: Shell) -> None:
    with shell.daemon() as daemon:
        started(daemon)
        shell.write("templates/own/default.j2", "{{ text")
        assert "templates/own/default.j2" in daemon.says("templates have faults")
        assert "templates/own/default.j2" in needs(shell)["templates"]
        shell.write("templates/own/default.j2", "{{ text }}")
        daemon.says("the templates are in order again")
        assert needs(shell) == {}
        assert daemon.terminate() == 0


def test_a_look_without_a_change_says_nothing(shell: Shell) -> None:
    """A comment, a new time of the file: no line, and no session is begun anew."""
    settings = shell.folder / "crosspromo.toml"
    with shell.daemon("--log-format", "json") as daemon:
        started(daemon)
        os.utime(settings, ns=(1, 1))
        settings.write_text(settings.read_text() + "\n# a comment\n")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")
        assert json.loads(daemon.says("published"))["state"] == "published"
        assert "settings" not in daemon.heard
        assert daemon.terminate() == 0
