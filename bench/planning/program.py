"""A mixed-integer program, for HiGHS."""

from collections import defaultdict
from collections.abc import Iterable

import highspy
import numpy as np

INFINITE = highspy.kHighsInf


class Program:
    """Rows and columns, with coefficients by column."""

    def __init__(self) -> None:
        self.points: list[float] = []
        self.most: list[float] = []
        self.rows: list[tuple[float, float]] = []
        self.columns: list[int] = []
        self.values: list[float] = []
        self.starts: list[int] = [0]

    def binary(self, points: float = 0.0) -> int:
        self.points.append(points)
        self.most.append(1.0)
        return len(self.points) - 1

    def number(self) -> int:
        """Column of a count, which its rows make whole."""
        self.points.append(0.0)
        self.most.append(INFINITE)
        return len(self.points) - 1

    def row(self, least: float, most: float, terms: Iterable[tuple[int, float]]) -> None:
        merged: defaultdict[int, float] = defaultdict(float)
        for column, value in terms:
            merged[column] += value
        self.columns += merged.keys()
        self.values += merged.values()
        self.starts.append(len(self.columns))
        self.rows.append((least, most))

    def at_most(self, most: float, columns: Iterable[int]) -> None:
        self.row(-INFINITE, most, [(column, 1.0) for column in columns])

    def loaded(self) -> highspy.Highs:
        """Solver with the program."""
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.points), len(self.rows)
        lp.col_cost_ = np.array(self.points)
        lp.col_lower_, lp.col_upper_ = np.zeros(lp.num_col_), np.array(self.most)
        lp.row_lower_ = np.array([least for least, _ in self.rows])
        lp.row_upper_ = np.array([most for _, most in self.rows])
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(self.starts)
        lp.a_matrix_.index_ = np.array(self.columns)
        lp.a_matrix_.value_ = np.array(self.values)
        whole, any_ = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        lp.integrality_ = [whole if most == 1.0 else any_ for most in self.most]
        lp.sense_ = highspy.ObjSense.kMaximize
        solver = highspy.Highs()
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.passModel(lp)
        return solver

    def solve(self, seconds_: float, *, presolve: bool) -> highspy.Highs:
        """Solve as it stands."""
        solver = self.loaded()
        solver.setOptionValue("time_limit", seconds_)
        solver.setOptionValue("presolve", "on" if presolve else "off")
        solver.run()
        return solver
