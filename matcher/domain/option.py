"""One municipality as an option for a household: the one list of its fields.

Traces, answers of the service, their schemas, files and data frames derive their fields from
:class:`Option`, so that a field is added here and nowhere else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any

POINT_DECIMALS, PROBABILITY_DECIMALS = 3, 4
"""Decimals of points, and of probabilities, where an option is rounded."""


def _about(description: str, decimals: int | None = None) -> dict[str, Any]:
    """Return a field's metadata: its description, which schemas show, and its decimals."""
    return {"description": description, "decimals": decimals}


def _points(description: str) -> dict[str, Any]:
    return _about(description, POINT_DECIMALS)


def _probability(description: str) -> dict[str, Any]:
    return _about(description, PROBABILITY_DECIMALS)


@dataclass(frozen=True, slots=True)
class Option:
    """A municipality as an option for a household; a thousand points are one expected stayer.

    The fields are described by their metadata, which is also what schemas show.
    """

    municipality: str = field(metadata=_about("Four-digit number."))
    name: str = field(metadata=_about("Of the municipality."))
    county: str = field(metadata=_about("Its county's name."))
    allowed: bool = field(metadata=_about("Every rule allows it."))
    rank: int = field(metadata=_about("Place in the list for everyone's good, from 1."))
    own_rank: int | None = field(
        metadata=_about("Place among the allowed if only this household counted; null when barred.")
    )
    net: float = field(
        metadata=_points("Points for everyone's good: points, dispersion, minus cost.")
    )
    points: float = field(metadata=_points("Points for this household."))
    by_term: Mapping[str, float] = field(metadata=_points("Its parts."))
    dispersion: Mapping[str, float] = field(
        metadata=_points("What it does to dispersion, by term; below 0 where it gets worse.")
    )
    cost: Mapping[str, float] = field(metadata=_points("What it takes from others, by rule."))
    stay: float | None = field(
        metadata=_probability(
            "Mean probability that the members stay; null where nothing is known of them."
        )
    )
    stay_low: float | None = field(
        metadata=_probability("Its 95 % interval; null for an operator's own, and without one.")
    )
    stay_high: float | None = field(metadata=_probability("Upper end of the interval."))
    open_places: int = field(metadata=_about("Persons who can come, at this moment."))
    asked_for: int | None = field(
        metadata=_about(
            "Of these, asked for others by proposals that await an answer; null where it was not"
            " recorded."
        ),
    )
    left: int | None = field(
        metadata=_about(
            "Of these, left by the others of the plan as it still stands; null without one."
        )
    )
    earliest: date = field(
        metadata=_about("First day it can move in, beside the others of the plan.")
    )
    wishes_met: tuple[int, ...] = field(
        metadata=_about("Which of the household's stated wishes it meets, counted from 0."),
    )

    def values(self) -> dict[str, Any]:
        """Return the fields by name, in their order; of a subclass, those of the option alone."""
        return {name: getattr(self, name) for name in OPTION_FIELDS}

    def json_values(self, *, rounded: bool = False) -> dict[str, Any]:
        """Return the fields as JSON values, in their order.

        Parameters
        ----------
        rounded : bool
            Round points and probabilities, for readers; files and traces keep all digits.
        """
        values = self.values()
        values |= {"earliest": self.earliest.isoformat(), "wishes_met": list(self.wishes_met)}
        if rounded:
            for name, decimals in ROUNDED_FIELDS.items():
                values[name] = round_value(values[name], decimals)
        return values


OPTION_FIELDS = tuple(f.name for f in fields(Option))
"""Names of the fields, in their order."""
ROUNDED_FIELDS = {
    f.name: f.metadata["decimals"] for f in fields(Option) if f.metadata["decimals"] is not None
}
"""Decimals of the fields that are rounded for readers, by name."""


def round_value(value: float | Mapping[str, float] | None, decimals: int) -> Any:
    """Round a number, or each number of a mapping; None stays None, and -0.0 becomes 0.0."""
    if value is None:
        return None
    # Called for every number of 357 options: a check for a mapping takes longer than rounding.
    if isinstance(value, float):
        return round(value, decimals) + 0.0
    return {name: round(number, decimals) + 0.0 for name, number in value.items()}
