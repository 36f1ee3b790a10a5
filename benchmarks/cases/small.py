"""A queue of 40 households: tells within seconds whether all backends work and agree."""

from benchmarks.case_kinds import SolveQueue

CASE = SolveQueue("small")
