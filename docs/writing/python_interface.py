"""The page of the Python interface: public names with signature and first line."""

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, get_origin

from docs.writing.markdown import first_sentence

HEAD = """# The Python interface

<!-- Written by `python -m docs.generate`; change the docstring, not this page. -->

Everything public, by module. `help(NAME)` in Python says more: shapes, units, ranges and errors.
All values are frozen: a variant is made with `replace`. Nothing reads a clock or the network; the
day is always given. [The tutorial](../tutorial/first-night.md) shows them at work.
"""
MODULES = (
    "matcher",
    "matcher.domain",
    "matcher.files",
    "matcher.store",
    "matcher.store.runs",
    "matcher.store.service.audit_log",
    "matcher.store.service.audit_chain",
    "matcher.domain.roles",
    "matcher.policy.policy",
    "matcher.problem.problem",
    "matcher.solve",
    "matcher.problem.prices",
    "matcher.solve.priced.pricing",
    "matcher.solve.params.solver_params",
    "matcher.solve.params.lp_params",
    "matcher.solve.params.search_params",
    "matcher.solve.params.solver_params",
    "matcher.solve.decomposed.block_backend",
    "matcher.solve.decomposed.block_solver",
    "matcher.solve.decomposed.blocks",
    "matcher.solve.decomposed.executors",
    "matcher.solve.model_file",
    "matcher.problem.score",
    "matcher.problem.verify.verify",
    "matcher.problem.verify.recount",
    "matcher.problem.verify.price_bound",
    "matcher.problem.remaining_capacity",
    "matcher.domain.option",
    "matcher.ranking.rank",
    "matcher.ranking.options",
    "matcher.analysis.bottlenecks",
    "matcher.ranking.trace",
    "matcher.ranking.price_list",
    "matcher.ranking.explain",
    "matcher.ranking.open_questions",
    "matcher.ranking.question_sentences",
    "matcher.analysis.compare",
    "matcher.analysis.what_if",
    "matcher.ranking.rule_checks",
    "matcher.analysis.summary",
    "matcher.policy.reason_texts",
    "api.live.snapshot",
    "api.live.snapshot_cache",
    "api.live.completed_night",
    "api.live.night_loader",
    "api.live.proposal_trace",
    "api.live.notes",
    "matcher.report",
    "matcher.stay",
    "matcher.policy.pair_effect",
    "matcher.stay.gain_decomposition",
    "matcher.stay.model",
    "matcher.stay.cohort",
    "matcher.stay.raking",
    "matcher.analysis.fairness",
    "matcher.solve.warm_start",
    "matcher.report.warm_start",
    "matcher.stay.fitting.replication",
    "matcher.stay.fitting.plots",
    "matcher.policy.rule_types",
    "matcher.policy.catalogue",
    "matcher.domain.tables",
    "matcher.domain.errors",
    "matcher.settings",
    "matcher.logs",
    "matcher.texts",
    "matcher.jobs",
    "matcher.jobs.night",
    "instances",
    "matcher.stay.fitting.register",
    "matcher.stay.fitting.fit",
    "matcher.stay.fitting.models",
    "matcher.stay.fitting.fitted_effects",
    "matcher.stay.fitting.model_files",
    "matcher.stay.fitting.evaluation",
    "matcher.stay.fitting.matching_gains",
    "matcher.stay.fitting.survival_curves",
    "matcher.stay.fitting.model_card",
    "matcher.stay.fitting.queue_prediction",
    "instances.register",
    "instances.public_formats",
    "instances.known",
    "instances.european",
)


def python_page() -> str:
    """Return the text of the page."""
    lines = [HEAD]
    for name in MODULES:
        module = import_module(name)
        lines += [f"## {name}", "", first_sentence(module), "", *_names(module), ""]
    return "\n".join(lines)


def list_public_names(module: Any) -> list[str]:
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
    for name in list_public_names(module):
        value = getattr(module, name)
        if get_origin(value) is not None:
            yield f"- **`{name}`** A NumPy array of that kind."
        elif inspect.isclass(value):
            # The section of ``matcher`` is an overview; members are listed with their modules.
            yield from _class(name, value, with_members=module.__name__ != "matcher")
        elif callable(value):
            yield f"- **`{name}{format_signature(value)}`** {first_sentence(value)}"
        else:
            yield f"- **`{name}`**"


def _class(name: str, value: Any, with_members: bool) -> Iterator[str]:
    members = list(_members(value)) if with_members and not _is_plain(value) else []
    yield f"- **`{name}{_fields(value)}`** {first_sentence(value)}"
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
            yield f"  - `.{name}{format_signature(function)}` {first_sentence(function)}"
        elif isinstance(member, property) or type(member).__name__ == "cached_property":
            yield f"  - `.{name}` {first_sentence(member)}"


def format_signature(function: Any) -> str:
    """Write the parameters of a function with their defaults, without types."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return "(...)"
    named = [p.replace(annotation=p.empty) for p in parameters if p.name not in ("self", "cls")]
    return str(inspect.Signature(named))
