"""One household at a time against all municipalities, 1 500 in the queue: a caseworker's wait."""

from benchmarks.case_kinds import RankHouseholds

CASE = RankHouseholds("busy-night", calls=200)
