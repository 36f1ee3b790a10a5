"""A Dask cluster that cannot be reached, or is lost, ends in one sentence."""

from importlib import import_module

import pytest

from instances.european import EuropeanQueue
from matcher.domain.errors import ClusterError
from matcher.solve.decomposed.block_tasks import count_block
from matcher.solve.decomposed.executors import (
    LOCAL_DASHBOARD_ADDRESS,
    DaskExecutor,
    connect_cluster,
)

pytestmark = pytest.mark.slow
plan = import_module("matcher.solve.decomposed.block_solver")

EUROPE = EuropeanQueue(seed=3, households=900, regions=40, in_block=250)


def test_where_no_scheduler_answers_it_is_said_how_to_start_one():
    """The address is named."""
    told = pytest.raises(ClusterError, match="no Dask scheduler answers at 'tcp://127")
    with told, connect_cluster("tcp://127.0.0.1:1", 0.3):
        pass


@pytest.fixture
def scheduler():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=0,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address=LOCAL_DASHBOARD_ADDRESS,
    ) as found:
        yield found


def test_a_cluster_without_workers_is_refused(scheduler):
    """It would wait for ever."""
    told = pytest.raises(ClusterError, match="has no workers; start some with 'dask worker tcp:")
    with told, connect_cluster(scheduler.scheduler_address, 0.3):
        pass


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_that_is_lost_on_the_way_ends_in_one_sentence(scheduler):
    """Its workers and its scheduler are gone after the first answer."""
    scheduler.scale(1)
    with connect_cluster(scheduler.scheduler_address, 3.0) as client:
        answers = DaskExecutor(EUROPE.blocks, client).map_blocks(count_block)
        assert next(answers).units == EUROPE.in_block
        scheduler.close()
        with pytest.raises(ClusterError, match="the Dask cluster was lost on the way"):
            list(DaskExecutor(EUROPE.blocks, client).map_blocks(count_block))
