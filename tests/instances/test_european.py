"""The made-up European queue: blocks that can be built anywhere, and look like one another."""

import numpy as np
import pytest

from instances.european import LARGE_HOUSEHOLD, PLACES_PER_PERSON, EuropeanQueue

QUEUE = EuropeanQueue(seed=4, households=2_500, regions=60, in_block=1_000)


def test_a_block_is_the_same_wherever_it_is_built():
    """Built twice, and beside another queue."""
    first = QUEUE.blocks[1].build_program()
    EuropeanQueue(seed=5, households=100, regions=40).blocks[0].program()
    again = QUEUE.blocks[1].build_program()
    assert np.array_equal(first.pair_values, again.pair_values)
    assert np.array_equal(first.feasible_pairs, again.feasible_pairs)
    assert np.array_equal(first.resources[0].limit, again.resources[0].limit)


def test_blocks_hold_the_queue_and_share_what_is_limited():
    """Every household once, the last block with what is left; limits, groups and costs alike."""
    made = [block.program() for block in QUEUE.blocks]
    assert [program.shape for program in made] == [(1_000, 60), (1_000, 60), (500, 60)]
    assert not np.array_equal(made[0].pair_values, made[1].pair_values)
    for other in made[1:]:
        assert np.array_equal(other.resources[0].limit, made[0].resources[0].limit)
        assert np.array_equal(other.spreads[0].group, made[0].spreads[0].group)
        assert np.array_equal(other.spreads[0].base, made[0].spreads[0].base)


def test_there_is_room_for_all_and_not_much_more():
    """Places for each person of the queue, large dwellings for those who need one."""
    made = [block.program() for block in QUEUE.blocks]
    persons, large = (sum(p.resources[0].use[:, k].sum() for p in made) for k in range(2))
    places, dwellings = made[0].resources[0].limit.sum(axis=0)
    assert PLACES_PER_PERSON * 0.9 < places / persons < PLACES_PER_PERSON * 1.1
    assert dwellings > large > 0
    sizes = np.concatenate([p.size for p in made])
    assert large == (sizes >= LARGE_HOUSEHOLD).sum()
    assert all(p.feasible_pairs.any(axis=1).all() for p in made)


@pytest.mark.parametrize(
    ("name", "value"), [("seed", -1), ("households", 0), ("regions", 29), ("in_block", 0)]
)
def test_a_number_out_of_range_is_refused_by_name(name, value):
    """With the least there can be."""
    with pytest.raises(ValueError, match=f"{name} is {value}; give a whole number from"):
        EuropeanQueue(**{name: value})
