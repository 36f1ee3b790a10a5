"""``instance.toml``: what an instance is called, which day it is, what is made up."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.store.faults import FaultLog

FILE = "instance.toml"


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """What ``instance.toml`` says.

    Parameters
    ----------
    name : str
        What to call the instance.
    today : date or None
        The day the plan is made for.
    made_up : tuple of str
        Columns whose values are synthetic, as ``file.column``.
    """

    name: str = "instance"
    today: date | None = None
    made_up: tuple[str, ...] = ()


def read_facts(folder: Path, log: FaultLog) -> InstanceFacts:
    """Read ``instance.toml`` of a folder; what it lacks is left as it is without the file."""
    path = folder / FILE
    if not path.exists():
        return InstanceFacts()
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        log.add(FILE, "file.unreadable", why=str(error))
        return InstanceFacts()
    return InstanceFacts(**{key: _value(key, value, log) for key, value in _known(found, log)})


def write_facts(facts: InstanceFacts) -> str:
    """Write ``instance.toml``."""
    made_up = "".join(f"\n    {_quoted(column)}," for column in facts.made_up)
    day = "" if facts.today is None else f"today = {facts.today.isoformat()}\n"
    closing = "\n]" if made_up else "]"
    return f"name = {_quoted(facts.name)}\n{day}made_up = [{made_up}{closing}\n"


def _known(found: dict[str, Any], log: FaultLog) -> list[tuple[str, Any]]:
    described = InstanceFacts.__dataclass_fields__
    for key in found:
        if key not in described:
            log.add(FILE, "setting.unknown", column=key, value=key)
    return [(key, value) for key, value in found.items() if key in described]


def _value(key: str, value: Any, log: FaultLog) -> Any:
    """Give a setting, or its default with a fault in the log when it is of the wrong type."""
    if key == "made_up" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    wanted = {"name": str, "today": date, "made_up": tuple}[key]
    if type(value) is wanted:
        return value
    log.add(FILE, "setting.type", column=key, value=str(value))
    return getattr(InstanceFacts(), key)


def _quoted(text: str) -> str:
    """Write a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
    )
