"""Parameters from and to nested mappings, as TOML and JSON have them."""

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

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
