"""crosspromo itself: the daemon's own round, on a workspace that has been filled."""

from bench.contest import Given, Work
from bench.work import text
from crosspromo.daemon import run_once
from crosspromo.publishing.results import Disposition
from crosspromo.workspace import Workspace


def drain(given: Given) -> Work:
    """All that is due, rendering included: crosspromo renders when it queues, so it is done here.

    The workspace is open, its rules are known and its accounts are verified, as a daemon's are; on
    the sandbox their pages are begun.
    """
    workspace = Workspace.open(given.folder)
    known = workspace.rules, workspace.store, workspace.templates
    assert all(known)
    for name in workspace.rules:
        workspace.connector(name).verify()

    def work() -> int:
        for number in range(given.count):
            text(number)
        return run_once(workspace).dispositions[Disposition.PUBLISHED]

    return work
