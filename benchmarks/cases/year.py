"""A whole year at once, 17 000 households: where prices must do nearly everything."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("year")
