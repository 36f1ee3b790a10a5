"""The sentences of faults, from ``texts.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def fault_texts() -> dict[str, Any]:
    """Give all texts: code, then ``severity``, and ``message`` and ``advice`` in each language."""
    text = files(__package__).joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def fault_text(code: str, part: str, language: str | None = None) -> str:
    """Give one text of one kind of fault.

    Raises
    ------
    KeyError
        When no such fault is described.
    """
    entry = fault_texts()[code]
    return str(entry[part] if language is None else entry[language][part])
