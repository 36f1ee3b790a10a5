"""Lazy loading: modules of a package are imported when one of their names is first used."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_getattr(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Build the ``__getattr__`` of a package that imports its names lazily.

    Importing solvers and file readers takes seconds, and a service that only ranks needs none.

    Parameters
    ----------
    package : str
        ``__name__`` of the package.
    modules : mapping of str to tuple of str
        Names of each module, by module.

    Raises
    ------
    ValueError
        When a name is also a module of the package, which would hide it when imported.
    """
    module_of = {name: module for module, names in modules.items() for name in names}
    if hidden := [name for name in module_of if f"{package}.{name}" in modules]:
        raise ValueError(f"{', '.join(hidden)} of {package} would be hidden by a module")

    def load(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(module_of[name]), name)

    return load
