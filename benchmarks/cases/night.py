"""An ordinary night of 300 households: what must be proved within minutes."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("night")
