"""``python -m benchmarks.european``: place a synthetic European queue in blocks with Dask.

Two blocks never have to be in the memory of one process: each worker builds its blocks from seeds.
"""

import sys
import time
from typing import Annotated

import typer

from benchmarks.machine import describe_machine, format_facts
from benchmarks.meter import peak_mb
from instances.european import EuropeanQueue
from matcher.domain.errors import ClusterError
from matcher.problem.program import STEPS_PER_POINT
from matcher.solve.decomposed.block_solver import BlockPlan, ReportFigure, place_blocks
from matcher.solve.decomposed.executors import LOCAL_CLUSTER, DaskExecutor, connect_cluster
from matcher.solve.params.solver_params import BlockParams

WRONG = 1
"""Exit code when the cluster fails."""
app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.command()
def main(
    *,
    households: Annotated[int, typer.Option(min=1, help="How many.")] = 2_000_000,
    regions: Annotated[int, typer.Option(min=30, help="How many.")] = 1_200,
    in_block: Annotated[int, typer.Option(min=1, help="Households of a block.")] = 10_000,
    seed: Annotated[int, typer.Option(min=0, help="Of the queue.")] = 1,
    passes: Annotated[int, typer.Option(min=2, help="Over all blocks at most, for prices.")] = 10,
    dask: Annotated[
        str, typer.Option(help="local, or the address of a scheduler.")
    ] = LOCAL_CLUSTER,
) -> None:
    """Place the queue, and print bound, value, gap, seconds and memory."""
    queue = EuropeanQueue(seed, households, regions, in_block)
    blocks, begun = queue.blocks, time.perf_counter()
    params = BlockParams(max_passes=passes)
    _tell(f"{format_facts(describe_machine())}")
    _tell(f"{households:,} households, {regions:,} regions, {len(blocks):,} blocks")
    try:
        with connect_cluster(dask, params.connect_timeout_seconds) as client:
            placed = place_blocks(
                DaskExecutor(blocks, client), blocks[0], params, _following(begun)
            )
    except ClusterError as error:
        _tell(str(error))
        raise typer.Exit(WRONG) from error
    _report(placed, time.perf_counter() - begun)


def _following(begun: float) -> ReportFigure:
    def tell(what: str, points: float) -> None:
        _tell(f"{what} {points:,.0f} points after {time.perf_counter() - begun:,.0f} s")

    return tell


def _report(placed: BlockPlan, seconds: float) -> None:
    """Write the result as a row of a table."""
    _tell("| placed | of | value | bound | gap % | passes | seconds | peak MB here |")
    _tell(
        f"| {placed.persons_placed:,} | {placed.persons:,} | {placed.value / STEPS_PER_POINT:,.0f} "
        f"| {placed.bound / STEPS_PER_POINT:,.0f} | {100 * placed.gap:.3f} | {placed.passes} "
        f"| {seconds:,.0f} | {peak_mb():,.0f} |"
    )


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app()
