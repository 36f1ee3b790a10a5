"""What-ifs as runs: a question about one night, which a worker answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter

from matcher.analysis.compare import Measures
from matcher.analysis.what_if import WhatIfChanges
from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.problem.problem import Problem
from matcher.solve.stopping import StopCriteria
from matcher.store.runs import Run, enqueue_run
from matcher.store.store import Store

if TYPE_CHECKING:
    from matcher.analysis.what_if import WhatIfResult


WHAT_IF = "what-if"
"""Kind of these runs."""
CHANGES = TypeAdapter(WhatIfChanges)
GAP = 0.0001
"""Relative gap that is good enough: a tenth of a night's, because two plans are compared."""


@dataclass(frozen=True, slots=True)
class WhatIfParameters:
    """The parameters of a what-if.

    Parameters
    ----------
    night : str
        Identifier of the run of the night that is changed.
    changes : WhatIfChanges
    seconds : float
        Time limit of the solver.
    """

    night: str
    changes: WhatIfChanges
    seconds: float = 120.0

    def to_mapping(self) -> dict[str, Any]:
        """Convert to values that JSON can represent."""
        changes = CHANGES.dump_python(self.changes, mode="json")
        return {"night": self.night, "changes": changes, "seconds": self.seconds}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read from the values of :meth:`to_mapping`."""
        changes = CHANGES.validate_python(mapping["changes"])
        return cls(str(mapping["night"]), changes, float(mapping["seconds"]))


def enqueue_what_if(
    store: Store, parameters: WhatIfParameters, night: NightRun, *, at: datetime, asked_by: str
) -> Run:
    """Enqueue a what-if; a worker answers it when it is free.

    Raises
    ------
    PolicyError, UnusableChangeError
        When the policy cannot be changed in this way.
    """
    parameters.changes.apply_to_policy(night.parameters.policy)
    return enqueue_run(
        store, WHAT_IF, parameters.to_mapping(), day=night.run.day, at=at, asked_by=asked_by
    )


def run_what_if(context: JobContext) -> None:
    """Solve a what-if and add its outputs."""
    # The service imports this module to enqueue; only a worker loads solvers.
    from matcher.analysis.what_if import solve_what_if  # noqa: PLC0415

    parameters = WhatIfParameters.from_mapping(context.run.question)
    context.enter_step("reading")
    night = NightRun.load(context.store, parameters.night)
    context.enter_step("solving")
    result = solve_what_if(
        night.instance,
        night.parameters.policy,
        night.saved_result.plan,
        parameters.changes,
        seed=night.parameters.seed,
        stop=StopCriteria(parameters.seconds, GAP, context.should_stop),
        progress=context.report_solve,
    )
    context.enter_step("writing")
    _add_outputs(context, night, parameters, result)


def _add_outputs(
    context: JobContext, night: NightRun, parameters: WhatIfParameters, result: "WhatIfResult"
) -> None:
    from matcher.report.results import result_facts  # noqa: PLC0415

    context.add_output("difference", _json(describe_difference(parameters.night, result)))
    context.add_output("moves", _json([asdict(change) for change in result.comparison.changes]))
    instance = parameters.changes.apply_to_instance(night.instance)
    policy = parameters.changes.apply_to_policy(night.parameters.policy)
    problem = Problem.of(instance, policy)
    context.add_output("result", _json(result_facts(problem, result.result)))
    plan = result.result.to_frame().to_csv(index=False)
    context.add_output("plan", JobOutput("text/csv", plan.encode()))


def describe_difference(night: str, result: "WhatIfResult") -> dict[str, Any]:
    """Describe what is different, without naming any household."""
    from matcher.analysis.what_if.sentences import what_if_sentences  # noqa: PLC0415

    comparison = result.comparison
    kinds = [change.kind for change in comparison.changes]
    return {
        "night": night,
        "outcome": result.result.outcome,
        "tonight": _measures(comparison.first),
        "other": _measures(comparison.second),
        "households": {kind: kinds.count(kind) for kind in ("moved", "placed", "left out")},
        "municipalities": [asdict(shift) for shift in result.shifts],
        "sentences": {"nb": what_if_sentences(result, "nb"), "en": what_if_sentences(result, "en")},
    }


def _measures(measures: Measures) -> dict[str, Any]:
    return {**asdict(measures), "terms": dict(measures.terms)}


def _json(value: Any) -> JobOutput:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=float)
    return JobOutput("application/json", text.encode() + b"\n")
