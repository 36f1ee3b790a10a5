"""What can go wrong with a night."""

from matcher.errors import TreffsikkerError


class NoNightPlanError(TreffsikkerError):
    """No plan was found in time."""


class MissingOutputError(TreffsikkerError):
    """A run has not left what is asked for."""
