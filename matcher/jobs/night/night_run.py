"""A night: its parameters, and the data that its steps share."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import orjson

from matcher.domain.errors import NoPlanError, TreffsikkerError
from matcher.domain.instance import Instance
from matcher.domain.placement import Plan
from matcher.jobs.job_context import JobOutput
from matcher.jobs.night.suggestions import read_suggestions, with_suggestions
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import Result, versions
from matcher.solve.stopping import StopCriteria
from matcher.store import runs
from matcher.store.instance_loading import build_instance, load_projections_at
from matcher.store.projections import Projections
from matcher.store.runs import Run
from matcher.store.store import Store

if TYPE_CHECKING:
    from matcher.report.results import SavedResult

NIGHT_TIME_LIMIT_SECONDS = 120.0
"""Default time limit of the solver."""
NIGHT_RELATIVE_GAP = 0.001
"""Default relative gap that is good enough."""


class NoNightPlanError(NoPlanError):
    """A night found no plan within its time limit."""


class MissingOutputError(TreffsikkerError):
    """A run has no output of the requested name."""


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
    effort : float or None
        Work instead of time; None for time.
    """

    policy: Policy
    seconds: float = NIGHT_TIME_LIMIT_SECONDS
    gap: float = NIGHT_RELATIVE_GAP
    seed: int = 1
    solver_params: SolverParams = field(default_factory=SolverParams)
    effort: float | None = None

    def to_mapping(self) -> dict[str, Any]:
        """Convert to values that JSON can represent, with the complete policy."""
        policy = asdict(self.policy)
        decided = self.policy.decided_on
        policy["decided_on"] = None if decided is None else decided.isoformat()
        limits = {"seconds": self.seconds, "gap": self.gap, "seed": self.seed}
        limits |= {} if self.effort is None else {"effort": self.effort}
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
        params = SolverParams.from_mapping(mapping.get("solver_params", {}))
        return cls(policy, *limits, params, mapping.get("effort"))

    def solver_limits(self) -> StopCriteria:
        """Return the limits of the solver."""
        return StopCriteria(seconds=self.seconds, gap=self.gap, effort=self.effort)


class NightRun:
    """The data that the steps of a night share, read from the store on first access.

    Parameters
    ----------
    store : Store
    run : Run
        A run that a worker has claimed, or a complete one.
    """

    def __init__(self, store: Store, run: Run) -> None:
        self.store, self.run = store, run
        self._outputs: dict[str, bytes] = {}

    @cached_property
    def parameters(self) -> NightParameters:
        """The parameters of the night."""
        return NightParameters.from_mapping(self.run.question)

    @cached_property
    def projections(self) -> Projections:
        """The states of everything in the store when the run was first claimed."""
        with self.store.read_transaction() as connection:
            return load_projections_at(connection, self.run.day, self.run.based_on)

    @cached_property
    def instance(self) -> Instance:
        """The queue and the municipalities of the same states, and last night's suggestions."""
        with self.store.read_transaction() as connection:
            instance = build_instance(connection, self.projections, self.run.day)
        return with_suggestions(instance, self._suggestions())

    def _suggestions(self) -> Plan:
        """Read what the night before suggested: as recorded, so that this night can be repeated."""
        if self._has_output("instance"):
            return read_suggestions(self.read_json_output("instance"))
        return self.previous.saved_result.plan if self.previous else Plan()

    @cached_property
    def problem(self) -> Problem:
        """The instance under the policy."""
        return Problem.of(self.instance, self.parameters.policy)

    @cached_property
    def saved_result(self) -> "SavedResult":
        """The plan, facts of the result, and prices, as the solve left them."""
        return _parse_result(self.read_output)

    @cached_property
    def result(self) -> Result:
        """The saved result, as a result of the problem."""
        return self.saved_result.restore(self.problem)

    def read_stored_result(self) -> "SavedResult":
        """Read plan, facts and prices from the store, whatever was handed on in memory."""
        return _parse_result(self.read_stored_output)

    def hand_on(self, outputs: Mapping[str, JobOutput]) -> None:
        """Hand outputs on to later steps in memory, so that they are not read from the store."""
        self._outputs |= {name: output.body for name, output in outputs.items()}

    def read_output(self, name: str) -> bytes:
        """Return an output that was handed on, or read it from the store.

        Raises
        ------
        MissingOutputError
            When the run has no such output.
        """
        return self._outputs[name] if name in self._outputs else self.read_stored_output(name)

    def read_stored_output(self, name: str) -> bytes:
        """Read an output from the store.

        Raises
        ------
        MissingOutputError
            When the run has no such output.
        """
        output = runs.find_output(self.store, self.run.id, name)
        if output is None or output.body is None:
            raise MissingOutputError(f"run {self.run.id} has no {name}")
        return output.body

    def read_json_output(self, name: str) -> Any:
        """Read and parse an output that is JSON."""
        return orjson.loads(self.read_output(name))

    def _has_output(self, name: str) -> bool:
        stored = runs.find_output(self.store, self.run.id, name)
        return name in self._outputs or (stored is not None and stored.body is not None)

    @cached_property
    def previous(self) -> "NightRun | None":
        """The night that was in force on this day when this one began; None for the first night."""
        if self._has_output("instance"):
            recorded = self.read_json_output("instance")["previous"]
            return None if recorded is None else NightRun.load(self.store, recorded)
        run = runs.find_run_in_force(self.store, until=self.run.day)
        # The outputs of a night long past may have been erased with a household that they name.
        previous = None if run is None else NightRun(self.store, run)
        return previous if previous is not None and previous._has_output("plan") else None

    @classmethod
    def load(cls, store: Store, identifier: str) -> "NightRun":
        """Load a night by the identifier of its run.

        Raises
        ------
        UnknownRunError
            When there is no such run.
        """
        return cls(store, runs.get_run(store, identifier))


def _parse_result(read: Callable[[str], bytes]) -> "SavedResult":
    from matcher.report.results import parse_result  # noqa: PLC0415  # Loads file readers.

    return parse_result(read("plan"), read("result"), read("prices"))
