"""Parameters of the LP relaxation, of pricing, and of cuts."""

from dataclasses import dataclass
from typing import Annotated

from matcher.solve.params.checks import (
    ABOVE_0,
    ABOVE_1,
    ANY_NUMBER,
    AT_LEAST_0,
    AT_LEAST_1,
    AT_LEAST_2,
    BELOW_HALF,
    FROM_0_TO_1,
    CheckedParams,
    Interval,
    Quantity,
)


@dataclass(frozen=True, slots=True)
class RelaxationParams(CheckedParams):
    """The LP relaxation by column generation (:mod:`matcher.solve.priced.relaxation`).

    Parameters
    ----------
    first_municipalities : int, municipalities per class, 1 or more
        Best municipalities of each class at the prices, which the first LP contains.
    max_pairs_per_class : int, pairs per class and round, 1 or more
        Most pairs added for a class in one round.
    min_lp_seconds : float, seconds, above 0
        Least time of the LP in one round.
    price_box_radius : float, points, above 0
        Distance by which prices may move in one round at first.
    price_box_factor : float, factor, above 1
        Growth of that distance where the box keeps the LP from its optimum.
    price_box_shrink : float, factor, above 0, below 1
        Shrinkage of that distance after a round that does not lower the bound.
    max_coarsest_classes : int, classes, 1 or more
        Most classes for which the LP is solved without a coarser one before it.
    coarsening_factor : int, divisor, 2 or more
        How many times fewer classes the next coarser LP has.
    exact_distance : float, share of the LP's value, above 0
        Distance between bound and LP value at which the LP counts as solved.
    gap_share : float, share of the gap asked for, from 0 to 1
        The same distance as a share of the gap asked for, where that is larger.
    coarse_distance : float, share of the LP's value, above 0
        The same distance for coarse LPs, of which only the prices are used.
    """

    first_municipalities: Annotated[int, Quantity("municipalities per class", AT_LEAST_1)] = 4
    max_pairs_per_class: Annotated[int, Quantity("pairs per class and round", AT_LEAST_1)] = 3
    min_lp_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.2
    price_box_radius: Annotated[float, Quantity("points", ABOVE_0)] = 60.0
    price_box_factor: Annotated[float, Quantity("factor", ABOVE_1)] = 4.0
    price_box_shrink: Annotated[
        float, Quantity("factor", Interval(0, 1, includes_low=False, includes_high=False))
    ] = 0.5
    max_coarsest_classes: Annotated[int, Quantity("classes", AT_LEAST_1)] = 1_000
    coarsening_factor: Annotated[int, Quantity("divisor", AT_LEAST_2)] = 3
    exact_distance: Annotated[float, Quantity("share of the LP's value", ABOVE_0)] = 1e-6
    gap_share: Annotated[float, Quantity("share of the gap asked for", FROM_0_TO_1)] = 0.05
    coarse_distance: Annotated[float, Quantity("share of the LP's value", ABOVE_0)] = 3e-4


@dataclass(frozen=True, slots=True)
class PricingParams(CheckedParams):
    """The pass over all pairs at given prices (:mod:`matcher.solve.priced.pricing`).

    Parameters
    ----------
    compile_min_pairs : int, pairs, 0 or more
        Pairs from which on the compiled pass is used: loading the compiler takes seconds. The
        result is the same to the bit.
    """

    compile_min_pairs: Annotated[int, Quantity("pairs", AT_LEAST_0)] = 1_000_000


@dataclass(frozen=True, slots=True)
class CutParams(CheckedParams):
    """Cuts (:mod:`matcher.solve.priced.cut_loop`, :mod:`matcher.solve.priced.gomory`).

    Parameters
    ----------
    max_pairs : int, pairs, 0 or more
        Most pairs for which cuts are made; with more they need too much memory.
    first_municipalities : int, municipalities per class, 1 or more
        Best municipalities of each class at the prices, which the first LP contains.
    max_pairs_per_class : int, pairs per class and round, 1 or more
        Most pairs added for a class in one round.
    max_basis_rows : int, rows per round, 1 or more
        Most rows of the basis tried as cuts, those with fractions nearest to 1/2 first.
    max_cuts_per_round : int, cuts per round, 1 or more
        Most cuts added in one round.
    min_fraction : float, units, above 0, below 0.5
        Least distance of a basic variable from a whole number for its row to be tried.
    patience_rounds : int, rounds, 1 or more
        Number of last rounds whose joint gain decides whether there is another round.
    min_gain_share : float, share of the total gain, from 0 to 1
        Gain that these rounds must have made.
    min_lp_seconds : float, seconds, above 0
        Least time of the LP in one round.
    min_right_fraction : float, fraction, above 0, below 0.5
        Least fraction of a cut's right-hand side; cuts nearer to 0 are unstable.
    max_right_fraction : float, fraction, above 0.5, below 1
        Largest fraction of a cut's right-hand side; cuts nearer to 1 are unstable.
    min_depth : float, Euclidean distance, any number
        Least distance between a cut and the LP's solution; 0 or less accepts every cut.
    max_density : float, share of the LP's columns, from 0 to 1
        Most columns that a cut may touch.
    always_allowed_columns : int, columns, 0 or more
        Number of columns that a cut may touch in any case.
    max_cosine : float, cosine, from 0 to 2
        Cosine between two cuts from which on only the deeper one is added; above 1 all are.
    """

    max_pairs: Annotated[int, Quantity("pairs", AT_LEAST_0)] = 1_000_000
    first_municipalities: Annotated[int, Quantity("municipalities per class", AT_LEAST_1)] = 4
    max_pairs_per_class: Annotated[int, Quantity("pairs per class and round", AT_LEAST_1)] = 6
    max_basis_rows: Annotated[int, Quantity("rows per round", AT_LEAST_1)] = 200
    max_cuts_per_round: Annotated[int, Quantity("cuts per round", AT_LEAST_1)] = 100
    min_fraction: Annotated[float, Quantity("units", BELOW_HALF)] = 0.02
    patience_rounds: Annotated[int, Quantity("rounds", AT_LEAST_1)] = 4
    min_gain_share: Annotated[float, Quantity("share of the total gain", FROM_0_TO_1)] = 0.02
    min_lp_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 0.2
    min_right_fraction: Annotated[float, Quantity("fraction", BELOW_HALF)] = 0.02
    max_right_fraction: Annotated[
        float, Quantity("fraction", Interval(0.5, 1, includes_low=False, includes_high=False))
    ] = 0.98
    min_depth: Annotated[float, Quantity("Euclidean distance", ANY_NUMBER)] = 1e-4
    max_density: Annotated[float, Quantity("share of the LP's columns", FROM_0_TO_1)] = 0.3
    always_allowed_columns: Annotated[int, Quantity("columns", AT_LEAST_0)] = 200
    max_cosine: Annotated[float, Quantity("cosine", Interval(0, 2))] = 0.5
