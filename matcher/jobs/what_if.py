"""What-ifs as runs: a question about one night, which a worker answers."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter

from matcher.analysis.what_if import QUESTIONS, WhatIfChanges, WhatIfQuestion
from matcher.domain.instance import Instance
from matcher.domain.placement import Plan
from matcher.jobs.job_context import JobContext, JobOutput
from matcher.jobs.night.night_run import NightRun
from matcher.policy.policy import Policy
from matcher.problem.problem import Problem
from matcher.solve.stopping import StopCriteria
from matcher.store.runs import Run, enqueue_run
from matcher.store.store import Store

if TYPE_CHECKING:
    from matcher.analysis.what_if import WhatIf, WhatIfAnswer, WhatIfPlan


WHAT_IF = "what-if"
"""Kind of these runs."""
CHANGES = TypeAdapter(WhatIfChanges)


@dataclass(frozen=True, slots=True)
class WhatIfParameters:
    """The parameters of a what-if.

    Parameters
    ----------
    night : str
        Identifier of the run of the night that is changed.
    changes : WhatIfChanges
    seconds : float
        Time limit of the solver, for each question.
    questions : tuple of WhatIfQuestion
    """

    night: str
    changes: WhatIfChanges
    seconds: float = 120.0
    questions: tuple[WhatIfQuestion, ...] = QUESTIONS

    def to_mapping(self) -> dict[str, Any]:
        """Convert to values that JSON can represent."""
        changes = CHANGES.dump_python(self.changes, mode="json")
        questions = [str(question) for question in self.questions]
        parameters = {"night": self.night, "changes": changes, "seconds": self.seconds}
        return {**parameters, "questions": questions}

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Self:
        """Read from the values of :meth:`to_mapping`; without questions, both are asked."""
        changes = CHANGES.validate_python(mapping["changes"])
        questions = tuple(map(WhatIfQuestion, mapping.get("questions", QUESTIONS)))
        return cls(str(mapping["night"]), changes, float(mapping["seconds"]), questions)


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


def load_run_problem(store: Store, run: str) -> Problem:
    """Load what a night or a what-if has planned: its queue, its places and its policy.

    What was suggested before is left out: two runs of one queue have the same problem.

    Raises
    ------
    UnknownRunError
        When there is no such run.
    ErasedError
        When data that the night used have been erased since.
    """
    asked = NightRun.load(store, run)
    if asked.run.kind != WHAT_IF:
        return _without_suggestions(asked.instance, asked.parameters.policy)
    parameters = WhatIfParameters.from_mapping(asked.run.question)
    night = NightRun.load(store, parameters.night)
    return _without_suggestions(
        parameters.changes.apply_to_instance(night.instance),
        parameters.changes.apply_to_policy(night.parameters.policy),
    )


def _without_suggestions(instance: Instance, policy: Policy) -> Problem:
    return Problem.of(instance.replace(suggestions=Plan()), policy)


def run_what_if(context: JobContext) -> None:
    """Answer a what-if and add its outputs."""
    # The service imports this module to enqueue; only a worker loads solvers.
    from matcher.analysis.what_if import WhatIf  # noqa: PLC0415

    parameters = WhatIfParameters.from_mapping(context.run.question)
    context.enter_step("reading")
    night = NightRun.load(context.store, parameters.night)
    what_if = WhatIf(
        night.instance,
        night.parameters.policy,
        night.saved_result.plan,
        parameters.changes,
    )
    answer = what_if.answer(list(_solve_each(context, what_if, night, parameters)))
    context.enter_step("writing")
    _add_outputs(context, parameters, answer)


def _solve_each(
    context: JobContext, what_if: "WhatIf", night: NightRun, parameters: WhatIfParameters
) -> Iterator["WhatIfPlan"]:
    """Answer each question as the night itself would be solved, within its own time limit."""
    for question in parameters.questions:
        context.enter_step("solving", question=str(question))
        yield what_if.solve(
            question,
            seed=night.parameters.seed,
            stop=StopCriteria(parameters.seconds, night.parameters.gap, context.should_stop),
            params=night.parameters.solver_params,
            progress=partial(context.report_solve, question=str(question)),
        )


def _add_outputs(context: JobContext, parameters: WhatIfParameters, answer: "WhatIfAnswer") -> None:
    from matcher.analysis.what_if.description import describe_answer  # noqa: PLC0415

    difference = {"night": parameters.night, **describe_answer(answer)}
    context.add_output("difference", _json(difference))
    moves = {
        str(plan.question): [asdict(change) for change in plan.changes] for plan in answer.plans
    }
    context.add_output("moves", _json(moves))
    for number, plan in enumerate(answer.plans):
        # The names without a question are those of a night, so that runs can be compared.
        _add_plan(context, plan, "" if number == 0 else f".{plan.question}")


def _add_plan(context: JobContext, plan: "WhatIfPlan", suffix: str) -> None:
    from matcher.report.results import result_facts  # noqa: PLC0415

    facts = {**result_facts(plan.problem, plan.result), "question": str(plan.question)}
    context.add_output(f"result{suffix}", _json(facts))
    rows = plan.result.to_frame().to_csv(index=False)
    context.add_output(f"plan{suffix}", JobOutput("text/csv", rows.encode()))


def _json(value: Any) -> JobOutput:
    text = json.dumps(value, ensure_ascii=False, indent=2, default=float)
    return JobOutput("application/json", text.encode() + b"\n")
