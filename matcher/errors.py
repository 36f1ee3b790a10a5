"""Errors that a user can correct: each names the subject, shows the value and says what to do."""


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


class ClusterError(TreffsikkerError):
    """A Dask cluster does not answer, has no workers, or was lost during a run."""
