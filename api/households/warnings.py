"""What is said of a change that was recorded although not everything goes together."""

from datetime import date

from api.households.schemas import HouseholdWarning
from api.problems import contradiction_facts
from matcher.domain.trace import Trace
from matcher.policy.reason_texts import render_reason
from matcher.store.contradiction_checks import read_contradictions
from matcher.store.errors import ProtectedError
from matcher.store.store import Store

OWN_RULES = ("pin", "ban", "refusal", "family_tie")
"""Rules on what is recorded of the household itself, which is compared without a night."""


def recorded_warnings(store: Store, household: str, today: date) -> list[HouseholdWarning]:
    """Return what does not go together about a household as it is recorded."""
    contradictions = read_contradictions(store, household, today)
    return [HouseholdWarning(**contradiction_facts(c)) for c in contradictions]


def rule_warnings(household: str, trace: Trace) -> list[HouseholdWarning]:
    """Return the rules that refuse the municipality of a trace; none without a complete night.

    Raises
    ------
    ProtectedError
        When one of them keeps people from harm.
    """
    option = trace.option(trace.municipality)
    broken = () if option is None else option.broken
    protective = [cause.of for cause in broken if cause.protects]
    if protective:
        raise ProtectedError(household, trace.municipality, protective)
    return [
        HouseholdWarning(
            code="pinned_to.rule",
            household=household,
            member=None,
            field="municipality",
            nb=render_reason(cause.reason, "nb"),
            en=render_reason(cause.reason, "en"),
        )
        for cause in broken
        if cause.of not in OWN_RULES
    ]
