"""Types of parameters in a profile: the valid values, and advice for invalid values."""

from collections.abc import Callable
from datetime import date
from typing import Annotated, Any, get_type_hints

ParameterCheck = Callable[[Any], str | None]
"""Returns advice about an invalid value, None for a valid value."""


def _number(low: float, high: float, advice: str) -> ParameterCheck:
    def check(value: Any) -> str | None:
        fine = type(value) in (int, float) and low <= value <= high
        return None if fine else advice

    return check


def _whole(low: int, high: int, advice: str) -> ParameterCheck:
    return lambda value: None if type(value) is int and low <= value <= high else advice


def _date(value: Any) -> str | None:
    return None if isinstance(value, date) else "give a date without quotes, such as 2024-06-12"


def _steps(value: Any) -> str | None:
    fine = isinstance(value, list) and len(value) > 0 and all(map(_is_step, value))
    rising = fine and [day for day, _ in value] == sorted({day for day, _ in value})
    return (
        None if rising else "give pairs of [highest day, weight], days rising: [[14, 3], [60, 1]]"
    )


def _is_step(pair: Any) -> bool:
    whole = isinstance(pair, list) and len(pair) == 2 and all(type(v) is int for v in pair)
    return whole and pair[1] > 0


def _numbers(value: Any) -> str | None:
    fine = isinstance(value, list) and all(
        isinstance(n, str) and len(n) == 4 and n.isdigit() for n in value
    )
    return None if fine else 'give numbers of four digits as text, ["0301", "5001"], or [] for all'


def _one_of(*words: str) -> ParameterCheck:
    return lambda value: None if value in words else f"give one of {', '.join(words)}"


share_check = _number(0, 1, "give a share from 0 to 1, such as 0.05")
Share = Annotated[float, share_check]
Factor = Annotated[float, _number(0, 1000, "give a number from 0 to 1000")]
Days = Annotated[int, _whole(0, 3650, "give a whole number of days from 0 to 3650")]
SignedDays = Annotated[int, _whole(-3650, 3650, "give a whole number of days, -3650 to 3650")]
Count = Annotated[int, _whole(1, 1_000_000, "give a whole number from 1 to 1 000 000")]
CalendarDay = Annotated[date, _date]
WeightedSteps = Annotated[tuple[tuple[int, int], ...], _steps]
MunicipalityNumbers = Annotated[tuple[str, ...], _numbers]
DecidedSource = Annotated[str, _one_of("council", "request")]
ReceiveNowSource = Annotated[str, _one_of("queue", "open", "unsaid")]


def parameter_checks(section: type) -> dict[str, ParameterCheck]:
    """Return the check of each parameter of a section of the profile."""
    hints = get_type_hints(section, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
