"""Names of a package that are loaded when they are first asked for, not when it is."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package.

    Solvers and readers of files take seconds to load; a service that ranks needs none of them.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    modules : mapping of str to tuple of str
        Names by the module that they come from.

    Raises
    ------
    ValueError
        When a name is that of a module within the package: loading that would hide it.
    """
    where = {name: module for module, names in modules.items() for name in names}
    if hidden := [name for name in where if f"{package}.{name}" in modules]:
        raise ValueError(f"{', '.join(hidden)} of {package} would be hidden by a module")

    def load(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(where[name]), name)

    return load
