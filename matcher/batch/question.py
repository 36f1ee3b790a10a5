"""The parameters of a night: policy, time limit, gap and seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Self

from matcher.policy import Policy
from matcher.solve import Stop
from matcher.solve.versions import versions

NIGHT_SECONDS = 120.0
"""Default time limit of the solver."""
NIGHT_GAP = 0.001
"""Default relative gap that is good enough."""


@dataclass(frozen=True, slots=True)
class Question:
    """The parameters of a night; together with the events up to one, they determine the plan.

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
        """Convert to values that JSON can represent, with the complete policy."""
        policy = asdict(self.policy)
        decided = self.policy.decided_on
        policy["decided_on"] = None if decided is None else decided.isoformat()
        limits = {"seconds": self.seconds, "gap": self.gap, "seed": self.seed}
        # A night begun by another version is not continued: that version may compute differently.
        return {"policy": policy, **limits, "version": versions()["treffsikker"]}

    @classmethod
    def from_mapping(cls, asked: Mapping[str, Any]) -> Self:
        """Read from the values of :meth:`to_mapping`.

        Raises
        ------
        PolicyError
            When this program does not know a rule or a term of the policy.
        """
        fields = dict(asked["policy"])
        decided = fields["decided_on"]
        fields["decided_on"] = None if decided is None else date.fromisoformat(decided)
        policy = Policy(**fields)
        policy.select()
        return cls(policy, float(asked["seconds"]), float(asked["gap"]), int(asked["seed"]))

    def stop(self) -> Stop:
        """Return the limits of the solver."""
        return Stop(seconds=self.seconds, gap=self.gap)
