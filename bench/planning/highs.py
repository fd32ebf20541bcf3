"""HiGHS, the yardstick of the planner: it solves the same plan as a mixed-integer program."""

from dataclasses import dataclass
from random import Random
from time import monotonic

import highspy
import numpy as np

from bench.planning.rows import Lines, PlanRows
from crosspromo.planning.values import Task

_FEASIBLE = highspy.SolutionStatus.kSolutionStatusFeasible

DAYS_AT_ONCE = 4
"""Days whose slots are solved at once, on all accounts."""

SECONDS_AT_ONCE = 15.0
"""Most seconds for a part."""


@dataclass(frozen=True, slots=True)
class Solved:
    """Points of the best solution, the bound that HiGHS has proven, and whether they meet.

    `lines` are the keys of the candidates with account and time.
    """

    points: float
    bound: float
    optimal: bool
    lines: Lines


def solve(task: Task, seconds_: float, *, presolve: bool = True) -> Solved:
    """Best plan that HiGHS finds by itself in so many seconds, on one thread."""
    plan = PlanRows(task)
    plan.write()
    solver = plan.program.solve(seconds_, presolve=presolve)
    info = solver.getInfo()
    optimal = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    values = np.array(solver.getSolution().col_value)
    constant = plan.constant
    points = round(info.objective_function_value + constant) if len(values) else 0
    return Solved(points, info.mip_dual_bound + constant, optimal, plan.lines(values))


def improve(task: Task, lines: Lines, points: float, seconds_: float, seed: int) -> Solved:
    """Best plan that HiGHS finds in so many seconds from the plan of `lines`, with its `points`.

    It solves the program again and again with all but a part of the slots as they stand: those of
    one account, or of some days on all accounts. The bound is none.
    """
    began, random = monotonic(), Random(seed)
    plan = PlanRows(task)
    plan.write()
    solver = plan.program.loaded()
    slots, columns = plan.terrain.slots, np.array(list(plan.x.values()))
    kept = plan.chosen(lines)
    best = lines
    accounts, days = len(plan.terrain.accounts), sorted({slot.day for slot in slots})
    while (left := seconds_ - (monotonic() - began)) > 1:
        if random.random() < 0.5:
            account = random.randrange(accounts)
            free = [slot.account == account for slot in slots]
        else:
            first = random.choice(days)
            free = [first <= slot.day < first + DAYS_AT_ONCE for slot in slots]
        bounds = np.array(
            [
                (0.0, 1.0) if free[slot] else (float((item, slot) in kept),) * 2
                for item, slot in plan.x
            ]
        )
        solver.changeColsBounds(len(columns), columns, bounds[:, 0].copy(), bounds[:, 1].copy())
        solver.setOptionValue("time_limit", solver.getRunTime() + min(left, SECONDS_AT_ONCE))
        solver.run()
        values = np.array(solver.getSolution().col_value)
        if not len(values) or solver.getInfo().primal_solution_status != _FEASIBLE:
            continue
        found = round(solver.getInfo().objective_function_value + plan.constant)
        if found > points:
            points, best = found, plan.lines(values)
            kept = plan.chosen(best)
    return Solved(points, float("inf"), False, best)
