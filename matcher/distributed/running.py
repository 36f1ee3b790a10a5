"""Run tasks on blocks: in this process one after another, or on a Dask cluster."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import reduce
from importlib import import_module
from typing import Any, Protocol, TypeVar

from matcher.distributed.blocks import Block, Part
from matcher.errors import ClusterError

Answer = TypeVar("Answer")
LOCAL = "local"
"""Address that stands for a cluster on the cores of this machine."""
UNSEEN = "127.0.0.1:0"
"""Dashboard address of a local cluster: any free port, not reachable from outside."""
PATIENCE = 10.0
"""Seconds to wait for a cluster to answer, and then for its first worker."""


class Run(Protocol):
    """Runs a task on every block of a queue."""

    @property
    def count(self) -> int:
        """Number of blocks."""
        ...

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
        """Run a task on the blocks, and yield the results in the order of the blocks.

        Parameters
        ----------
        task : callable
            Takes a block, then ``asked``, then the block's element of ``own``.
        asked : anything
            Arguments that are the same for all blocks.
        own : sequence or None
            One further argument for each block of the queue.
        only : sequence of int, or None
            Numbers of the blocks, ascending; None for all.
        """
        ...


def joined(answers: Iterator[Any]) -> Any:
    """Add results up in the order of the blocks, so that sums never depend on the machines."""
    return reduce(lambda first, second: first.joined(second), answers)


class InTurn:
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

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
        """Run a task on the blocks, and yield the results in the order of the blocks."""
        for number in range(self.count) if only is None else only:
            yield task(self._blocks[number], *asked, *(() if own is None else (own[number],)))


class ThroughDask:
    """Runs tasks on a Dask cluster.

    The recipe of a block is sent with each task, so the loss of a worker does no harm. Blocks that
    are already built are sent once, and stay with the worker.

    Parameters
    ----------
    blocks : sequence of Block
    client : distributed.Client
        Connected; see :func:`cluster`.
    """

    def __init__(self, blocks: Sequence[Block], client: Any) -> None:
        self._client, self._blocks = client, list(blocks)
        if all(isinstance(block, Part) for block in blocks):
            with _explain_lost_cluster():
                self._blocks = client.scatter(self._blocks, hash=False)

    @property
    def count(self) -> int:
        """Number of blocks."""
        return len(self._blocks)

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
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
                    *asked,
                    *(() if own is None else (own[number],)),
                    pure=False,
                )
                for number in (range(self.count) if only is None else only)
            ]
            for future in futures:
                yield future.result()


@contextmanager
def cluster(address: str) -> Iterator[Any]:
    """Connect to a Dask cluster, or start a local one; close it at the end of the context.

    Parameters
    ----------
    address : str
        ``"local"``, or the address of a scheduler: ``tcp://HOST:PORT``.

    Raises
    ------
    ClusterError
        When no scheduler answers, or it has no workers.
    """
    dask: Any = import_module("distributed")  # Takes seconds to load.

    if address == LOCAL:
        # Threads suffice: the compiled pricing pass releases the interpreter lock.
        with (
            dask.LocalCluster(
                n_workers=1, processes=False, dashboard_address=UNSEEN
            ) as local_cluster,
            dask.Client(local_cluster) as client,
        ):
            yield client
        return
    with _connect(dask.Client, address) as client:
        yield client


def _connect(client: Callable[..., Any], address: str) -> Any:
    """Connect to a scheduler, and wait for its first worker."""
    try:
        connected = client(address, timeout=PATIENCE)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address!r} within {PATIENCE:g} s; start one with "
            "'dask scheduler' and name its address, as tcp://HOST:8786, or give 'local'"
        ) from error
    try:
        connected.wait_for_workers(1, timeout=PATIENCE)
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
