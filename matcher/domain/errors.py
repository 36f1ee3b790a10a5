"""Errors that a user can correct: each names the subject, shows the value and says what to do."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class TreffsikkerError(Exception):
    """Base of all errors that the library raises deliberately."""


class CatalogueError(TreffsikkerError):
    """A rule or term is not complete or not unique: a missing text, a duplicate identifier."""


class PolicyError(TreffsikkerError):
    """A policy names something that does not exist, or sets a value that is not allowed."""


class UnknownHouseholdError(TreffsikkerError):
    """A requested household is not in the queue."""


class UnknownMunicipalityError(TreffsikkerError):
    """A requested municipality is not in the instance."""


class RefusedResultError(TreffsikkerError):
    """A solver returned a plan that breaks a rule, or whose value differs from its claim."""


class BackendError(TreffsikkerError):
    """A backend is not installed, or cannot solve this program."""


class SolverParamsError(TreffsikkerError):
    """A parameter of a solver does not exist, or has a value that is not allowed."""


class NoPlanError(TreffsikkerError):
    """No plan was found within the time limit."""


class MissingExtraError(TreffsikkerError, ImportError):
    """An optional part of the program is not installed.

    Parameters
    ----------
    extra : str
        Name of the extra that installs it.
    package : str
        Package that is missing.
    """

    def __init__(self, extra: str, package: str) -> None:
        super().__init__(
            f"this needs the extra {extra!r}, of which {package} is missing; "
            f"install it with pip install 'treffsikker[{extra}]'"
        )
        self.extra, self.package = extra, package


class ClusterError(TreffsikkerError):
    """A Dask cluster does not answer, has no workers, or was lost during a run."""


EXTRAS: Mapping[str, frozenset[str]] = {
    "service": frozenset(
        {
            "alembic",
            "authlib",
            "fastapi",
            "httpx2",
            "itsdangerous",
            "joserfc",
            "limits",
            "orjson",
            "prometheus_client",
            "psycopg",
            "pydantic_settings",
            "python_multipart",
            "sqlalchemy",
            "sse_starlette",
            "starlette",
            "structlog",
            "uvicorn",
        }
    ),
    "fitting": frozenset({"sklearn", "statsmodels", "threadpoolctl"}),
    "cluster": frozenset({"distributed"}),
    "plots": frozenset({"matplotlib"}),
    "benchmarks": frozenset({"httpx", "psutil"}),
}
"""Names under which the packages of each extra are imported, by extra."""


def find_missing_extra(error: ModuleNotFoundError) -> MissingExtraError | None:
    """Return the error that names the extra to install; None when no extra has the module."""
    package = (error.name or "").partition(".")[0]
    extra = next((name for name, packages in EXTRAS.items() if package in packages), None)
    return None if extra is None else MissingExtraError(extra, package)


@contextmanager
def explain_missing_extra() -> Iterator[None]:
    """Raise a missing module of an extra as an error that says what to install.

    Raises
    ------
    MissingExtraError
        When a module is missing that an extra installs. Other missing modules stay as they are.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        missing = find_missing_extra(error)
        if missing is None:
            raise
        raise missing from error
