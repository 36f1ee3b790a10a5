"""Find, read and merge the files of profiles."""

import tomllib
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

PROFILE_FOLDER = Path(__file__).parent / "profiles"
PROFILE_NAMES = ("small", "night", "november", "tight", "busy-night", "backlog", "year", "crisis")
"""The profiles in the package, in the order in which they are listed."""

ProfileContent = dict[str, Any]


def list_packaged_profiles() -> tuple[str, ...]:
    """List the profiles in the package."""
    return PROFILE_NAMES


def find_profile_file(name_or_path: str | Path) -> Path:
    """Find the file of a profile by name or path.

    Raises
    ------
    ValueError
        When there is no such file; the message lists the names.
    """
    path = Path(name_or_path)
    if path.suffix == ".toml" and path.is_file():
        return path
    inside = PROFILE_FOLDER / f"{name_or_path}.toml"
    if str(name_or_path) in (*PROFILE_NAMES, "_base"):
        return inside
    raise ValueError(
        f"there is no profile {str(name_or_path)!r}: use one of {', '.join(PROFILE_NAMES)}, "
        "or the path of a .toml file"
    )


def read_with_parents(file: Path, seen: tuple[Path, ...] = ()) -> tuple[ProfileContent, list[str]]:
    """Read a file merged with the files that it extends; return the content and all faults."""
    try:
        declared: ProfileContent = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        return {}, [f"{file}: not valid TOML: {error}"]
    if "extends" not in declared:
        return declared, []
    parent = _parent(file, str(declared["extends"]))
    if parent in seen or parent == file:
        return declared, [
            f"{file}: extends {declared['extends']!r}, which extends this file in turn"
        ]
    content, faults = read_with_parents(parent, (*seen, file))
    for key, value in declared.items():
        both = isinstance(value, dict) and isinstance(content.get(key), dict)
        content[key] = content[key] | value if both else value
    return content, faults


def _parent(file: Path, name: str) -> Path:
    beside = file.parent / f"{name}.toml"
    return beside if beside.is_file() else find_profile_file(name)


def check_section(
    file: Path,
    name: str,
    section: Mapping[str, object] | None,
    checks: Mapping[str, Callable[[object], str | None]],
) -> list[str]:
    """Return a line for each unknown key, missing key and invalid value of a section."""
    if not isinstance(section, dict):
        return [f'{file}: section [{name}] is missing; add it, or extends = "_base"']
    faults = [
        f"{file}: [{name}] has no parameter {key!r}{_nearest(key, checks)}"
        for key in section
        if key not in checks
    ]
    for key, check in checks.items():
        if key not in section:
            faults.append(f'{file}: [{name}] {key} is missing; add it, or extends = "_base"')
        elif advice := check(section[key]):
            faults.append(f"{file}: [{name}] {key} = {section[key]!r} is not possible: {advice}")
    return faults


def _nearest(key: str, known: Mapping[str, object]) -> str:
    near = get_close_matches(key, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; known are {', '.join(known)}"
