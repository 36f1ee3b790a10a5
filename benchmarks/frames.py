"""Rows as data frames: ratios to a reference, medians over seeds, comparison with the best plan."""

from collections.abc import Sequence
from dataclasses import asdict, fields

import numpy as np
import pandas as pd

from benchmarks.convergence import GAP_THRESHOLDS
from benchmarks.row import Row

REFERENCE_RATIOS = {"lp_ratio": "lp", "pass_ratio": "pass"}
"""Columns with solving seconds as a multiple of a reference's, and that reference."""
APPROACH_COLUMNS = [*GAP_THRESHOLDS]
"""Columns of seconds until a gap was reached; blank where it was not reached."""
RATIO_COLUMNS = {"time_ratio": "total_seconds", "memory_ratio": "peak_mb", "placed_ratio": "placed"}
"""Ratio columns, and the column that each is a ratio of."""
CELL_KEYS = ["case", "seed"]
TEXT_COLUMNS = ["case", "backend", "outcome", "message"]


def to_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Convert rows to a data frame; numbers are floats, NaN where a value is missing."""
    frame = pd.DataFrame([asdict(row) for row in rows], columns=[f.name for f in fields(Row)])
    numbers = frame.columns.difference([*TEXT_COLUMNS, "seed"])
    return frame.astype(dict.fromkeys(numbers, np.float64))


def add_ratios(frame: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Add each cell's ratios to the reference backend's cell of the same case and seed.

    Points may be negative or near 0, so their difference is added instead: ``points_more``.
    """
    base, cells = _cells_of(frame, reference), frame.reset_index(drop=True)
    ratios = {name: cells[of] / base[of] for name, of in RATIO_COLUMNS.items()}
    return cells.assign(
        **ratios, points_more=cells["value_2"] - base["value_2"], **_against_references(cells)
    )


def _against_references(cells: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Return solving seconds as multiples of the references', and the distance to the LP bound."""
    columns = {
        name: cells["solve_seconds"] / _cells_of(cells, reference)["solve_seconds"]
        for name, reference in REFERENCE_RATIOS.items()
    }
    lp = _cells_of(cells, "lp")
    below = (lp["bound_2"] - cells["value_2"]) / lp["bound_2"].abs().clip(lower=1.0)
    # The bound holds only for plans that place at least as many as the LP was required to.
    columns["below_lp"] = below.where(cells["value_1"] >= lp["value_1"] - 1e-6)
    return columns


def _cells_of(frame: pd.DataFrame, backend: str) -> pd.DataFrame:
    """Return, for each row, the row of a backend with the same case and seed."""
    base = frame[frame["backend"] == backend].set_index(CELL_KEYS)
    return base.reindex(pd.MultiIndex.from_frame(frame[CELL_KEYS])).reset_index(drop=True)


def summarize_seeds(frame: pd.DataFrame) -> pd.DataFrame:
    """Compute medians over seeds for each case and backend, and count the outcomes."""
    groups = frame.groupby(["case", "backend"], sort=False)
    numbers = list(frame.columns.difference([*TEXT_COLUMNS, "seed", *APPROACH_COLUMNS], sort=False))
    # A gap that most seeds did not reach counts as not reached at the median.
    reached = (
        frame[APPROACH_COLUMNS]
        .fillna(np.inf)
        .groupby([frame["case"], frame["backend"]], sort=False)
    )
    medians = groups[numbers].median().join(reached.median().replace(np.inf, np.nan))
    outcomes = groups["outcome"].agg(_count_outcomes)
    return medians.assign(seeds=groups.size(), outcome=outcomes).reset_index()


def compare_backends(frame: pd.DataFrame, backend: str) -> pd.DataFrame:
    """Compare one backend with each other backend that has plans: medians over seeds, by case.

    Columns: case, backend (the other one), seeds, time_ratio and memory_ratio (this backend to
    the other), gap_own, gap_other, placed_more, points_more (blank where level 1 differs).
    """
    plans = frame[frame["placed"].notna()].reset_index(drop=True)
    base = _cells_of(plans, backend)
    same_level_1 = np.isclose(base["value_1"], plans["value_1"])
    columns = {
        "time_ratio": base["total_seconds"] / plans["total_seconds"],
        "memory_ratio": base["peak_mb"] / plans["peak_mb"],
        "gap_own": base["gap_2"],
        "gap_other": plans["gap_2"],
        "placed_more": base["placed"] - plans["placed"],
        "points_more": (base["value_2"] - plans["value_2"]).where(same_level_1),
    }
    table = plans[["case", "backend"]].assign(**columns)
    table = table[(table["backend"] != backend) & base["placed"].notna()]
    groups = table.groupby(["case", "backend"], sort=False)
    return groups.median().assign(seeds=groups.size()).reset_index()


def compare_with_best(frame: pd.DataFrame) -> pd.DataFrame:
    """Compare each plan with the best plan that has a bound, cell by cell.

    Columns: case, seed, backend, placed, placed_share, points, points_more, best (the backend of
    the best plan), proved (whether the best plan is proved).
    """
    plans = frame[frame["placed"].notna()]
    bounded = plans[plans["bound_2"].notna()]
    best = bounded.sort_values(["value_1", "value_2"], kind="stable").groupby(CELL_KEYS).tail(1)
    best = best.assign(best=best["backend"], proved=best["outcome"] == "proved")
    best = best[[*CELL_KEYS, "best", "proved", "placed", "value_2"]]
    pairs = plans.merge(best, on=CELL_KEYS, suffixes=("", "_best"))
    return pd.DataFrame(
        {
            **{name: pairs[name] for name in ("case", "seed", "backend", "placed")},
            "placed_share": pairs["placed"] / pairs["placed_best"],
            "points": pairs["value_2"],
            "points_more": pairs["value_2"] - pairs["value_2_best"],
            "best": pairs["best"],
            "proved": pairs["proved"],
        }
    )


def _count_outcomes(outcomes: "pd.Series[str]") -> str:
    counts = outcomes.value_counts(sort=False)
    if len(counts) == 1:
        return str(counts.index[0])
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
