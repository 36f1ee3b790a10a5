"""Errors of a night."""

from matcher.errors import TreffsikkerError


class NoNightPlanError(TreffsikkerError):
    """No plan was found in time."""


class MissingOutputError(TreffsikkerError):
    """A run has no output of the requested name."""
