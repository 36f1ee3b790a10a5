"""Households that can be told by what is known of them, and where that stands in a text."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from typing import Any

from instances import Profile, generate
from matcher.domain import Instance

MUNICIPALITY = re.compile(r"\d{4}")


def small_queue() -> Instance:
    """Forty households on the real municipalities."""
    return generate(Profile.read("small"), seed=7, households=40)


def personal(instance: Instance) -> set[str]:
    """Everything that is known of the people of an instance, as it would be written.

    Words that are not of a person alone are left out: answers such as *yes*, municipalities, and
    codes of two letters, which stand in any text.
    """
    said = {text for household in instance.households for text in _texts(household)}
    return {text for text in said - {"unknown"} if len(text) > 2}


def found_in(text: str, sought: set[str]) -> set[str]:
    """Which of these stand in a text as words of their own."""
    return {s for s in sought if re.search(rf"(?<!\w){re.escape(s)}(?!\w)", text)}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Enum):
        return
    if is_dataclass(value):
        for field in fields(value):
            yield from _texts(getattr(value, field.name))
    elif isinstance(value, tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, str) and not MUNICIPALITY.fullmatch(value):
        yield value
