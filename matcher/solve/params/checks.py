"""Fields with a unit and a range, which are checked whenever parameters are built."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from matcher.domain.errors import SolverParamsError


@dataclass(frozen=True, slots=True)
class Interval:
    """Range of a number; ``str`` writes it in words.

    Parameters
    ----------
    low, high : float
        Ends of the range; infinite for none.
    includes_low, includes_high : bool
        Whether the ends belong to the range.
    """

    low: float = -math.inf
    high: float = math.inf
    includes_low: bool = True
    includes_high: bool = True

    def __contains__(self, value: float) -> bool:
        return (value >= self.low if self.includes_low else value > self.low) and (
            value <= self.high if self.includes_high else value < self.high
        )

    def __str__(self) -> str:
        if math.isinf(self.low):
            return "any number"
        if math.isinf(self.high):
            return f"{self.low:g} or more" if self.includes_low else f"above {self.low:g}"
        if self.includes_low and self.includes_high:
            return f"from {self.low:g} to {self.high:g}"
        first = f"from {self.low:g}" if self.includes_low else f"above {self.low:g}"
        return f"{first}, {'at most' if self.includes_high else 'below'} {self.high:g}"


ANY_NUMBER = Interval()
AT_LEAST_0, AT_LEAST_1, AT_LEAST_2 = Interval(0), Interval(1), Interval(2)
ABOVE_0, ABOVE_1 = Interval(0, includes_low=False), Interval(1, includes_low=False)
FROM_0_TO_1 = Interval(0, 1)
SHARE = Interval(0, 1, includes_low=False)
"""A share that is not 0."""
BELOW_HALF = Interval(0, 0.5, includes_low=False, includes_high=False)
"""Distance of a fraction from a whole number."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """Unit and range of a field: the second argument of its ``Annotated`` type."""

    unit: str
    interval: Interval


@dataclass(frozen=True, slots=True)
class ParamField:
    """Type, unit and range of a field.

    Parameters
    ----------
    number : type
        ``int`` or ``float``.
    is_tuple : bool
        Whether the field is a tuple of such numbers.
    quantity : Quantity
    """

    number: type
    is_tuple: bool
    quantity: Quantity

    @property
    def kind(self) -> str:
        """The type in words."""
        if self.is_tuple:
            return "a list of numbers"
        return "a whole number" if self.number is int else "a number"

    def accepts(self, value: Any) -> bool:
        """Return whether a value has the type and is within the range."""
        if not self.is_tuple:
            return self._accepts_number(value)
        return isinstance(value, tuple) and bool(value) and all(map(self._accepts_number, value))

    def _accepts_number(self, value: Any) -> bool:
        kinds = int if self.number is int else (int, float)
        if not isinstance(value, kinds) or isinstance(value, bool):
            return False
        return math.isfinite(value) and value in self.quantity.interval


class CheckedParams:
    """Base of parameters; its fields are declared as ``Annotated[type, Quantity(...)]``.

    Raises
    ------
    SolverParamsError
        When a field has another type or is out of its range; it names the field, the value and
        the range.
    """

    __slots__ = ()

    def __post_init__(self) -> None:
        params_class: Any = type(self)
        for name, field in param_fields(params_class).items():
            value = getattr(self, name)
            if not field.accepts(value):
                raise SolverParamsError(
                    f"{params_class.__name__}.{name} must be {field.kind}, "
                    f"{field.quantity.interval} ({field.quantity.unit}), not {value!r}"
                )
        self._check_together()

    def _check_together(self) -> None:
        """Check fields whose ranges depend on each other."""

    def _require_order(self, smaller: str, larger: str) -> None:
        """Check that one field does not exceed another."""
        low, high = getattr(self, smaller), getattr(self, larger)
        if low > high:
            raise SolverParamsError(
                f"{type(self).__name__}.{larger} must be {smaller} ({low}) or more, not {high}"
            )


@cache
def param_fields(params_class: type) -> Mapping[str, ParamField]:
    """Return the checked fields of a class by name; fields that are parameters are left out."""
    hints = get_type_hints(params_class, include_extras=True)
    return {name: _field(hint) for name, hint in hints.items() if get_origin(hint) is Annotated}


def _field(hint: Any) -> ParamField:
    kind, quantity = get_args(hint)
    is_tuple = get_origin(kind) is tuple
    return ParamField(get_args(kind)[0] if is_tuple else kind, is_tuple, quantity)
