"""A backlog: 5 000 households at once."""

from benchmarks.kinds import SolveQueue

CASE = SolveQueue("backlog")
