"""Read and write ``instance.toml``: name and day of an instance, and its made-up columns."""

import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matcher.files.faults import FaultLog

INSTANCE_FILE = "instance.toml"


@dataclass(frozen=True, slots=True)
class InstanceFacts:
    """Content of ``instance.toml``.

    Parameters
    ----------
    name : str
        Name of the instance.
    today : date or None
        The day that the plan is made for.
    made_up : tuple of str
        Columns whose values are synthetic, as ``file.column``.
    """

    name: str = "instance"
    today: date | None = None
    made_up: tuple[str, ...] = ()


def read_instance_facts(folder: Path, log: FaultLog) -> InstanceFacts:
    """Read ``instance.toml`` of a folder; a missing file or setting gives the default."""
    path = folder / INSTANCE_FILE
    if not path.exists():
        return InstanceFacts()
    try:
        settings = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        log.add(INSTANCE_FILE, "file.unreadable", why=str(error))
        return InstanceFacts()
    return InstanceFacts(**{key: _value(key, value, log) for key, value in _known(settings, log)})


def format_instance_facts(facts: InstanceFacts) -> str:
    """Return the text of ``instance.toml``."""
    made_up = "".join(f"\n    {_quoted(column)}," for column in facts.made_up)
    day = "" if facts.today is None else f"today = {facts.today.isoformat()}\n"
    closing = "\n]" if made_up else "]"
    return f"name = {_quoted(facts.name)}\n{day}made_up = [{made_up}{closing}\n"


def _known(settings: dict[str, Any], log: FaultLog) -> list[tuple[str, Any]]:
    described = InstanceFacts.__dataclass_fields__
    for key in settings:
        if key not in described:
            log.add(INSTANCE_FILE, "setting.unknown", column=key, value=key)
    return [(key, value) for key, value in settings.items() if key in described]


def _value(key: str, value: Any, log: FaultLog) -> Any:
    """Return a setting; log a fault and return the default when its type is wrong."""
    if key == "made_up" and isinstance(value, list) and all(isinstance(v, str) for v in value):
        return tuple(value)
    wanted = {"name": str, "today": date, "made_up": tuple}[key]
    if type(value) is wanted:
        return value
    log.add(INSTANCE_FILE, "setting.type", column=key, value=str(value))
    return getattr(InstanceFacts(), key)


def _quoted(text: str) -> str:
    """Return a text as a TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
    )
