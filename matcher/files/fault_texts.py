"""Read the sentences about faults from ``texts.toml``."""

from collections.abc import Mapping
from typing import Any

from matcher.texts import load_texts


def fault_texts() -> Mapping[str, Any]:
    """Return all texts by code: ``severity``, and ``message`` and ``advice`` in each language."""
    return load_texts("matcher.files")


def fault_text(code: str, part: str, language: str | None = None) -> str:
    """Return one text of one kind of fault.

    Raises
    ------
    KeyError
        When there is no such kind of fault.
    """
    entry = fault_texts()[code]
    return str(entry[part] if language is None else entry[language][part])
