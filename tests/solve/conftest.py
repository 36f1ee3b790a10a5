"""Fixtures that the tests of cuts share."""

from importlib import import_module

import numpy as np
import pytest

cuts = import_module("matcher.solve.priced.gomory")


@pytest.fixture
def all_cuts(monkeypatch):
    """Every cut is returned, however dense, shallow or alike."""
    monkeypatch.setattr(cuts, "MAX_DENSITY", 1.0)
    monkeypatch.setattr(cuts, "MIN_DEPTH", -np.inf)
    monkeypatch.setattr(cuts, "MAX_COSINE", np.inf)


@pytest.fixture
def dense_cuts(monkeypatch):
    """Cuts may touch all columns, of which small programs have few."""
    monkeypatch.setattr(cuts, "MAX_DENSITY", 1.0)
