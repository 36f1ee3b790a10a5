"""The page of the Python interface: public names with signature and first line."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_origin

from docs.writing.markdown import first_line

HEAD = """# The Python interface

<!-- Written by `python -m docs.generate`; change the docstring, not this page. -->

Everything public, by module. `help(NAME)` in Python says more: shapes, units, ranges and errors.
All values are frozen: a variant is made with `replace`. Nothing reads a clock or the network; the
day is always given. [The tutorial](../tutorial/first-night.md) shows them at work.
"""
MODULES = (
    "matcher", "matcher.domain", "matcher.store", "matcher.store.database",
    "matcher.store.database.runs", "matcher.store.database.audit_log",
    "matcher.store.database.audit_rows", "matcher.store.database.audit_writer", "matcher.roles",
    "matcher.policy", "matcher.problem", "matcher.solve", "matcher.solve.prices",
    "matcher.solve.pass_over_pairs", "matcher.distributed.plan", "matcher.distributed.blocks",
    "matcher.distributed.running", "matcher.solve.export", "matcher.score", "matcher.verify",
    "matcher.price_bound", "matcher.places", "matcher.rank", "matcher.ranking", "matcher.scarce",
    "matcher.trace",
    "matcher.price_list", "matcher.ranking_columns", "matcher.explain", "matcher.compare",
    "matcher.what_if", "matcher.verdicts", "matcher.summary", "matcher.texts", "matcher.live",
    "matcher.report", "matcher.stay", "matcher.stay.pair_effect", "matcher.stay.split",
    "matcher.stay.chosen", "matcher.stay.cohort", "matcher.stay.raking", "matcher.fairness",
    "matcher.solve.warm", "matcher.store.warm", "matcher.fitting.figures",
    "matcher.fitting.plots", "matcher.shapes", "matcher.catalogue", "matcher.tables",
    "matcher.errors", "matcher.settings", "matcher.logs", "matcher.working", "matcher.batch",
    "instances", "matcher.fitting.register", "matcher.fitting.fit", "matcher.fitting.models",
    "matcher.fitting.effects", "matcher.fitting.artefact", "matcher.fitting.evaluate",
    "matcher.fitting.gains", "matcher.fitting.curves", "matcher.fitting.card",
    "matcher.fitting.predict", "instances.register", "instances.public_formats",
    "instances.known", "instances.european",
)  # fmt: skip


def python_page() -> str:
    """Return the text of the page."""
    lines = [HEAD]
    for name in MODULES:
        module = import_module(name)
        lines += [f"## {name}", "", first_line(module), "", *_names(module), ""]
    return "\n".join(lines)


def public(module: Any) -> list[str]:
    """List the public names: ``__all__``, else the classes and functions that a module defines."""
    if hasattr(module, "__all__"):
        return list(module.__all__)
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(inspect.unwrap(value)))
        and value.__module__ == module.__name__
    ]


def _names(module: Any) -> Iterator[str]:
    for name in public(module):
        value = getattr(module, name)
        if get_origin(value) is not None:
            yield f"- **`{name}`** A NumPy array of that kind."
        elif inspect.isclass(value):
            # The section of ``matcher`` is an overview; members are listed with their modules.
            yield from _class(name, value, with_members=module.__name__ != "matcher")
        elif callable(value):
            yield f"- **`{name}{signature(value)}`** {first_line(value)}"
        else:
            yield f"- **`{name}`**"


def _class(name: str, value: Any, with_members: bool) -> Iterator[str]:
    members = list(_members(value)) if with_members and not _is_plain(value) else []
    yield f"- **`{name}{_fields(value)}`** {first_line(value)}"
    yield from members


def _is_plain(value: Any) -> bool:
    """Whether a class is described by its first line alone, as errors and enumerations are."""
    return issubclass(value, BaseException) or hasattr(value, "__members__")


def _fields(value: Any) -> str:
    if hasattr(value, "__dataclass_fields__"):
        return f"({', '.join(value.__dataclass_fields__)})"
    if hasattr(value, "__members__"):
        return f" {' | '.join(str(m.value) for m in value)}"
    return ""


def _members(value: Any) -> Iterator[str]:
    for name, member in vars(value).items():
        if name.startswith("_"):
            continue
        function = member.__func__ if isinstance(member, classmethod | staticmethod) else member
        if inspect.isfunction(function):
            yield f"  - `.{name}{signature(function)}` {first_line(function)}"
        elif isinstance(member, property) or type(member).__name__ == "cached_property":
            yield f"  - `.{name}` {first_line(member)}"


def signature(function: Any) -> str:
    """Write the parameters of a function with their defaults, without types."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "(...)"
    named = [p.replace(annotation=p.empty) for p in parameters if p.name not in ("self", "cls")]
    return str(inspect.Signature(named))
