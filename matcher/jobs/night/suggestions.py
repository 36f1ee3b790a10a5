"""What the night before suggested, as a night records it, so that it can always be repeated."""

from collections.abc import Mapping
from typing import Any

from matcher.domain.instance import Instance
from matcher.domain.placement import Placement, Plan

RECORDED_AS = "suggested"
"""Name in a night's output ``instance``: municipality number by household."""


def with_suggestions(instance: Instance, plan: Plan) -> Instance:
    """Return an instance with the placements of the night before for households that wait."""
    waiting = {household.id for household in instance.households}
    kept = (p for p in plan if p.household in waiting)
    suggestions = tuple(Placement(p.household, p.municipality) for p in kept)
    return instance.replace(suggestions=Plan(suggestions))


def record_suggestions(instance: Instance) -> dict[str, dict[str, str]]:
    """Return the suggestions of an instance as :func:`read_suggestions` reads them."""
    return {RECORDED_AS: dict(instance.suggestions.municipality_of)}


def read_suggestions(recorded: Mapping[str, Any]) -> Plan:
    """Read the suggestions that a night has recorded.

    Parameters
    ----------
    recorded : mapping
        The night's output ``instance``; those of earlier versions have no suggestions.
    """
    placements = recorded.get(RECORDED_AS, {}).items()
    return Plan(tuple(Placement(household, number) for household, number in placements))
