"""Parameters of the search for plans: neighbourhoods, widening, time, stopping, warm starts."""

from dataclasses import dataclass
from typing import Annotated

from matcher.solve.params.checks import (
    ABOVE_0,
    ABOVE_1,
    AT_LEAST_0,
    AT_LEAST_1,
    AT_LEAST_2,
    FROM_0_TO_1,
    SHARE,
    CheckedParams,
    Quantity,
)


@dataclass(frozen=True, slots=True)
class LnsParams(CheckedParams):
    """Large neighbourhood search (:mod:`matcher.solve.priced.lns`), and rounding before it.

    Parameters
    ----------
    largest_size_group : int, persons, 1 or more
        Household size from which on all sizes form one group.
    near_municipalities : int, municipalities per class, 1 or more
        Best municipalities of each class at the prices, which a subproblem is solved over.
    near_points : float, points, 0 or more
        Distance from a class's best pair within which a pair always belongs to a subproblem.
    rounding_gap_per_unit : float, points per unit, 0 or more
        Absolute gap allowed when the rounded plan is completed, for each unit without a place.
        A rough solution is enough there, as the plan is improved afterwards.
    municipalities_to_clear : int, municipalities, 1 or more
        How many of an unplaced household's best municipalities are freed to make room for it.
    min_subproblem_seconds : float, seconds, above 0
        Least time of one subproblem that makes room for a household.
    max_nodes : int, nodes, 1 or more
        Most nodes of branch and bound in one subproblem.
    heuristic_effort : float, share of the work, from 0 to 1
        What HiGHS spends on heuristics in a subproblem.
    max_pairs : int, pairs, 1 or more
        Most pairs of a subproblem; larger ones are left out.
    almost_best_points : float, points, 0 or more
        Distance from a unit's best municipality within which another is almost as good.
    min_loss_points : float, points, 0 or more
        Loss that the units of a municipality may have together without a neighbourhood.
    covered_divisor : int, divisor, 1 or more
        The first 1/so many municipalities of a neighbourhood get none of their own.
    first_neighbourhood_units : int, units, 1 or more
        Size of the first neighbourhoods.
    last_neighbourhood_units : int, units, 1 or more
        Size of the largest neighbourhoods, at least that of the first; beyond it the search ends.
    size_factor : int, factor, 2 or more
        Growth of the size after a round that gained too little.
    min_round_gain : float, share of the distance to the bound, from 0 to 1
        Gain of a round below which the size grows.
    """

    largest_size_group: Annotated[int, Quantity("persons", AT_LEAST_1)] = 6
    near_municipalities: Annotated[int, Quantity("municipalities per class", AT_LEAST_1)] = 30
    near_points: Annotated[float, Quantity("points", AT_LEAST_0)] = 5.0
    rounding_gap_per_unit: Annotated[float, Quantity("points per unit", AT_LEAST_0)] = 20.0
    municipalities_to_clear: Annotated[int, Quantity("municipalities", AT_LEAST_1)] = 4
    min_subproblem_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.1
    max_nodes: Annotated[int, Quantity("nodes", AT_LEAST_1)] = 50
    heuristic_effort: Annotated[float, Quantity("share of the work", FROM_0_TO_1)] = 0.02
    max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_1)] = 30_000
    almost_best_points: Annotated[float, Quantity("points", AT_LEAST_0)] = 3.0
    min_loss_points: Annotated[float, Quantity("points", AT_LEAST_0)] = 0.1
    covered_divisor: Annotated[int, Quantity("divisor", AT_LEAST_1)] = 3
    first_neighbourhood_units: Annotated[int, Quantity("units", AT_LEAST_1)] = 60
    last_neighbourhood_units: Annotated[int, Quantity("units", AT_LEAST_1)] = 500
    size_factor: Annotated[int, Quantity("factor", AT_LEAST_2)] = 2
    min_round_gain: Annotated[
        float, Quantity("share of the distance to the bound", FROM_0_TO_1)
    ] = 0.05

    def _check_together(self) -> None:
        self._require_order("first_neighbourhood_units", "last_neighbourhood_units")


@dataclass(frozen=True, slots=True)
class WideningParams(CheckedParams):
    """Exact search over the pairs near the best (:mod:`matcher.solve.priced.search`).

    Parameters
    ----------
    direct_max_pairs : int, pairs, 1 or more
        Most pairs within the first radius for which the exact search comes before the LNS.
    scip_max_pairs : int, pairs, 1 or more
        Most pairs that SCIP searches.
    highs_max_pairs : int, pairs, 1 or more
        Most pairs that HiGHS searches; with more the exact search ends.
    final_max_pairs : int, pairs, 1 or more
        When no more pairs than this can matter, all of them are searched at once.
    radius_gap_share : float, share of the radius, from 0 to 1
        Gap asked of a search over the pairs within a radius that is not the last.
    first_radius : float, points, above 0
        Distance from the best within which pairs are searched first.
    radius_factor : float, factor, above 1
        Growth of the radius from one search to the next.
    """

    direct_max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_1)] = 12_000
    scip_max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_1)] = 30_000
    highs_max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_1)] = 60_000
    final_max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_1)] = 8_000
    radius_gap_share: Annotated[float, Quantity("share of the radius", FROM_0_TO_1)] = 0.25
    first_radius: Annotated[float, Quantity("points", ABOVE_0)] = 20.0
    radius_factor: Annotated[float, Quantity("factor", ABOVE_1)] = 4.0


@dataclass(frozen=True, slots=True)
class TimeParams(CheckedParams):
    """How the time limit is divided among the steps.

    Parameters
    ----------
    min_seconds : float, seconds, above 0
        Least time of any step.
    level1_share : float, share of the time limit, above 0, at most 1
        Most time of level 1, with every backend that proves bounds.
    relaxation_share : float, share of the remaining time, above 0, at most 1
        Most time of the LP relaxation.
    cut_share : float, share of the remaining time, above 0, at most 1
        Most time of the cuts.
    rounding_share : float, share of the remaining time, above 0, at most 1
        Most time of rounding, and of the LP that it may need first.
    warm_lns_share : float, share of the remaining time, above 0, at most 1
        Most time of the LNS right after a warm start.
    scip_share : float, share of the remaining time, above 0, at most 1
        Most time of SCIP, before HiGHS gets the same program.
    restoring_share : float, share of the time limit, above 0, at most 1
        Most time of restoring units to their earlier places, after a warm start.
    """

    min_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.1
    level1_share: Annotated[float, Quantity("share of the time limit", SHARE)] = 0.5
    relaxation_share: Annotated[float, Quantity("share of the remaining time", SHARE)] = 0.5
    cut_share: Annotated[float, Quantity("share of the remaining time", SHARE)] = 0.2
    rounding_share: Annotated[float, Quantity("share of the remaining time", SHARE)] = 0.3
    warm_lns_share: Annotated[float, Quantity("share of the remaining time", SHARE)] = 0.4
    scip_share: Annotated[float, Quantity("share of the remaining time", SHARE)] = 0.6
    restoring_share: Annotated[float, Quantity("share of the time limit", SHARE)] = 0.1


@dataclass(frozen=True, slots=True)
class StoppingParams(CheckedParams):
    """When the clock stops one search (:mod:`matcher.solve.stopping`), with every backend.

    Parameters
    ----------
    soft_share : float, share of the search's time, above 0, at most 1
        Time after which a search stops at its next check.
    hard_share : float, share of the search's time, 1 or more
        Time after which a search is cut off, also between two checks.
    hard_extra_seconds : float, seconds, 0 or more
        Seconds added to that time.
    """

    soft_share: Annotated[float, Quantity("share of the search's time", SHARE)] = 0.85
    hard_share: Annotated[float, Quantity("share of the search's time", AT_LEAST_1)] = 1.15
    hard_extra_seconds: Annotated[float, Quantity("seconds", AT_LEAST_0)] = 1.0


@dataclass(frozen=True, slots=True)
class WorkParams(CheckedParams):
    """What the counted steps of a search take, where an effort is asked for instead of time.

    Parameters
    ----------
    mip_check_seconds : float, seconds, above 0
        Between two checks of HiGHS' branch and bound.
    lp_iteration_seconds : float, seconds, above 0
        An iteration of the simplex method.
    subproblem_seconds : float, seconds, above 0
        To build a subproblem of the LNS, beside its search.
    scip_nodes_per_second : float, nodes per second, above 0
        Branch and bound of SCIP.
    cbc_nodes_per_second : float, nodes per second, above 0
        Branch and bound of CBC.
    cpsat_units_per_second : float, deterministic units per second, above 0
        CP-SAT counts its own work.
    """

    mip_check_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.004
    lp_iteration_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.0002
    subproblem_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.02
    scip_nodes_per_second: Annotated[float, Quantity("nodes per second", ABOVE_0)] = 5.0
    cbc_nodes_per_second: Annotated[float, Quantity("nodes per second", ABOVE_0)] = 50.0
    cpsat_units_per_second: Annotated[
        float, Quantity("deterministic units per second", ABOVE_0)
    ] = 0.5


@dataclass(frozen=True, slots=True)
class WarmStartParams(CheckedParams):
    """Planning from an earlier plan (:mod:`matcher.solve.lexicographic`), with every backend.

    Parameters
    ----------
    gap_factor : float, times the earlier gap, 1 or more
        Gap of the earlier plan that is accepted again: closing the last of it would move many
        households.
    """

    gap_factor: Annotated[float, Quantity("times the earlier gap", AT_LEAST_1)] = 1.05
