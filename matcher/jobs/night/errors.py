"""Errors of a night."""

from matcher.errors import NoPlanError, TreffsikkerError


class NoNightPlanError(NoPlanError):
    """A night found no plan within its time limit."""


class MissingOutputError(TreffsikkerError):
    """A run has no output of the requested name."""
