"""Pins that a rule refuses: no plan can place such a unit until one of the two gives way."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.domain.reason import Reason
from matcher.domain.tables.vocabulary import split_unit
from matcher.files.faults import Fault, severity_of
from matcher.policy.reason_texts import render_reason
from matcher.policy.rule_types import PairRule
from matcher.problem.problem import Problem
from matcher.texts import LANGUAGES

COMPARED_ELSEWHERE = ("pin", "ban", "refusal", "security", "address_protection", "family_tie")
"""Rules on what is recorded of the household itself; :mod:`matcher.domain.contradictions`."""


@dataclass(frozen=True, slots=True)
class RefusedPin:
    """A pinned unit, and a rule that refuses the municipality it is pinned to.

    Parameters
    ----------
    households : tuple of str
        The households of the unit.
    municipality : str
        Four-digit number.
    rule : PairRule
    reason : Reason
        Why the rule refuses.
    """

    households: tuple[str, ...]
    municipality: str
    rule: PairRule
    reason: Reason

    def fault(self) -> Fault:
        """Return it as a fault of the households table, as the check of files lists faults.

        A pin against a rule that keeps people from harm is an error.
        """
        code = "pinned_to.protected" if self.rule.protects else "pinned_to.refused"
        facts = {f"reason.{name}": render_reason(self.reason, name) for name in LANGUAGES}
        facts["household"] = ", ".join(self.households)
        return Fault(
            "households", None, "pinned_to", self.municipality, code, severity_of(code), facts
        )


def find_refused_pins(problem: Problem) -> Iterator[RefusedPin]:
    """Find every pin that a rule on pairs refuses; what is scarce tonight is not looked at.

    Parameters
    ----------
    problem : Problem
        The instance under the policy whose rules are asked.
    """
    m, pinned = problem.municipalities, problem.households.pinned_to
    units = np.flatnonzero(pinned >= 0)
    h, places = problem.households.take(units), pinned[units]
    if not len(units):
        return
    for rule in problem.selection.pair_rules:
        if rule.id in COMPARED_ELSEWHERE:
            continue
        allowed = np.broadcast_to(rule.allowed(h, m), (len(units), len(m)))
        for i in np.flatnonzero(~allowed[np.arange(len(units)), places]).tolist():
            place = int(places[i])
            names = tuple(split_unit(str(h.id[i])))
            yield RefusedPin(names, str(m.number[place]), rule, rule.reason(h, m, i, place))
