"""What a night is asked: under which policy, for how long, with which seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from matcher.policy import Policy
from matcher.solve import Stop
from matcher.solve.versions import versions

NIGHT_SECONDS = 120.0
"""Time limit of the solver unless another is given."""
NIGHT_GAP = 0.001
"""Relative gap that is good enough unless another is given."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a night is asked; together with the events it rests on, it decides the plan.

    Parameters
    ----------
    policy : Policy
    seconds : float
        Time limit of the solver.
    gap : float
        Relative gap that is good enough.
    seed : int
    """

    policy: Policy
    seconds: float = NIGHT_SECONDS
    gap: float = NIGHT_GAP
    seed: int = 1

    def to_mapping(self) -> dict[str, Any]:
        """Give it as values that JSON can say, the policy with all that it holds."""
        policy = asdict(self.policy)
        decided = self.policy.decided_on
        policy["decided_on"] = None if decided is None else decided.isoformat()
        limits = {"seconds": self.seconds, "gap": self.gap, "seed": self.seed}
        # A night that another version has begun is not gone on with: it may compute otherwise.
        return {"policy": policy, **limits, "version": versions()["treffsikker"]}

    @classmethod
    def from_mapping(cls, asked: Mapping[str, Any]) -> Self:
        """Read it back.

        Raises
        ------
        PolicyError
            When this program does not know a rule or a term of the policy.
        """
        held = dict(asked["policy"])
        decided = held["decided_on"]
        held["decided_on"] = None if decided is None else date.fromisoformat(decided)
        policy = Policy(**held)
        policy.select()
        return cls(policy, float(asked["seconds"]), float(asked["gap"]), int(asked["seed"]))

    def stop(self) -> Stop:
        """Give the limits of the solver."""
        return Stop(seconds=self.seconds, gap=self.gap)
