"""Ask one rule or term about small queues, in a line."""

import string
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from matcher.domain import Household, Instance, Municipality, Person
from matcher.domain.reason import Reason
from matcher.policy.catalogue import load_catalogue
from matcher.policy.policy import Policy
from matcher.policy.reason_texts import render_reason
from matcher.problem.problem import Problem
from matcher.texts import LANGUAGES
from tests.ledgers import known

TODAY = date(2024, 4, 15)
ROOMY = known(decided=100, minors_decided=20)


def person(**facts: Any) -> Person:
    """A grown man of whom nothing else is known."""
    return Person(**{"id": "P", "age": 30, **facts})


def household(*members: Person, **facts: Any) -> Household:
    """A household that became ready a hundred days ago; one grown person unless told."""
    ready = date(2024, 1, 6)
    return Household(
        **{"id": "H", "ready_since": ready, "members": members or (person(),), **facts}
    )


def town(number: str = "0001", **facts: Any) -> Municipality:
    """A municipality with room for a hundred."""
    return Municipality(**{"number": number, "name": f"Town {number}", "ledger": ROOMY, **facts})


@dataclass(frozen=True)
class Asked:
    """What one rule or term says of one queue and some municipalities."""

    problem: Problem
    shape: Any

    @property
    def tables(self) -> tuple:
        """Both tables."""
        return self.problem.households, self.problem.municipalities

    def all(self, method: str) -> list[list[Any]]:
        """A method's answer for every pair."""
        units, towns = map(len, self.tables)
        return np.broadcast_to(getattr(self.shape, method)(*self.tables), (units, towns)).tolist()

    def one(self, method: str) -> Any:
        """A method's answer for the first unit in the first municipality."""
        return self.all(method)[0][0]

    def told(self, i: int = 0, j: int = 0, method: str = "reason") -> tuple[str, dict]:
        """Code and facts of the reason, which must render whole in both languages."""
        reason = getattr(self.shape, method)(*self.tables, i, j)
        renders(reason)
        return reason.code, dict(reason.facts)


def ask(identifier: str, households: Any, towns: Any, *, links=(), travel=(), **given) -> Asked:
    """Put a queue and municipalities before a rule or term, with parameters."""
    earlier, suggested = given.pop("earlier", None), given.pop("suggested", None)
    probabilities = given.pop("probabilities", None)
    instance = Instance(TODAY, listed(households), listed(towns), links=links, travel_times=travel)
    if earlier is not None:
        instance = instance.replace(earlier_plan=earlier)
    if suggested is not None:
        instance = instance.replace(suggestions=suggested)
    if probabilities is not None:
        instance = instance.replace(probabilities=probabilities)
    section = load_catalogue().entries[identifier].section
    chosen_sections: dict[str, Any] = {section: {identifier: given}}
    policy = Policy("asked", **chosen_sections)
    problem = Problem.of(instance, policy)
    chosen = problem.selection
    shapes = (*chosen.pair_rules, *chosen.budgets, *chosen.terms, *chosen.spread_terms)
    return Asked(problem, shapes[0])


def listed(what: Any) -> tuple:
    """One or several, as a tuple."""
    return tuple(what) if isinstance(what, list | tuple) else (what,)


def renders(reason: Reason) -> None:
    """Every placeholder of the text is filled by a fact, in every language, and none is left."""
    for language in LANGUAGES:
        rule, _, key = reason.code.rpartition(".")
        text = load_catalogue().entries[rule].texts[language][key]
        wanted = {name for _, name, _, _ in string.Formatter().parse(text) if name}
        assert wanted <= set(reason.facts), (reason, language)
        sentence = render_reason(reason, language)
        assert sentence, reason
        assert "{" not in sentence, reason
