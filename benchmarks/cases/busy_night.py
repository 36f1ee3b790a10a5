"""Five ordinary nights at once, 1 500 households: where direct solvers begin to struggle."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("busy-night")
