"""Late in the year, 300 households: few places are left, and they are spread thinly."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("november")
