"""Run tasks on blocks: in this process one after another, or on a Dask cluster."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import reduce
from typing import Any, Protocol, TypeVar

from matcher.domain.errors import ClusterError, explain_missing_extra
from matcher.solve.decomposed.blocks import Block, BuiltBlock
from matcher.solve.params.solver_params import BlockParams

TaskResult = TypeVar("TaskResult")
LOCAL_CLUSTER = "local"
"""Address that stands for a cluster on the cores of this machine."""
LOCAL_DASHBOARD_ADDRESS = "127.0.0.1:0"
"""Dashboard address of a local cluster: any free port, not reachable from outside."""
DEFAULT_PARAMS = BlockParams()


class BlockExecutor(Protocol):
    """Runs a task on every block of a queue."""

    @property
    def count(self) -> int:
        """Number of blocks."""
        ...

    def map_blocks(
        self,
        task: Callable[..., TaskResult],
        *arguments: Any,
        block_arguments: Sequence[Any] | None = None,
        block_numbers: Sequence[int] | None = None,
    ) -> Iterator[TaskResult]:
        """Run a task on the blocks, and yield the results in the order of the blocks.

        Parameters
        ----------
        task : callable
            Takes a block, then ``arguments``, then the block's element of ``block_arguments``.
        arguments : anything
            Arguments that are the same for all blocks.
        block_arguments : sequence or None
            One further argument for each block of the queue.
        block_numbers : sequence of int, or None
            Numbers of the blocks, ascending; None for all.
        """
        ...


def join_results(answers: Iterator[Any]) -> Any:
    """Add results up in the order of the blocks, so that sums never depend on the machines."""
    return reduce(lambda first, second: first.joined(second), answers)


class SequentialExecutor:
    """Runs tasks in this process, one block after another.

    Parameters
    ----------
    blocks : sequence of Block
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self._blocks)

    def map_blocks(
        self,
        task: Callable[..., TaskResult],
        *arguments: Any,
        block_arguments: Sequence[Any] | None = None,
        block_numbers: Sequence[int] | None = None,
    ) -> Iterator[TaskResult]:
        """Run a task on the blocks, and yield the results in the order of the blocks."""
        for number in range(self.count) if block_numbers is None else block_numbers:
            yield task(
                self._blocks[number],
                *arguments,
                *(() if block_arguments is None else (block_arguments[number],)),
            )


class DaskExecutor:
    """Runs tasks on a Dask cluster.

    The recipe of a block is sent with each task, so the loss of a worker does no harm. Blocks that
    are already built are sent once, and stay with the worker.

    Parameters
    ----------
    blocks : sequence of Block
    client : distributed.Client
        Connected; see :func:`connect_cluster`.
    """

    def __init__(self, blocks: Sequence[Block], client: Any) -> None:
        self._client, self._blocks = client, list(blocks)
        if all(isinstance(block, BuiltBlock) for block in blocks):
            with _explain_lost_cluster():
                self._blocks = client.scatter(self._blocks, hash=False)

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self._blocks)

    def map_blocks(
        self,
        task: Callable[..., TaskResult],
        *arguments: Any,
        block_arguments: Sequence[Any] | None = None,
        block_numbers: Sequence[int] | None = None,
    ) -> Iterator[TaskResult]:
        """Run a task on the blocks, and yield the results in the order of the blocks.

        Raises
        ------
        ClusterError
            When the cluster is lost on the way.
        """
        with _explain_lost_cluster():
            futures = [
                self._client.submit(
                    task,
                    self._blocks[number],
                    *arguments,
                    *(() if block_arguments is None else (block_arguments[number],)),
                    pure=False,
                )
                for number in (range(self.count) if block_numbers is None else block_numbers)
            ]
            for future in futures:
                yield future.result()


@contextmanager
def connect_cluster(
    address: str, timeout_seconds: float = DEFAULT_PARAMS.connect_timeout_seconds
) -> Iterator[Any]:
    """Connect to a Dask cluster, or start a local one; close it at the end of the context.

    Parameters
    ----------
    address : str
        ``"local"``, or the address of a scheduler: ``tcp://HOST:PORT``.
    timeout_seconds : float
        Time for the scheduler to answer, and then for its first worker.

    Raises
    ------
    ClusterError
        When no scheduler answers, or it has no workers.
    MissingExtraError
        When the extra ``cluster`` is not installed.
    """
    with explain_missing_extra():
        import distributed  # noqa: PLC0415  # Takes seconds to load.

    dask: Any = distributed
    if address == LOCAL_CLUSTER:
        # Threads suffice: the compiled pricing pass releases the interpreter lock.
        with (
            dask.LocalCluster(
                n_workers=1, processes=False, dashboard_address=LOCAL_DASHBOARD_ADDRESS
            ) as local_cluster,
            dask.Client(local_cluster) as client,
        ):
            yield client
        return
    with _connect(dask.Client, address, timeout_seconds) as client:
        yield client


def _connect(client: Callable[..., Any], address: str, timeout_seconds: float) -> Any:
    """Connect to a scheduler, and wait for its first worker."""
    try:
        connected = client(address, timeout=timeout_seconds)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address!r} within {timeout_seconds:g} s; "
            "start one with "
            "'dask scheduler' and name its address, as tcp://HOST:8786, or give 'local'"
        ) from error
    try:
        connected.wait_for_workers(1, timeout=timeout_seconds)
    except OSError as error:
        connected.close()
        raise ClusterError(
            f"the Dask scheduler at {address!r} has no workers; start some with "
            f"'dask worker {address}' where Treffsikker is installed"
        ) from error
    return connected


@contextmanager
def _explain_lost_cluster() -> Iterator[None]:
    """Turn the errors of a lost cluster into one ClusterError."""
    from distributed import KilledWorker  # noqa: PLC0415

    try:
        yield
    except (CancelledError, KilledWorker, OSError) as error:
        raise ClusterError(
            f"the Dask cluster was lost on the way ({type(error).__name__}); see to its workers "
            "and their memory, and run it again"
        ) from error
