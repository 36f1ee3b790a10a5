"""A backlog: 5 000 households at once."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("backlog")
