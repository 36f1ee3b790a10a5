"""1 500 households with more persons than places: the first level decides who must wait."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("tight")
