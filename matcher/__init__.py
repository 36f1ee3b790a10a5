"""Treffsikker: places refugee households in municipalities, with proof and reasons.

The names of the package are listed in ``__init__.pyi``; each is imported when it is first used,
because solvers and file readers take seconds to load.

Examples
--------
>>> from matcher import Policy, Problem, read, solve  # doctest: +SKIP
>>> problem = Problem.of(read("tonight/"), Policy.default())  # doctest: +SKIP
>>> print(solve(problem, seed=1))  # doctest: +SKIP
"""

from importlib.metadata import version
from typing import Any

import lazy_loader

_load_name, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def __getattr__(name: str) -> Any:
    return version("treffsikker") if name == "__version__" else _load_name(name)
