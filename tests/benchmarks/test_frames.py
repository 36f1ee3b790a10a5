"""Ratios, medians and the comparison with the best plan."""

import numpy as np
import pytest

from benchmarks.frames import (
    add_ratios,
    compare_backends,
    compare_with_best,
    summarize_seeds,
    to_frame,
)
from benchmarks.row import Row
from tests.benchmarks.made import baseline, failed, proved


def test_ratios_are_to_the_reference_of_the_same_seed():
    """Time, memory and persons as ratios, points as a difference."""
    rows = [
        proved(),
        proved(seed=2, total_seconds=20.0),
        baseline(placed=320, total_seconds=5.0, peak_mb=100.0, value_2=400.0),
        baseline(seed=2, total_seconds=5.0),
    ]
    frame = add_ratios(to_frame(rows), "highs")
    assert frame["time_ratio"].tolist() == [1, 1, 0.5, 0.25]
    assert frame.loc[2, "placed_ratio"] == 0.5
    assert frame.loc[2, "memory_ratio"] == 0.5
    assert frame.loc[2, "points_more"] == -600


def test_there_are_no_ratios_where_the_reference_has_none():
    """A reference that failed, or was not asked, leaves its ratios blank."""
    rows = [failed("highs"), baseline()]
    frame = add_ratios(to_frame(rows), "highs")
    assert frame[["time_ratio", "points_more"]].isna().all(axis=None)
    assert add_ratios(to_frame(rows), "cpsat")["time_ratio"].isna().all()


def test_a_case_without_backend_has_no_ratios():
    """Building a program is compared with nothing."""
    frame = add_ratios(to_frame([proved(), proved("", case="build_year")]), "highs")
    assert frame["time_ratio"].tolist() == pytest.approx([1, np.nan], nan_ok=True)


def test_the_summary_is_the_median_over_seeds():
    """One slow seed of three does not move it."""
    rows = [proved(seed=s, total_seconds=t) for s, t in ((1, 10.0), (2, 12.0), (3, 500.0))]
    (line,) = summarize_seeds(add_ratios(to_frame(rows), "highs")).to_dict("records")
    assert (line["total_seconds"], line["seeds"], line["time_ratio"]) == (12, 3, 1)


def test_the_summary_keeps_the_order_and_counts_outcomes():
    """Backends stay as they were asked for; a failure among several is visible."""
    rows = [failed("pulp", 1), proved("pulp", 2), proved("highs", 1), proved("highs", 2)]
    frame = summarize_seeds(to_frame(rows))
    assert frame["backend"].tolist() == ["pulp", "highs"]
    assert frame["outcome"].tolist() == ["1 failed, 1 proved", "proved"]
    assert frame.loc[0, "placed"] == 640


def test_the_best_plan_has_most_persons_then_most_points():
    """Today's practice is held against the best plan that has a bound, here the second."""
    best = proved("cpsat", outcome="gap", value_1=701.0, placed=641, value_2=990.0)
    frame = compare_with_best(to_frame([proved(), best, baseline(placed=600, value_2=900.0)]))
    assert set(frame["best"]) == {"cpsat"}
    assert not frame["proved"].any()
    greedy = frame[frame["backend"] == "greedy"].iloc[0]
    assert greedy["placed_share"] == pytest.approx(600 / 641)
    assert greedy["points_more"] == -90


def test_there_is_no_best_plan_without_a_bound():
    """Baselines alone are compared with nothing."""
    assert compare_with_best(to_frame([baseline(), failed()])).empty


LP = Row("night", "lp", 1, "bound", value_1=700.0, bound_2=1010.0, solve_seconds=3.0)
PASS = Row("night", "pass", 1, "measured", solve_seconds=0.5)


def test_seconds_are_multiples_of_the_references():
    """Nine seconds of solving are three LPs and eighteen looks at every pair."""
    frame = add_ratios(to_frame([LP, PASS, proved()]), "highs")
    assert frame["lp_ratio"].tolist() == pytest.approx([1, 1 / 6, 3])
    assert frame["pass_ratio"].tolist() == pytest.approx([6, 1, 18])


def test_plans_are_held_against_the_bare_bound_where_it_holds():
    """Ten points of 1010 beneath it; a plan that places fewer is not beneath it at all."""
    rows = [LP, proved(), baseline(value_1=690.0)]
    frame = add_ratios(to_frame(rows), "highs")
    assert frame["below_lp"].tolist() == pytest.approx([np.nan, 10 / 1010, np.nan], nan_ok=True)


def test_what_most_seeds_did_not_reach_is_blank_at_the_median():
    """One lucky seed of three says nothing of the others."""
    rows = [
        proved(seed=1, to_percent=1.0, to_tenth=2.0),
        proved(seed=2, to_percent=3.0),
        proved(seed=3),
    ]
    (line,) = summarize_seeds(to_frame(rows)).to_dict("records")
    assert line["to_percent"] == 3.0
    assert np.isnan(line["to_tenth"])


def test_references_are_no_plans():
    """They are not compared with the best plan, nor are they one."""
    assert set(compare_with_best(to_frame([LP, PASS, proved()]))["backend"]) == {"highs"}


def test_one_backend_stands_beside_each_of_the_others():
    """Half of HiGHS' time at the median of three seeds; greedy places other persons."""
    mine = [proved("priced", s, total_seconds=t) for s, t in ((1, 5.0), (2, 1.0), (3, 40.0))]
    others = [proved("highs", s, value_2=990.0) for s in (1, 2, 3)]
    frame = to_frame([*mine, *others, baseline(value_1=690.0, placed=630), LP, failed("cpsat")])
    highs, greedy = compare_backends(frame, "priced").to_dict("records")
    assert (highs["backend"], highs["seeds"], highs["time_ratio"]) == ("highs", 3, 0.5)
    assert (highs["points_more"], highs["gap_other"]) == (10, 0.001)
    assert (greedy["backend"], greedy["placed_more"]) == ("greedy", 10)
    assert np.isnan(greedy["points_more"])


def test_a_backend_that_was_not_measured_stands_beside_none():
    """There is no line of blanks."""
    assert compare_backends(to_frame([proved(), baseline()]), "priced").empty
