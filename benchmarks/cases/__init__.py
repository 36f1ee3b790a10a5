"""The cases, one file each; the file's docstring says what the case is for.

Any profile can also be solved at any size, as ``profile:households``.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from benchmarks.case_kinds import Case, SolveQueue
from instances.profile import profile_names


def case_names() -> tuple[str, ...]:
    """List the names of the cases in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(__path__)))


def get_case(name: str) -> Case:
    """Return the case of a name, or of a profile and a number of households.

    Raises
    ------
    ValueError
        When there is no such case or profile, or the number is not a positive integer.
    """
    profile, colon, households = name.partition(":")
    if colon:
        return SolveQueue(_known(profile), _number(name, households))
    case: Case = _module(name).CASE
    return case


def describe_case(name: str) -> str:
    """Return what a case is for: the docstring of its file."""
    profile, colon, households = name.partition(":")
    if colon:
        return f"{int(households)} households as in profile `{profile}`."
    return (_module(name).__doc__ or "").strip()


def _module(name: str) -> Any:
    if name not in case_names():
        raise ValueError(f"no case called {name!r}; there are {', '.join(case_names())}")
    return import_module(f"{__name__}.{name}")


def _known(profile: str) -> str:
    if profile not in profile_names():
        raise ValueError(f"no profile called {profile!r}; there are {', '.join(profile_names())}")
    return profile


def _number(name: str, households: str) -> int:
    if not (households.isdecimal() and int(households)):
        raise ValueError(f"{name!r} needs a number of households after the colon, such as night:40")
    return int(households)
