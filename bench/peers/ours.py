"""crosspromo itself: the daemon's own round, on a workspace that has been filled."""

from collections.abc import Callable

from bench.contest import Given, Work
from bench.work import text
from crosspromo.daemon import run_once
from crosspromo.publishing.results import Disposition
from crosspromo.workspace import Workspace

WORKER = "bench"


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

    send_one(workspace)

    def work() -> int:
        for number in range(1, given.count):
            text(number)
        return run_once(workspace).dispositions[Disposition.PUBLISHED]

    return work


def send_one(workspace: Workspace, claimed: Callable[[], None] = lambda: None) -> None:
    """Send one delivery that no other worker has; `claimed` is called once its intent is durable.

    What a process does only once is then done: imports, and the compiling of statements.
    """
    dispatcher = workspace.dispatcher(WORKER)
    for account in dispatcher.accounts_with_work(workspace.clock.now()):
        to_send = dispatcher.advance([], [account], {}).to_send
        if to_send:
            claimed()
            dispatcher.advance([dispatcher.send(each) for each in to_send], [], {})
            return
