"""The decomposed solver as a backend of ``solve``."""

import time
from collections.abc import Callable, Sequence

import numpy as np

from matcher.problem.program import Program
from matcher.solve.decomposed.block_solver import BlockPlan, ReportFigure, place_blocks
from matcher.solve.decomposed.blocks import Block, merge_choices, split_into_blocks
from matcher.solve.decomposed.executors import DaskExecutor, SequentialExecutor, connect_cluster
from matcher.solve.params.solver_params import BlockParams
from matcher.solve.result import BackendResult
from matcher.solve.stopping import Progress, StopCriteria


class BlockBackend:
    """A backend that solves a program in blocks, on a Dask cluster or one block after another.

    It ends when it has a plan along near-optimal prices, or after the first rounding when its time
    is up or the solve is cancelled. The gap asked for makes no difference.

    Parameters
    ----------
    address : str or None
        ``"local"`` or the address of a Dask scheduler; None for no Dask.
    params : BlockParams or None
        None for the defaults.
    """

    __name__ = "blocks"

    def __init__(self, address: str | None = None, params: BlockParams | None = None) -> None:
        self.address, self.params = address, params or BlockParams()
        self.block_plan: BlockPlan | None = None

    def __call__(
        self, program: Program, stop: StopCriteria, seed: int, progress: Callable[[Progress], None]
    ) -> BackendResult:
        """Place the program in blocks; the plan and its prices are kept in ``block_plan``."""
        count = -(-program.shape[0] // self.params.units_per_block)
        blocks, rows = split_into_blocks(program, count)
        if not blocks:
            return BackendResult(np.zeros(0, dtype=np.int64))
        self.block_plan = placed = self._place(blocks, stop, _report_to(progress))
        choice = merge_choices(rows, placed.choices)
        bounds = (float(placed.max_weight), placed.bound)
        return BackendResult(choice, (placed.weight, placed.value), bounds)

    def _place(
        self, blocks: Sequence[Block], stop: StopCriteria, report_figure: ReportFigure
    ) -> BlockPlan:
        if self.address is None:
            executor = SequentialExecutor(blocks)
            return place_blocks(executor, blocks[0], self.params, report_figure, stop)
        with connect_cluster(self.address, self.params.connect_timeout_seconds) as client:
            dask = DaskExecutor(blocks, client)
            return place_blocks(dask, blocks[0], self.params, report_figure, stop)


def _report_to(progress: Callable[[Progress], None]) -> ReportFigure:
    """Build a callback that reports figures as progress of level 2."""
    known, begun = dict[str, float](), time.perf_counter()

    def report_figure(name: str, points: float) -> None:
        known[name] = points
        seconds = time.perf_counter() - begun
        progress(Progress(2, known.get("value"), known.get("bound"), seconds))

    return report_figure
