"""Find backends by name: those of the library, and any other as ``module:attribute``.

``NAME@FILE.toml`` is a backend of the library with the solver parameters of a file.
"""

from dataclasses import replace
from importlib import import_module

from benchmarks.references import REFERENCES
from matcher.solve.backends.registry import BACKENDS, LexicographicBackend, WarmStartBackend
from matcher.solve.params.solver_params import SolverParams
from matcher.solve.result import Backend


def resolve_backend(name: str) -> str | Backend:
    """Return the backend in the form that ``solve`` takes; import ``module:attribute``.

    Raises
    ------
    ImportError, AttributeError
        When there is no such module or attribute.
    SolverParamsError
        When the file after ``@`` cannot be used.
    """
    name, at, path = name.partition("@")
    if at:
        backend = BACKENDS[name]
        assert isinstance(backend, LexicographicBackend)
        return replace(backend, params=SolverParams.read(path))
    module, colon, attribute = name.partition(":")
    if not colon:
        return name
    imported: Backend = getattr(import_module(module), attribute)
    return imported


def can_warm_start(name: str) -> bool:
    """Whether a backend can start from an earlier plan; references cannot."""
    backend = resolve_backend(name)
    return isinstance(
        BACKENDS.get(backend) if isinstance(backend, str) else backend, WarmStartBackend
    )


def check_backends(names: list[str]) -> None:
    """Refuse names that are neither in the library, nor references, nor ``module:attribute``.

    Raises
    ------
    ValueError
        With the known names.
    SolverParamsError
        When a file after ``@`` cannot be used.
    """
    known = (*BACKENDS, *REFERENCES)
    unknown = [name for name in names if not _is_known(name)]
    if unknown:
        raise ValueError(
            f"no backend called {', '.join(map(repr, unknown))}; there are "
            f"{', '.join(known)}, and others as module:attribute"
        )


def _is_known(name: str) -> bool:
    name, at, path = name.partition("@")
    if at:
        SolverParams.read(path)
        return isinstance(BACKENDS.get(name), LexicographicBackend)
    return name in BACKENDS or name in REFERENCES or ":" in name
