"""The parameters of a night: policy, time limit, gap and seed."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self

from matcher.policy.policy import Policy
from matcher.solve import StopCriteria
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.versions import versions

NIGHT_TIME_LIMIT_SECONDS = 120.0
"""Default time limit of the solver."""
NIGHT_RELATIVE_GAP = 0.001
"""Default relative gap that is good enough."""


@dataclass(frozen=True, slots=True)
class NightParameters:
    """The parameters of a night; together with the events up to one, they determine the plan.

    Parameters
    ----------
    policy : Policy
    seconds : float
        Time limit of the solver.
    gap : float
        Relative gap that is good enough.
    seed : int
    solver_params : SolverParams
    """

    policy: Policy
    seconds: float = NIGHT_TIME_LIMIT_SECONDS
    gap: float = NIGHT_RELATIVE_GAP
    seed: int = 1
    solver_params: SolverParams = field(default_factory=SolverParams)

    def to_mapping(self) -> dict[str, Any]:
        """Convert to values that JSON can represent, with the complete policy."""
        policy = asdict(self.policy)
        decided = self.policy.decided_on
        policy["decided_on"] = None if decided is None else decided.isoformat()
        limits = {"seconds": self.seconds, "gap": self.gap, "seed": self.seed}
        # A night begun by another version is not continued: that version may compute differently.
        parameters = {"policy": policy, **limits, "version": versions()["treffsikker"]}
        changes = self.solver_params.changes()
        return {**parameters, "solver_params": changes} if changes else parameters

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read from the values of :meth:`to_mapping`.

        Raises
        ------
        PolicyError
            When this program does not know a rule or a term of the policy.
        SolverParamsError
            When this program does not know a parameter of the solver.
        """
        fields = dict(mapping["policy"])
        decided = fields["decided_on"]
        fields["decided_on"] = None if decided is None else date.fromisoformat(decided)
        policy = Policy(**fields)
        policy.build_rules()
        limits = float(mapping["seconds"]), float(mapping["gap"]), int(mapping["seed"])
        return cls(policy, *limits, SolverParams.from_mapping(mapping.get("solver_params", {})))

    def solver_limits(self) -> StopCriteria:
        """Return the limits of the solver."""
        return StopCriteria(seconds=self.seconds, gap=self.gap)
