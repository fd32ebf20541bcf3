"""Planner: the plan of a task, by greedy construction and a local search limited in steps."""

from collections.abc import Callable, Sequence

from crosspromo.planning.answers import answer
from crosspromo.planning.board import Board
from crosspromo.planning.search import Search
from crosspromo.planning.terrain import terrain_of
from crosspromo.planning.values import Line, Plan, Task

MOST_STEPS = 50_000
"""Steps of the search, unless a caller names a number."""


def _never() -> bool:
    return False


def plan(
    task: Task, *, seed: int = 0, most_steps: int = MOST_STEPS, stop: Callable[[], bool] = _never
) -> Plan:
    """Plan of the task: the same for the same task, seed and number of steps.

    `stop` is asked now and then whether to end the search early, as after some seconds; the plan
    says so, since it may then differ from one run to another.
    """
    board = Board(terrain_of(task))
    search = Search(board, seed)
    search.begin()
    found = search.run(most_steps, stop)
    return answer(board, found.steps, stopped=found.stopped)


def judged(task: Task, lines: Sequence[Line]) -> Plan:
    """Answer about lines of candidates of the task: why the others have none, and what is missing.

    Nothing is searched. The lines stand in their slots as lines do: what has no place because of
    them is told so.
    """
    board = Board(terrain_of(task))
    names = [account.name for account in board.terrain.accounts]
    slots = {(names[slot.account], slot.moment): slot for slot in board.terrain.slots}
    items = {item.candidate.key: item for item in board.terrain.items}
    for line in lines:
        slot = slots.get((line.account, line.at))
        if slot is not None:
            board.put(items[line.candidate.key], slot)
    return answer(board, 0, stopped=False)
