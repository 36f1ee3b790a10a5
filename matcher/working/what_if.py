"""What-ifs as runs: asked for against a night, answered by a worker."""

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
"""Relative gap that is good enough, a tenth of a night's: differences are looked at."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A what-if as it is asked.

    Parameters
    ----------
    night : str
        Run of the night that it changes.
    changes : Changes
    seconds : float
        Time limit of the solver.
    """

    night: str
    changes: Changes
    seconds: float = 120.0

    def to_mapping(self) -> dict[str, Any]:
        """Give it as values that JSON can say."""
        changes = CHANGES.dump_python(self.changes, mode="json")
        return {"night": self.night, "changes": changes, "seconds": self.seconds}

    @classmethod
    def from_mapping(cls, asked: Mapping[str, Any]) -> Self:
        """Read it back."""
        changes = CHANGES.validate_python(asked["changes"])
        return cls(str(asked["night"]), changes, float(asked["seconds"]))


def ask_what_if(store: Store, asked: Asked, night: Night, *, at: datetime, by: str) -> Run:
    """Ask for an answer; a worker gives it when it is free.

    Raises
    ------
    PolicyError, UnusableChangeError
        When the policy cannot be changed in this way.
    """
    asked.changes.of_policy(night.question.policy)
    return ask(store, WHAT_IF, asked.to_mapping(), day=night.run.day, at=at, asked_by=by)


def answer_what_if(errand: Errand) -> None:
    """Answer a what-if."""
    # Asked in the service, answered in a worker: only that one loads solvers.
    from matcher.what_if import what_if  # noqa: PLC0415

    asked = Asked.from_mapping(errand.run.question)
    errand.at("reading")
    night = Night.named(errand.store, asked.night)
    errand.at("solving")
    answer = what_if(
        night.instance, night.question.policy, night.saved.plan, asked.changes,
        seed=night.question.seed, stop=Stop(asked.seconds, GAP, errand.stopped),
        progress=errand.follow,
    )  # fmt: skip
    errand.at("writing")
    _hand_over(errand, night, asked, answer)


def _hand_over(errand: Errand, night: Night, asked: Asked, answer: "WhatIf") -> None:
    from matcher.store.results import result_facts  # noqa: PLC0415

    errand.make("difference", "application/json", _json(difference(asked.night, answer)))
    errand.make("moves", "application/json", _json([asdict(c) for c in answer.comparison.changes]))
    changed = asked.changes.of_instance(night.instance)
    policy = asked.changes.of_policy(night.question.policy)
    again = Problem.of(changed, policy)
    errand.make("result", "application/json", _json(result_facts(again, answer.result)))
    plan = answer.result.to_frame().to_csv(index=False)
    errand.make("plan", "text/csv", plan.encode())


def difference(night: str, answer: "WhatIf") -> dict[str, Any]:
    """Give what is different, without any household."""
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
