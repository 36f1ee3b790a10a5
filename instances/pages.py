"""Documentation pages generated from profiles and queues.

``python -m instances.pages profiles`` and ``python -m instances.pages composition`` print them.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from typing import Any

from instances.composition import composition_deviations
from instances.generator import generate
from instances.listed_needs import describe_parameters
from instances.people.structures import draw_structure
from instances.profile import SECTIONS, Profile, profile_names
from instances.profile_files import PROFILE_FOLDER
from instances.random_stream import RandomStream

PROFILES_COMPARED = ("small", "night", "busy-night", "year")
"""Profiles whose composition is compared, from few households to many."""
HEAD = """# Profiles of synthetic queues

A profile says what a synthetic queue looks like. `treffsikker generate NAME` makes one, and
`Profile.read` takes a name or the path of a file of your own, which starts with
`extends = "_base"` and states only what differs. A parameter that does not exist and a value that
cannot be are named with what to write instead, all at once.

This page is made by `python -m instances.pages profiles`; a test holds it in step.
"""


def render_profiles_page() -> str:
    """Render the reference page of the profiles as Markdown."""
    return "\n".join([HEAD, *_overview(), *_changes(), *_parameters()]) + "\n"


def render_composition_table() -> str:
    """Render the composition of the compared profiles beside the report's, as a Markdown table."""
    tables = {
        name: composition_deviations(generate(Profile.read(name), seed=1))
        for name in PROFILES_COMPARED
    }
    first = tables[PROFILES_COMPARED[0]]
    lines = [
        _row("", "per cent of persons", "Fafo 2025:14", *PROFILES_COMPARED),
        _rule(3 + len(PROFILES_COMPARED)),
    ]
    for at, (dimension, level, report) in enumerate(
        zip(first["dimension"], first["level"], first["report"], strict=True)
    ):
        shares = [f"{tables[name]['share'].iloc[at]:.1f}" for name in PROFILES_COMPARED]
        lines.append(_row(dimension.replace("_", " "), level, f"{report:.1f}", *shares))
    largest = [f"{tables[name].attrs['largest']:.2f}" for name in PROFILES_COMPARED]
    lines.append(_row("", "largest deviation, percentage points", "", *largest))
    return "\n".join(lines) + "\n"


def _overview() -> Iterator[str]:
    yield _row("profile", "households", "persons", "day", "municipalities", "what it is")
    yield _rule(6)
    for name in profile_names():
        profile = Profile.read(name)
        queue = profile.queue
        persons = len(draw_structure(queue.households, 0.0, RandomStream(0, "page")))
        places = len(profile.places.include) or 357
        yield _row(f"`{name}`", queue.households, persons, queue.today, places, profile.description)
    yield ""


def _changes() -> Iterator[str]:
    """List the parameters that each profile changes in the profile it extends."""
    for name in profile_names():
        text = _text(name)
        changed = list(_commented(text))
        yield f"## {name}\n"
        yield f"{text.splitlines()[0].removeprefix('# ')} Extends `{_extends(text)}`.\n"
        if changed:
            yield _row("parameter", "value", "why")
            yield _rule(3)
            yield from (_row(f"`{key}`", f"`{value}`", why) for key, value, why in changed)
            yield ""


def _parameters() -> Iterator[str]:
    yield "## Every parameter\n"
    yield _row("parameter", "in `_base`", "what it is")
    yield _rule(3)
    described = [*_commented(_text("_base")), *_listed_needs()]
    for section in SECTIONS:
        for key, value, what in described:
            if key.partition(".")[0] == section:
                yield _row(f"`{key}`", f"`{value}`", what)


def _listed_needs() -> Iterator[tuple[str, str, str]]:
    """List the parameters whose values are those of the entries in the list of needs."""
    for section in ("needs", "unknown"):
        for key, value, whom in describe_parameters(section):
            yield f"{section}.{key}", str(value), whom


def _text(name: str) -> str:
    return (PROFILE_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def _extends(text: str) -> str:
    return str(tomllib.loads(text).get("extends", ""))


def _commented(text: str) -> Iterator[tuple[str, str, str]]:
    """List each parameter: section and key, value, comment."""
    section = ""
    for line in text.splitlines():
        if header := re.fullmatch(r"\[(\w+)\]", line):
            section = header[1]
        elif section and (parameter := re.fullmatch(r"(\w+) = (.*?)\s*# (.*)", line)):
            value = parameter[2] if parameter[2] != "[" else "[...]"
            yield f"{section}.{parameter[1]}", value, parameter[3]


def _row(*cells: Any) -> str:
    return f"| {' | '.join(str(cell) for cell in cells)} |"


def _rule(columns: int) -> str:
    return _row(*["---"] * columns)


if __name__ == "__main__":
    pages = {"profiles": render_profiles_page, "composition": render_composition_table}
    sys.stdout.write(pages[sys.argv[1]]())
