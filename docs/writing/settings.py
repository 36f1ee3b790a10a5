"""The page of the settings, from their definition."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from docs.writing.markdown import format_table
from matcher.settings import Settings, environment_variable

HEAD = """# Settings

<!-- Written by `python -m docs.generate`; change matcher/settings.py, not this page. -->

The service, its workers and the night take their settings from the environment, and from nowhere
else. `treffsikker plan` and the other commands that work on files use none of them. What cannot be
used is refused at the start, and so is a variable whose name begins with `TREFFSIKKER_` but is not
here. [Run the service](../how-to/run-the-service.md) shows them at work.

`TREFFSIKKER_SECRET`, and a database's password, are better given by a secret store of the platform
than written into a file. Neither is ever shown or logged.
"""
WORDS = {
    bool: "`0` or `1`",
    str: "text",
    int: "whole number",
    float: "number",
    SecretStr: "text, secret",
    dict[str, str]: "JSON",
}


def settings_page() -> str:
    """Return the text of the page."""
    rows = [_row(name, field) for name, field in Settings.model_fields.items()]
    return "\n".join([HEAD, *format_table(("variable", "what it is", "unless set", "takes"), rows)])


def _row(name: str, field: FieldInfo) -> tuple[str, str, str, str]:
    return (
        f"`{environment_variable(name)}`",
        field.description or "",
        _default(field),
        _takes(field),
    )


def _default(field: FieldInfo) -> str:
    value = field.get_default(call_default_factory=True)
    if isinstance(value, SecretStr) or value is None or value in ((), [], {}, ""):
        return "nothing"
    return f"`{int(value)}`" if isinstance(value, bool) else f"`{value}`"


def _takes(field: FieldInfo) -> str:
    bounds = " and ".join(_bounds(field))
    return f"{_kind(field.annotation)}{f', {bounds}' if bounds else ''}"


def _kind(annotation: Any) -> str:
    if get_origin(annotation) is Literal:
        return " or ".join(f"`{value}`" for value in get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        return " or ".join(_kind(k) for k in get_args(annotation) if k is not NoneType)
    return WORDS.get(annotation, "text")


def _bounds(field: FieldInfo) -> Iterator[str]:
    words = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
    for bound in field.metadata:
        for name, text in words.items():
            if hasattr(bound, name):
                yield f"{text} {getattr(bound, name)}"
