"""Rows as data frames: ratios against a reference, medians over seeds, against the best plan."""

from collections.abc import Sequence
from dataclasses import asdict, fields

import numpy as np
import pandas as pd

from benchmarks.approach import NEAR
from benchmarks.row import Row

REFERENCE_RATIOS = {"lp_ratio": "lp", "pass_ratio": "pass"}
"""Columns of solving seconds as multiples of those of a reference."""
REACHED = [*NEAR]
"""Columns of seconds that are blank where something was not reached."""
RATIOS = {"time_ratio": "total_seconds", "memory_ratio": "peak_mb", "placed_ratio": "placed"}
"""Ratio columns and what they are ratios of."""
CELL = ["case", "seed"]
TEXTS = ["case", "backend", "outcome", "message"]


def to_frame(rows: Sequence[Row]) -> pd.DataFrame:
    """Give rows as a data frame, numbers as floats, NaN for what there is not."""
    frame = pd.DataFrame([asdict(row) for row in rows], columns=[f.name for f in fields(Row)])
    numbers = frame.columns.difference([*TEXTS, "seed"])
    return frame.astype(dict.fromkeys(numbers, np.float64))


def with_ratios(frame: pd.DataFrame, reference: str) -> pd.DataFrame:
    """Add each cell's ratios to the reference backend's cell of the same case and seed.

    Points may be below 0 or near it; of them the difference is given, ``points_more``.
    """
    found, own = _cells_of(frame, reference), frame.reset_index(drop=True)
    ratios = {name: own[of] / found[of] for name, of in RATIOS.items()}
    return own.assign(
        **ratios, points_more=own["value_2"] - found["value_2"], **_against_references(own)
    )


def _against_references(own: pd.DataFrame) -> dict[str, "pd.Series[float]"]:
    """Solving seconds as multiples of the references', and the way up to the bare LP bound."""
    columns = {
        name: own["solve_seconds"] / _cells_of(own, reference)["solve_seconds"]
        for name, reference in REFERENCE_RATIOS.items()
    }
    lp = _cells_of(own, "lp")
    below = (lp["bound_2"] - own["value_2"]) / lp["bound_2"].abs().clip(lower=1.0)
    # The bound holds for plans that place as many as the LP had to.
    columns["below_lp"] = below.where(own["value_1"] >= lp["value_1"] - 1e-6)
    return columns


def _cells_of(frame: pd.DataFrame, backend: str) -> pd.DataFrame:
    """For each row, that of a backend with the same case and seed."""
    base = frame[frame["backend"] == backend].set_index(CELL)
    return base.reindex(pd.MultiIndex.from_frame(frame[CELL])).reset_index(drop=True)


def summary(frame: pd.DataFrame) -> pd.DataFrame:
    """Medians over seeds, one row a case and backend, with how often each outcome came."""
    groups = frame.groupby(["case", "backend"], sort=False)
    numbers = list(frame.columns.difference([*TEXTS, "seed", *REACHED], sort=False))
    # What most seeds did not reach is not reached at the median.
    reached = frame[REACHED].fillna(np.inf).groupby([frame["case"], frame["backend"]], sort=False)
    medians = groups[numbers].median().join(reached.median().replace(np.inf, np.nan))
    outcomes = groups["outcome"].agg(_counted)
    return medians.assign(seeds=groups.size(), outcome=outcomes).reset_index()


def beside(frame: pd.DataFrame, backend: str) -> pd.DataFrame:
    """One backend beside each of the others that have plans: medians over seeds, a case at a time.

    Columns: case, backend (the other), seeds, time_ratio and memory_ratio (of the one to the
    other), gap_own, gap_other, placed_more, points_more (blank where level 1 differs).
    """
    plans = frame[frame["placed"].notna()].reset_index(drop=True)
    own, others = _cells_of(plans, backend), plans
    same = np.isclose(own["value_1"], others["value_1"])
    columns = {
        "time_ratio": own["total_seconds"] / others["total_seconds"],
        "memory_ratio": own["peak_mb"] / others["peak_mb"],
        "gap_own": own["gap_2"],
        "gap_other": others["gap_2"],
        "placed_more": own["placed"] - others["placed"],
        "points_more": (own["value_2"] - others["value_2"]).where(same),
    }
    table = others[["case", "backend"]].assign(**columns)
    table = table[(table["backend"] != backend) & own["placed"].notna()]
    groups = table.groupby(["case", "backend"], sort=False)
    return groups.median().assign(seeds=groups.size()).reset_index()


def against_best(frame: pd.DataFrame) -> pd.DataFrame:
    """Each plan beside the best plan that a backend has a bound for, cell by cell.

    Columns: case, seed, backend, placed, placed_share, points, points_more, best (the backend of
    the best plan), proved (whether that plan is).
    """
    plans = frame[frame["placed"].notna()]
    bounded = plans[plans["bound_2"].notna()]
    best = bounded.sort_values(["value_1", "value_2"], kind="stable").groupby(CELL).tail(1)
    best = best.assign(best=best["backend"], proved=best["outcome"] == "proved")
    best = best[[*CELL, "best", "proved", "placed", "value_2"]]
    both = plans.merge(best, on=CELL, suffixes=("", "_best"))
    return pd.DataFrame(
        {
            **{name: both[name] for name in ("case", "seed", "backend", "placed")},
            "placed_share": both["placed"] / both["placed_best"],
            "points": both["value_2"],
            "points_more": both["value_2"] - both["value_2_best"],
            "best": both["best"],
            "proved": both["proved"],
        }
    )


def _counted(outcomes: "pd.Series[str]") -> str:
    counts = outcomes.value_counts(sort=False)
    if len(counts) == 1:
        return str(counts.index[0])
    return ", ".join(f"{count} {outcome}" for outcome, count in counts.items())
