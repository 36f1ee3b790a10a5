"""Ten years' need at once, 170 000 households: what the machinery bears; takes hours and GBs."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("crisis")
