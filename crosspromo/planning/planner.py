"""Planner: the plan of a task, by greedy construction and a local search limited in steps."""

from crosspromo.planning.values import Plan, Task

MOST_STEPS = 20_000
"""Steps of the local search unless a caller wants fewer."""


def plan(task: Task, *, seed: int = 0, most_steps: int = MOST_STEPS) -> Plan:
    """Plan of the task: the same for the same task, seed and number of steps."""
    raise NotImplementedError(task, seed, most_steps)
