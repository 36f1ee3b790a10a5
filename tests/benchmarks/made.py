"""Rows made by hand."""

from dataclasses import replace

from benchmarks.row import Row

PROVED = Row(
    "night",
    "highs",
    1,
    "proved",
    households=300,
    persons=650,
    placed=640,
    value_1=700.0,
    value_2=1000.0,
    bound_1=700.0,
    bound_2=1001.0,
    gap_1=0.0,
    gap_2=0.001,
    build_seconds=1.0,
    solve_seconds=9.0,
    total_seconds=10.0,
    cpu_seconds=12.0,
    peak_mb=200.0,
)


def proved(backend="highs", seed=1, **changes):
    """A proved row, but for what is told."""
    return replace(PROVED, backend=backend, seed=seed, **changes)


def baseline(backend="greedy", seed=1, **changes):
    """A row without bounds, but for what is told."""
    plain = {"outcome": "unproved", "bound_1": None, "bound_2": None, "gap_1": None, "gap_2": None}
    return proved(backend, seed, **{**plain, **changes})


def failed(backend="pulp", seed=1, outcome="failed"):
    """A row without a plan."""
    return Row("night", backend, seed, outcome, message="no reason given")
