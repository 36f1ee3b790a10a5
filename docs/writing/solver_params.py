"""The page of the solver's parameters, and the TOML file of their defaults."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

from docs.writing.markdown import first_sentence, format_table, read_parameters
from matcher.solve.params.checks import ParamField, param_fields
from matcher.solve.params.solver_params import SolverParams

HEAD = """# Parameters of the solver

<!-- Written by `python -m docs.generate`; change matcher/solve/params, not this page. -->

Every number that steers a search, with its unit and the values that are allowed. With the defaults
a solve is the same to the bit; the rules, and what is checked of a result, are not among them. What
the steps are is told in [the algorithm, file by file](../explanation/algorithm.md).

A TOML file names what it changes, and nothing else:

```toml
[priced.lns]
max_nodes = 200

[backends]
threads = 4
```

`treffsikker plan DATA --solver-params my.toml` uses it, in Python
`solve(problem, params=SolverParams.read("my.toml"))`. A key that does not exist, or a value that is
not allowed, is refused with the name, the value and the range. What is not the default stands in
`result.json` under `solver_params`. [All defaults](../../matcher/solve/params/default.toml) in one
file are there to begin from.
"""
COLUMNS = ("parameter", "unless set", "unit", "takes", "meaning")
TOML_HEAD = """# Every parameter of the solvers at its default. A file names only what it changes:
#
#     treffsikker plan DATA --solver-params my.toml
#
# docs/reference/solver-params.md says what each means. Beside each stand its unit and its range.
# Written by `python -m docs.generate`; change the classes in this folder, not this file.
"""
SEPARATED_FROM = 10_000
"""Whole numbers from here on are written with separators."""


def solver_params_page() -> str:
    """Return the text of the page."""
    lines = [HEAD]
    for section, params in list_sections():
        meaning = read_parameters(type(params))
        rows = [_row(n, f, params, meaning) for n, f in param_fields(params.__class__).items()]
        lines += [f"## {section}", "", first_sentence(type(params)), ""]
        lines += format_table(COLUMNS, rows)
    return "\n".join(lines)


def default_toml() -> str:
    """Return the text of the TOML file of the defaults."""
    lines = [TOML_HEAD]
    for section, params in list_sections():
        lines.append(f"[{section}]")
        for name, field in param_fields(params.__class__).items():
            quantity = field.quantity
            value = _toml_value(getattr(params, name))
            lines.append(f"{name} = {value}  # {quantity.unit}, {quantity.interval}")
        lines.append("")
    return "\n".join(lines)


def list_sections(params: Any = None, section: str = "") -> Iterator[tuple[str, Any]]:
    """List the sections with parameters of their own, by dotted name, at their defaults."""
    params = params or SolverParams()
    if param_fields(params.__class__):
        yield section, params
    for field in fields(params):
        value = getattr(params, field.name)
        if is_dataclass(value):
            yield from list_sections(value, f"{section}.{field.name}".lstrip("."))


def _row(
    name: str, field: ParamField, params: Any, meaning: dict[str, str]
) -> tuple[str, str, str, str, str]:
    quantity, value = field.quantity, _toml_value(getattr(params, name))
    takes = f"{field.kind}, {quantity.interval}"
    return f"`{name}`", f"`{value}`", quantity.unit, takes, meaning[name].replace("``", "`")


def _toml_value(value: Any) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml_value, value))}]"
    if isinstance(value, int) and value >= SEPARATED_FROM:
        return f"{value:_}"
    return repr(value)
