"""Treffsikker: places refugee households in municipalities, with proof and reasons.

Examples
--------
>>> from matcher import Policy, Problem, read, solve  # doctest: +SKIP
>>> problem = Problem.of(read("tonight/"), Policy.default())  # doctest: +SKIP
>>> print(solve(problem, seed=1))  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from matcher.domain import Instance, Plan
from matcher.lazily import lazily
from matcher.policy import Policy
from matcher.problem import Problem
from matcher.rank import rank
from matcher.ranking import Ranking
from matcher.solve import Result, Stop, solve

if TYPE_CHECKING:
    from matcher.store import from_frames, read, write

__getattr__ = lazily(__name__, {"matcher.store": ("from_frames", "read", "write")})

__all__ = [
    "Instance",
    "Plan",
    "Policy",
    "Problem",
    "Ranking",
    "Result",
    "Stop",
    "from_frames",
    "rank",
    "read",
    "solve",
    "write",
]
