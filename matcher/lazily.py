"""Names of a package that are loaded when they are first asked for, not when it is."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType
from typing import Any


class Late(ModuleType):
    """A package with names that are loaded late, some of them called as a module of it.

    When a module is loaded, Python puts it into its package under its name. Here a name that
    stands for something else keeps standing for it: ``matcher.solve`` is the function.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        """Set a name, unless it would hide what is loaded late."""
        if not (isinstance(value, ModuleType) and name in self.__dict__.get("__late__", ())):
            super().__setattr__(name, value)


def lazily(package: str, modules: Mapping[str, tuple[str, ...]]) -> Callable[[str], Any]:
    """Give the ``__getattr__`` of a package.

    Solvers and readers of files take seconds to load; a service that ranks needs none of them.

    Parameters
    ----------
    package : str
        Its ``__name__``.
    modules : mapping of str to tuple of str
        Names by the module that they come from.
    """
    where = {name: module for module, names in modules.items() for name in names}
    here = sys.modules[package]
    here.__dict__["__late__"] = frozenset(where)
    here.__class__ = Late

    def load(name: str) -> Any:
        if name not in where:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(where[name]), name)

    return load
