"""1 500 households planned again when one more has come: from the plan before, and beside it."""

from benchmarks.kinds import PlanAgain

CASE = PlanAgain("busy-night")
