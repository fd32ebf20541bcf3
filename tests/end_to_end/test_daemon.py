"""`crosspromo run`: the daemon, as systemd runs it."""

from end_to_end.shell import Shell


def test_it_publishes_what_is_queued_meanwhile_and_ends_in_order(shell: Shell) -> None:
    with shell.daemon() as daemon:
        daemon.says("started as")
        assert shell.ok("status").out.startswith("daemon: alive")

        shell.ok("queue", "spotlight", "river-keepers", "--to", "x-main,bluesky-main")

        daemon.says("published")
        daemon.says("published")
        assert daemon.terminate() == 0
        daemon.says("stopped")

    assert [d["state"] for d in shell.deliveries()] == ["published", "published"]
    assert shell.page("x-main").count("<article") == 1
    assert shell.ok("status").out.startswith("daemon: not running")


def test_a_self_post_goes_by_itself_when_others_were_shared(shell: Shell) -> None:
    with shell.daemon() as daemon:
        daemon.says("started as")
        shell.ok("queue", "own", "--to", "bluesky-main", "--text", "Our report is out.")
        shell.ok("queue", "spotlight", "river-keepers", "--to", "bluesky-main")

        assert "delivery 2 " in daemon.says("published")
        assert "delivery 1 " in daemon.says("published")


def test_json_is_for_a_run_that_ends(shell: Shell) -> None:
    assert "--json goes with --once" in shell.refused("run", "--json", status=2)
