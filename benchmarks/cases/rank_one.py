"""One household at a time against all municipalities, 1 500 in the queue: a caseworker's wait."""

from benchmarks.kinds import RankOne

CASE = RankOne("busy-night", calls=200)
