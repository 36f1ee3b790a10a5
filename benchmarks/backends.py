"""Find backends by name: those of the library, and any other as ``module:attribute``."""

from importlib import import_module

from benchmarks.references import REFERENCES
from matcher.solve import BACKENDS
from matcher.solve.backends.registry import WarmStartBackend
from matcher.solve.result import Backend


def resolve_backend(name: str) -> str | Backend:
    """Return the backend in the form that ``solve`` takes; import ``module:attribute``.

    Raises
    ------
    ImportError, AttributeError
        When there is no such module or attribute.
    """
    module, colon, attribute = name.partition(":")
    if not colon:
        return name
    backend: Backend = getattr(import_module(module), attribute)
    return backend


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
    """
    known = (*BACKENDS, *REFERENCES)
    unknown = [name for name in names if name not in known and ":" not in name]
    if unknown:
        raise ValueError(
            f"no backend called {', '.join(map(repr, unknown))}; there are "
            f"{', '.join(known)}, and others as module:attribute"
        )
