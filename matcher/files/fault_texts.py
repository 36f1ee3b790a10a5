"""Read the sentences about faults from ``texts.toml``."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def fault_texts() -> dict[str, Any]:
    """Return all texts by code: ``severity``, and ``message`` and ``advice`` in each language."""
    text = files(__package__).joinpath("texts.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def fault_text(code: str, part: str, language: str | None = None) -> str:
    """Return one text of one kind of fault.

    Raises
    ------
    KeyError
        When there is no such kind of fault.
    """
    entry = fault_texts()[code]
    return str(entry[part] if language is None else entry[language][part])
