"""1 500 households planned again when one more has come: from the plan before, and beside it."""

from benchmarks.case_kinds import ReplanQueue

CASE = ReplanQueue("busy-night")
