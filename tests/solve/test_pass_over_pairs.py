"""The pass over pairs: compiled and in NumPy the same to the bit, and as worked out by hand."""

import sys
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Problem
from matcher.problem.prices import Prices
from matcher.solve.priced.pricing import (
    NOWHERE,
    PricingProblem,
    build_tolls,
    load_pricing_kernel,
    price_with_numpy,
)
from tests.random_instances import random_instance

pytestmark = pytest.mark.slow
passes = import_module("matcher.solve.priced.pricing")


@st.composite
def cases(draw):
    """Random pairs and prices: closed pairs, free layers, floors at minus infinity, ties."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    units, places, layers = (draw(st.integers(0, most)) for most in (6, 7, 4))
    columns = places if draw(st.booleans()) else 0
    wide = draw(st.sampled_from([np.int32, np.int64]))
    scale = draw(st.sampled_from([2, 10**6, 2 * 10**9]))
    rows = random.integers(0, units, size=draw(st.integers(0, 8))) if units else np.zeros(0, int)
    pairs = PricingProblem(
        random.integers(-scale, scale, size=(units, columns)).astype(wide),
        random.random((units, places)) < draw(st.sampled_from([0.0, 0.5, 1.0])),
        rows,
        random.integers(0, 3, size=(len(rows), layers)).astype(np.float64),
        np.where(random.random(len(rows)) < 0.5, -np.inf, 0.0),
    )
    prices = random.normal(size=(layers, places)) * (random.random((layers, places)) < 0.7)
    return pairs, prices, random.normal(size=len(rows)).round(1)


@given(cases(), st.booleans())
@settings(max_examples=300, deadline=None)
def test_the_compiled_pass_gives_what_numpy_gives(case, reduced):
    """Best, where and reduced values are equal to the bit, minus infinity included."""
    pairs, prices, offset = case
    one = load_pricing_kernel()(pairs, prices, offset, reduced)
    other = price_with_numpy(pairs, prices, offset, reduced)
    assert all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))
    assert one[2].shape == other[2].shape


@given(cases())
@settings(max_examples=150, deadline=None)
def test_a_pass_finds_what_adding_up_pair_by_pair_finds(case):
    """Within 1e-9: the best of the open pairs and the floor, its place, and the distance to it."""
    pairs, prices, offset = case
    found = pairs.best_options(prices, offset)
    for k, row in enumerate(pairs.rows):
        net = {
            j: offset[k]
            - sum(pairs.use[k] * prices[:, j])
            + (pairs.values[row, j] / 1000 if pairs.values.shape[1] else 0.0)
            for j in np.flatnonzero(pairs.open[row]).tolist()
        }
        best = max([*net.values(), pairs.floor[k]])
        assert found.best[k] == pytest.approx(max(best, -1e300) if best > -np.inf else 0, rel=1e-9)
        if found.municipality[k] != NOWHERE:
            assert net[found.municipality[k]] == pytest.approx(found.best[k], rel=1e-9, abs=1e-9)
        else:
            assert all(v < found.best[k] + 1e-9 * max(1, abs(v)) for v in net.values())
        for j, rest in enumerate(found.reduced_values[k]):
            assert (
                rest == pytest.approx(net[j] - found.best[k], rel=1e-9, abs=1e-4)
                if j in net
                else np.isneginf(rest)
            )
        assert (found.reduced_values[k] <= 0).all()


def test_nothing_is_kept_that_nobody_asked_for():
    """Without reduced values the answer is the same, and there are none."""
    pairs = PricingProblem.of(*_program(3))
    offset, prices = np.zeros(len(pairs.rows)), np.ones((pairs.use.shape[1], pairs.open.shape[1]))
    with_rest, without = (
        pairs.best_options(prices, offset),
        pairs.best_options(prices, offset, with_reduced_values=False),
    )
    assert without.reduced_values is None
    assert with_rest.best.tolist() == without.best.tolist()
    assert with_rest.municipality.tolist() == without.municipality.tolist()


@pytest.mark.parametrize("seed", range(6))
def test_tolls_are_what_the_prices_charge(seed):
    """Use times toll is the charge of every unit in every municipality."""
    program, rows, floor = _program(seed)
    random = np.random.default_rng(seed)
    prices = Prices(
        tuple(random.random(r.limit.shape) for r in program.resources),
        tuple(random.normal(size=s.base.shape) for s in program.spreads),
    )
    charged = PricingProblem.of(program, rows, floor).use @ build_tolls(program, prices)
    assert charged == pytest.approx(prices.charge(program, rows), rel=1e-12)


def test_the_compiler_is_loaded_only_for_many_pairs(monkeypatch):
    """Below the limit NumPy does it; from there on the compiled pass is asked for."""
    asked = []
    monkeypatch.setattr(passes, "load_pricing_kernel", lambda: asked.append(1))
    pairs = PricingProblem.of(*_program(1))
    offset, prices = np.zeros(len(pairs.rows)), np.zeros((pairs.use.shape[1], pairs.open.shape[1]))
    few = pairs.best_options(prices, offset)
    assert not asked
    many = pairs.best_options(prices, offset, compile_min_pairs=pairs.open.size)
    assert asked and many.best.tolist() == few.best.tolist()


def test_without_a_compiler_numpy_does_it(monkeypatch):
    """An environment where it cannot be loaded loses time and nothing else."""
    monkeypatch.setitem(sys.modules, "numba", None)
    assert load_pricing_kernel.__wrapped__() is None


@pytest.mark.parametrize("error", [RuntimeError("no locator"), OSError("read-only")])
def test_where_nothing_can_be_written_the_pass_is_compiled_in_memory(monkeypatch, error):
    """The compiler refuses to keep it: it is compiled all the same, and right."""
    numba = pytest.importorskip("numba")
    real, kept = numba.njit, []

    def refusing(**options):
        if options.get("cache"):
            kept.append(1)
            raise error
        return real(**options)

    monkeypatch.setattr(numba, "njit", refusing)
    run = load_pricing_kernel.__wrapped__()
    pairs = PricingProblem.of(*_program(2))
    asked = pairs, np.ones((pairs.use.shape[1], pairs.open.shape[1])), np.zeros(len(pairs.rows))
    assert kept
    assert np.array_equal(run(*asked, True)[2], price_with_numpy(*asked, True)[2])


def _program(seed):
    """A small program, all its units, and nobody who must be placed."""
    program = Problem.of(random_instance(seed, 8, 5, bars=0.2)).program
    return program, np.arange(program.shape[0]), np.zeros(program.shape[0])
