"""Errors a user can mend: each names the thing, shows the value and advises."""


class TreffsikkerError(Exception):
    """Base of all errors that the library raises on purpose."""


class CatalogueError(TreffsikkerError):
    """A rule or term is not complete: a missing text, a duplicate identifier."""


class PolicyError(TreffsikkerError):
    """A policy names something that is not there, or gives it a value it cannot have."""


class UnknownHouseholdError(TreffsikkerError):
    """A household was asked about that is not in the queue."""


class UnknownMunicipalityError(TreffsikkerError):
    """A municipality was asked about that is not in the instance."""


class RefusedResultError(TreffsikkerError):
    """A solver returned a plan that breaks a rule or is not worth what the solver claims."""


class BackendError(TreffsikkerError):
    """A backend is not there or cannot solve this program."""


class ClusterError(TreffsikkerError):
    """A Dask cluster does not answer, has no workers, or was lost on the way."""
