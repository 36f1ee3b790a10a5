"""What-ifs as runs: a question about one night, which a worker answers."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import TypeAdapter

from matcher.batch import Night
from matcher.compare import Measures
from matcher.problem import Problem
from matcher.solve import Stop
from matcher.store.database import Store
from matcher.store.database.runs import Run, ask
from matcher.what_if import Changes
from matcher.working.errand import Errand

if TYPE_CHECKING:
    from matcher.what_if import WhatIf


WHAT_IF = "what-if"
"""Kind of these runs."""
CHANGES = TypeAdapter(Changes)
GAP = 0.0001
"""Relative gap that is good enough: a tenth of a night's, because two plans are compared."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The parameters of a what-if.

    Parameters
    ----------
    night : str
        Identifier of the run of the night that is changed.
    changes : Changes
    seconds : float
        Time limit of the solver.
    """

    night: str
    changes: Changes
    seconds: float = 120.0

    def to_mapping(self) -> dict[str, Any]:
        """Convert to values that JSON can represent."""
        changes = CHANGES.dump_python(self.changes, mode="json")
        return {"night": self.night, "changes": changes, "seconds": self.seconds}

    @classmethod
    def from_mapping(cls, asked: Mapping[str, Any]) -> Self:
        """Read from the values of :meth:`to_mapping`."""
        changes = CHANGES.validate_python(asked["changes"])
        return cls(str(asked["night"]), changes, float(asked["seconds"]))


def ask_what_if(store: Store, asked: Asked, night: Night, *, at: datetime, by: str) -> Run:
    """Enqueue a what-if; a worker answers it when it is free.

    Raises
    ------
    PolicyError, UnusableChangeError
        When the policy cannot be changed in this way.
    """
    asked.changes.of_policy(night.question.policy)
    return ask(store, WHAT_IF, asked.to_mapping(), day=night.run.day, at=at, asked_by=by)


def answer_what_if(errand: Errand) -> None:
    """Solve a what-if and add its outputs."""
    # The service imports this module to enqueue; only a worker loads solvers.
    from matcher.what_if import what_if  # noqa: PLC0415

    parameters = Asked.from_mapping(errand.run.question)
    errand.at("reading")
    night = Night.named(errand.store, parameters.night)
    errand.at("solving")
    answer = what_if(
        night.instance,
        night.question.policy,
        night.saved.plan,
        parameters.changes,
        seed=night.question.seed,
        stop=Stop(parameters.seconds, GAP, errand.stopped),
        progress=errand.follow,
    )
    errand.at("writing")
    _add_outputs(errand, night, parameters, answer)


def _add_outputs(errand: Errand, night: Night, parameters: Asked, answer: "WhatIf") -> None:
    from matcher.store.results import result_facts  # noqa: PLC0415

    errand.make("difference", "application/json", _json(difference(parameters.night, answer)))
    errand.make(
        "moves", "application/json", _json([asdict(change) for change in answer.comparison.changes])
    )
    instance = parameters.changes.of_instance(night.instance)
    policy = parameters.changes.of_policy(night.question.policy)
    problem = Problem.of(instance, policy)
    errand.make("result", "application/json", _json(result_facts(problem, answer.result)))
    plan = answer.result.to_frame().to_csv(index=False)
    errand.make("plan", "text/csv", plan.encode())


def difference(night: str, answer: "WhatIf") -> dict[str, Any]:
    """Describe what is different, without naming any household."""
    from matcher.what_if.sentences import sentences  # noqa: PLC0415

    comparison = answer.comparison
    kinds = [change.kind for change in comparison.changes]
    return {
        "night": night,
        "outcome": answer.result.outcome,
        "tonight": _measures(comparison.first),
        "other": _measures(comparison.second),
        "households": {kind: kinds.count(kind) for kind in ("moved", "placed", "left out")},
        "municipalities": [asdict(shift) for shift in answer.shifts],
        "sentences": {"nb": sentences(answer, "nb"), "en": sentences(answer, "en")},
    }


def _measures(measures: Measures) -> dict[str, Any]:
    return {**asdict(measures), "terms": dict(measures.terms)}


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=float).encode() + b"\n"
