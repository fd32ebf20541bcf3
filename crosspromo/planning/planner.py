"""Planner: the plan of a task, by greedy construction and a local search limited in steps."""

from collections.abc import Callable

from crosspromo.planning.answers import answer
from crosspromo.planning.board import Board
from crosspromo.planning.search import Search
from crosspromo.planning.terrain import terrain_of
from crosspromo.planning.values import Plan, Task

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
