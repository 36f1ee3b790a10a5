"""Where blocks are worked on: here, one after the other, or on the machines of a Dask cluster."""

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
"""Asks for a cluster of this machine's cores."""
UNSEEN = "127.0.0.1:0"
"""Where a local cluster tells how it is doing: on any free port, to nobody outside."""
PATIENCE = 10.0
"""Seconds that a cluster is given to answer, and its first worker to be there."""


class Run(Protocol):
    """Does a task with every block of a queue."""

    @property
    def count(self) -> int:
        """How many blocks there are."""
        ...

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
        """Give the answers in the order of the blocks.

        Parameters
        ----------
        task : callable
            Takes a block, then what is asked, then the block's own of ``own``.
        asked : anything
            The same for all blocks.
        own : sequence or None
            What each block is asked beside.
        only : sequence of int, or None
            Which blocks, ascending; None for all.
        """
        ...


def joined(answers: Iterator[Any]) -> Any:
    """Add answers up in their order, so that sums are the same on any number of machines."""
    return reduce(lambda one, other: one.joined(other), answers)


class InTurn:
    """Works on one block after the other in this process.

    Parameters
    ----------
    blocks : sequence of Block
    """

    def __init__(self, blocks: Sequence[Block]) -> None:
        self._blocks = blocks

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
        """Give the answers in the order of the blocks."""
        for number in range(self.count) if only is None else only:
            yield task(self._blocks[number], *asked, *(() if own is None else (own[number],)))


class ThroughDask:
    """Works on blocks through a Dask cluster.

    What only says how to build a block is sent with each task, so a worker that is lost is done
    without; blocks that are there already are sent once, and stay with the worker.

    Parameters
    ----------
    blocks : sequence of Block
    client : distributed.Client
        Connected; see :func:`cluster`.
    """

    def __init__(self, blocks: Sequence[Block], client: Any) -> None:
        self._client, self._blocks = client, list(blocks)
        if all(isinstance(block, Part) for block in blocks):
            with _lost():
                self._blocks = client.scatter(self._blocks, hash=False)

    @property
    def count(self) -> int:
        """How many blocks there are."""
        return len(self._blocks)

    def each(
        self,
        task: Callable[..., Answer],
        *asked: Any,
        own: Sequence[Any] | None = None,
        only: Sequence[int] | None = None,
    ) -> Iterator[Answer]:
        """Give the answers in the order of the blocks.

        Raises
        ------
        ClusterError
            When the cluster is lost on the way.
        """
        with _lost():
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
    """Connect to a Dask cluster, or start one of this machine's cores, for as long as it is used.

    Parameters
    ----------
    address : str
        ``"local"``, or that of a scheduler: ``tcp://HOST:PORT``.

    Raises
    ------
    ClusterError
        When no scheduler answers, or it has no workers.
    """
    dask: Any = import_module("distributed")  # Takes seconds to load.

    if address == LOCAL:
        # Threads: the pass over pairs is compiled and lets others run meanwhile.
        with (
            dask.LocalCluster(n_workers=1, processes=False, dashboard_address=UNSEEN) as here,
            dask.Client(here) as client,
        ):
            yield client
        return
    with _connected(dask.Client, address) as client:
        yield client


def _connected(client: Callable[..., Any], address: str) -> Any:
    """Connect to a scheduler that has a worker."""
    try:
        found = client(address, timeout=PATIENCE)
    except (OSError, ValueError, TypeError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address!r} within {PATIENCE:g} s; start one with "
            "'dask scheduler' and name its address, as tcp://HOST:8786, or give 'local'"
        ) from error
    try:
        found.wait_for_workers(1, timeout=PATIENCE)
    except OSError as error:
        found.close()
        raise ClusterError(
            f"the Dask scheduler at {address!r} has no workers; start some with "
            f"'dask worker {address}' where Treffsikker is installed"
        ) from error
    return found


@contextmanager
def _lost() -> Iterator[None]:
    """Say in one sentence that a cluster is gone."""
    from distributed import KilledWorker  # noqa: PLC0415

    try:
        yield
    except (CancelledError, KilledWorker, OSError) as error:
        raise ClusterError(
            f"the Dask cluster was lost on the way ({type(error).__name__}); see to its workers "
            "and their memory, and run it again"
        ) from error
