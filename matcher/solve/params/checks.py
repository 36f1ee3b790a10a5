"""Fields with a unit and a range, checked when parameters are built or read from a mapping."""

import difflib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import Field, dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

from matcher.domain.errors import SolverParamsError

Params = TypeVar("Params")


def read_toml(path: Path) -> Mapping[str, Any]:
    """Read a TOML file.

    Raises
    ------
    SolverParamsError
        When there is no such file, or it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise SolverParamsError(f"no file {path} of solver parameters can be read") from error
    except tomllib.TOMLDecodeError as error:
        raise SolverParamsError(f"{path} is not TOML: {error}") from error


def build_params(
    params_class: type[Params], mapping: Mapping[str, Any], source: str, section: str = ""
) -> Params:
    """Build parameters from a nested mapping; fields that it does not name keep their defaults.

    Parameters
    ----------
    params_class : type
        A dataclass, whose fields are numbers or further such dataclasses.
    mapping : mapping
    source : str
        Where the mapping comes from, for error messages.
    section : str
        Dotted name of the section that the mapping is; empty for the whole.

    Raises
    ------
    SolverParamsError
        When a key does not exist, with the most similar one; or a value is not allowed.
    """
    types = get_type_hints(params_class)
    values: dict[str, Any] = {}
    for key, value in mapping.items():
        name = f"{section}.{key}" if section else key
        if key not in types:
            raise SolverParamsError(f"{source}: {name} does not exist; {_hint(key, types)}")
        values[key] = _value(types[key], value, source, name)
    try:
        return params_class(**values)
    except SolverParamsError as error:
        if section:
            raise SolverParamsError(f"{source}, [{section}]: {error}") from error
        raise


def _value(kind: Any, value: Any, source: str, name: str) -> Any:
    if not is_dataclass(kind):
        return tuple(value) if isinstance(value, list) else value
    if not isinstance(value, Mapping):
        raise SolverParamsError(f"{source}: {name} is {value!r}; write a section [{name}]")
    return build_params(kind, value, source, name)  # type: ignore[arg-type]


def _hint(key: str, names: Mapping[str, Any]) -> str:
    similar = difflib.get_close_matches(key, names, n=1)
    return f"did you mean {similar[0]}?" if similar else f"there are {', '.join(names)}"


def changed_fields(params: Any) -> dict[str, Any]:
    """Return the fields of parameters that are not their default, nested, as JSON values."""
    default = type(params)()
    changes = {f.name: _change(f, params, default) for f in fields(params)}
    return {name: change for name, change in changes.items() if change not in (None, {})}


def _change(field: Field[Any], params: Any, default: Any) -> Any:
    value = getattr(params, field.name)
    if is_dataclass(value):
        return changed_fields(value)
    if value == getattr(default, field.name):
        return None
    return list(value) if isinstance(value, tuple) else value


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
