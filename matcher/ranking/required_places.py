"""Where a household must go: the municipality it is pinned to, or where its close family lives."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from matcher.ranking.rule_checks import RuleChecks, RuleVerdict

BINDING_RULES = ("pin", "family_tie")
"""Rules that leave a household few municipalities or one, by facts of the household itself."""


@dataclass(frozen=True, slots=True)
class RequiredPlace:
    """A municipality to which a household must go.

    Parameters
    ----------
    municipality : str
        Four-digit number.
    because : tuple of str
        The rules that bind it.
    verdicts : tuple of RuleVerdict
        What bars the municipality; empty when it is open.
    """

    municipality: str
    because: tuple[str, ...]
    verdicts: tuple[RuleVerdict, ...]


def list_required_places(checks: RuleChecks, i: int = 0) -> Iterator[RequiredPlace]:
    """List where a unit must go, by its pin and by its ties that must hold; nothing without any.

    Parameters
    ----------
    checks : RuleChecks
    i : int
        Row of the unit within the checks.
    """
    bound = {
        rule: checks.allowed_by_rule[rule][i]
        for rule in BINDING_RULES
        if rule in checks.allowed_by_rule and not checks.allowed_by_rule[rule][i].all()
    }
    if not bound:
        return
    for row in np.flatnonzero(np.logical_and.reduce(list(bound.values()))).tolist():
        number = str(checks.problem.municipalities.number[row])
        yield RequiredPlace(number, tuple(bound), checks.broken_rules(i, row))
