"""All parameters of the solvers, nested by subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Self

from matcher.solve.params.block_params import BlockParams
from matcher.solve.params.checks import AT_LEAST_1, CheckedParams, Quantity
from matcher.solve.params.lp_params import CutParams, PricingParams, RelaxationParams
from matcher.solve.params.mappings import build_params, changed_fields, read_toml
from matcher.solve.params.search_params import (
    LnsParams,
    StoppingParams,
    TimeParams,
    WarmStartParams,
    WideningParams,
)


@dataclass(frozen=True, slots=True)
class PricedParams(CheckedParams):
    """The price-directed solver, backend ``priced``, by subject.

    ``stopping``, ``warm_start`` and ``time.level1_share`` hold for all backends that prove bounds.

    Parameters
    ----------
    relaxation : RelaxationParams
    pricing : PricingParams
    cuts : CutParams
    lns : LnsParams
    widening : WideningParams
    time : TimeParams
    stopping : StoppingParams
    warm_start : WarmStartParams
    """

    relaxation: RelaxationParams = field(default_factory=RelaxationParams)
    pricing: PricingParams = field(default_factory=PricingParams)
    cuts: CutParams = field(default_factory=CutParams)
    lns: LnsParams = field(default_factory=LnsParams)
    widening: WideningParams = field(default_factory=WideningParams)
    time: TimeParams = field(default_factory=TimeParams)
    stopping: StoppingParams = field(default_factory=StoppingParams)
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
