"""Treffsikker: places refugee households in municipalities, with proof and reasons.

Examples
--------
>>> from matcher import Policy, Problem, read, solve  # doctest: +SKIP
>>> problem = Problem.of(read("tonight/"), Policy.default())  # doctest: +SKIP
>>> print(solve(problem, seed=1))  # doctest: +SKIP
"""

from typing import TYPE_CHECKING

from matcher.domain import Instance, Plan
from matcher.lazily import lazy_getattr
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.ranking.options import Ranking
from matcher.ranking.rank import rank
from matcher.solve import Result, StopCriteria, solve

if TYPE_CHECKING:
    from matcher.files import from_frames, read, write

__getattr__ = lazy_getattr(__name__, {"matcher.files": ("from_frames", "read", "write")})

__all__ = [
    "Instance",
    "Plan",
    "Policy",
    "Problem",
    "Ranking",
    "Result",
    "StopCriteria",
    "from_frames",
    "rank",
    "read",
    "solve",
    "write",
]
