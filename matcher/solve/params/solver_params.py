"""All parameters of the solvers, nested by subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from matcher.domain.errors import SolverParamsError
from matcher.solve.params.checks import (
    ABOVE_0,
    ABOVE_1,
    AT_LEAST_0,
    AT_LEAST_1,
    AT_LEAST_2,
    SHARE,
    CheckedParams,
    Quantity,
    build_params,
    changed_fields,
    read_toml,
)
from matcher.solve.params.lp_params import CutParams, PricingParams, RelaxationParams
from matcher.solve.params.search_params import (
    LnsParams,
    StoppingParams,
    TimeParams,
    WarmStartParams,
    WideningParams,
    WorkParams,
)

Temperatures = Annotated[tuple[float, ...], Quantity("points", ABOVE_0)]


@dataclass(frozen=True, slots=True)
class BlockParams(CheckedParams):
    """Placing in blocks (:mod:`matcher.solve.decomposed.block_solver`).

    Parameters
    ----------
    first_price_units : int, units, 1 or more
        Units in the sample LP that gives the first prices.
    first_price_seconds : float, seconds, above 0
        Time limit of that LP.
    first_price_gap : float, share of the value, 0 or more
        Relative gap at which that LP may end.
    placing_price_factor : float, factor, above 1
        First price of placing, as a multiple of the highest price of staying unplaced.
    units_per_block : int, units, 1 or more
        Approximate number of units in a block when a program is split.
    sample_units : int, units, 1 or more
        Approximate number of units in the sampled blocks of the first stages.
    sample_temperatures : tuple of float, points, above 0
        Temperatures of the stages over sampled blocks, falling.
    sample_passes : int, passes, 1 or more
        Most passes of each stage over sampled blocks.
    final_temperatures : tuple of float, points, above 0
        Temperatures of the stages over all blocks, falling.
    max_passes : int, passes, 2 or more
        Most passes over all blocks to find the prices, shared by the final stages.
    negligible_temperatures : float, temperatures, above 0
        Options so many temperatures below the best get a share of 0.
    lbfgs_memory : int, steps, 1 or more
        Steps that the quasi-Newton method (L-BFGS-B) remembers.
    rounding_attempts : int, attempts, 1 or more
        How often the queue is rounded; units unplaced in earlier attempts come first.
    spread_limited_rounds : int, rounds, 0 or more
        First rounds of bidding, in which the spread totals are limited to those that the prices
        imply.
    max_rounds : int, rounds, 1 or more
        Most rounds of bidding, at least ``spread_limited_rounds``.
    passes_per_option : int, passes, 1 or more
        How often the same options are answered: smaller units use room too small for a large one.
    options_per_bid : int, municipalities, 1 or more
        Municipalities that a unit bids for in one round.
    placing_price_shares : tuple of float, share of the first price, above 0, at most 1
        Prices of placing that are tried for the bound of an incomplete plan.
    connect_timeout_seconds : float, seconds, above 0
        Time for a Dask scheduler to answer, and then for its first worker.
    """

    first_price_units: Annotated[int, Quantity("units", AT_LEAST_1)] = 1_000
    first_price_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 3600.0
    first_price_gap: Annotated[float, Quantity("share of the value", AT_LEAST_0)] = 0.01
    placing_price_factor: Annotated[float, Quantity("factor", ABOVE_1)] = 3.0
    units_per_block: Annotated[int, Quantity("units", AT_LEAST_1)] = 4_096
    sample_units: Annotated[int, Quantity("units", AT_LEAST_1)] = 20_000
    sample_temperatures: Temperatures = (10.0, 2.0)
    sample_passes: Annotated[int, Quantity("passes", AT_LEAST_1)] = 50
    final_temperatures: Temperatures = (1.0, 0.3)
    max_passes: Annotated[int, Quantity("passes", AT_LEAST_2)] = 20
    negligible_temperatures: Annotated[float, Quantity("temperatures", ABOVE_0)] = 30.0
    lbfgs_memory: Annotated[int, Quantity("steps", AT_LEAST_1)] = 50
    rounding_attempts: Annotated[int, Quantity("attempts", AT_LEAST_1)] = 4
    spread_limited_rounds: Annotated[int, Quantity("rounds", AT_LEAST_0)] = 3
    max_rounds: Annotated[int, Quantity("rounds", AT_LEAST_1)] = 12
    passes_per_option: Annotated[int, Quantity("passes", AT_LEAST_1)] = 2
    options_per_bid: Annotated[int, Quantity("municipalities", AT_LEAST_1)] = 8
    placing_price_shares: Annotated[
        tuple[float, ...], Quantity("share of the first price", SHARE)
    ] = (1.0, 0.5, 0.25, 0.1)
    connect_timeout_seconds: Annotated[float, Quantity("seconds", ABOVE_0)] = 10.0

    def _check_together(self) -> None:
        self._require_order("spread_limited_rounds", "max_rounds")
        for name in ("sample_temperatures", "final_temperatures"):
            values = getattr(self, name)
            if list(values) != sorted(set(values), reverse=True):
                raise SolverParamsError(f"BlockParams.{name} must fall, not {values!r}")


@dataclass(frozen=True, slots=True)
class PricedParams(CheckedParams):
    """The price-directed solver, backend ``priced``, by subject.

    ``stopping``, ``work``, ``warm_start`` and ``time.level1_share`` hold for all backends that
    prove bounds.

    Parameters
    ----------
    relaxation : RelaxationParams
    pricing : PricingParams
    cuts : CutParams
    lns : LnsParams
    widening : WideningParams
    time : TimeParams
    stopping : StoppingParams
    work : WorkParams
    warm_start : WarmStartParams
    """

    relaxation: RelaxationParams = field(default_factory=RelaxationParams)
    pricing: PricingParams = field(default_factory=PricingParams)
    cuts: CutParams = field(default_factory=CutParams)
    lns: LnsParams = field(default_factory=LnsParams)
    widening: WideningParams = field(default_factory=WideningParams)
    time: TimeParams = field(default_factory=TimeParams)
    stopping: StoppingParams = field(default_factory=StoppingParams)
    work: WorkParams = field(default_factory=WorkParams)
    warm_start: WarmStartParams = field(default_factory=WarmStartParams)


@dataclass(frozen=True, slots=True)
class BackendParams(CheckedParams):
    """What HiGHS, CP-SAT and CBC have in common.

    Parameters
    ----------
    threads : int, threads, 1 or more
        Threads of HiGHS and CBC, search workers of CP-SAT. Plans may depend on it.
    """

    threads: Annotated[int, Quantity("threads", AT_LEAST_1)] = 2


@dataclass(frozen=True, slots=True)
class SolverParams(CheckedParams):
    """All parameters of the solvers; with the defaults a solve is the same to the bit.

    Parameters
    ----------
    priced : PricedParams
    backends : BackendParams
    blocks : BlockParams
    """

    priced: PricedParams = field(default_factory=PricedParams)
    backends: BackendParams = field(default_factory=BackendParams)
    blocks: BlockParams = field(default_factory=BlockParams)

    @classmethod
    def read(cls, path: str | Path) -> Self:
        """Read the fields that a TOML file names; all others keep their defaults.

        Raises
        ------
        SolverParamsError
            When there is no such file, or it names something that does not exist or a value that
            is not allowed.
        """
        return build_params(cls, read_toml(Path(path)), str(path))

    @classmethod
    def from_mapping(cls, changes: Mapping[str, Any]) -> Self:
        """Build from the mapping of :meth:`changes`.

        Raises
        ------
        SolverParamsError
            When it names something that does not exist, or a value that is not allowed.
        """
        return build_params(cls, changes, "solver parameters")

    def changes(self) -> dict[str, Any]:
        """Return the fields that are not the default, nested as in a file, as JSON values."""
        return changed_fields(self)
