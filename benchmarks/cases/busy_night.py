"""Five ordinary nights at once, 1 500 households: where direct solvers begin to struggle."""

from benchmarks.kinds import SolveQueue

CASE = SolveQueue("busy-night")
