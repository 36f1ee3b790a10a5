"""Random draws that are identical on every machine, to the bit.

All draws are computed with integers from the raw 64-bit stream of PCG64, so that neither the
platform's floats nor a new release of a library changes an instance.
"""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Int64Array = NDArray[np.int64]
BoolMask = NDArray[np.bool_]
StepWeights = Sequence[tuple[int, int]]
PER_MILLION = 1_000_000


class RandomStream:
    """A stream of random integers for one purpose, independent of other purposes of the seed.

    Parameters
    ----------
    seed : int
        At least 0.
    purpose : str
        Purpose of the draws. Another purpose gives another stream, so that a change in one part
        of the generator does not change the other parts.
    """

    def __init__(self, seed: int, purpose: str) -> None:
        self._seed = seed
        self._purpose = purpose
        words = np.random.SeedSequence([seed, zlib.crc32(purpose.encode())])
        self._bits = np.random.PCG64(words)

    def substream(self, purpose: str) -> "RandomStream":
        """Return a separate stream for a part of this purpose."""
        return RandomStream(self._seed, f"{self._purpose}/{purpose}")

    def raw_integers(self, count: int) -> Int64Array:
        """Draw integers from 0 to 2**31 - 1, shape (count,)."""
        words = np.asarray(self._bits.random_raw(count), dtype=np.uint64)
        return (words >> np.uint64(33)).astype(np.int64)

    def integers_below(self, bounds: Int64Array | int, count: int | None = None) -> Int64Array:
        """Draw integers from 0 to bound - 1, all equally likely; 0 where the bound is 0 or less.

        Parameters
        ----------
        bounds : int or int array, shape (count,)
            At most 2**31.
        count : int or None
            Number of draws; None takes the length of ``bounds``.
        """
        high = np.asarray(bounds, dtype=np.int64)
        number = len(high) if count is None else count
        return (self.raw_integers(number) * np.maximum(high, 0)) >> 31

    def integers_between(self, low: int, high: int, count: int) -> Int64Array:
        """Draw integers from ``low`` to ``high``, both included, shape (count,)."""
        return low + self.integers_below(high - low + 1, count)

    def permutation(self, count: int) -> Int64Array:
        """Return the numbers 0 to count - 1 in random order."""
        return np.argsort(self.raw_integers(count), kind="stable").astype(np.int64)

    def bernoulli(self, share: float, count: int) -> BoolMask:
        """Draw independent values that are true with probability ``share``, shape (count,)."""
        return self.integers_below(PER_MILLION, count) < round(share * PER_MILLION)

    def sample_share(self, eligible: BoolMask, share: float) -> BoolMask:
        """Pick a share of the rows that are true, as exactly as whole numbers allow.

        Parameters
        ----------
        eligible : bool array, shape (n,)
            Rows that can be picked.
        share : float
            0-1. The remaining fraction of a row is drawn, so small queues get their share too.
        """
        rows = np.flatnonzero(eligible)
        exact = len(rows) * round(share * PER_MILLION) + int(self.integers_below(PER_MILLION, 1)[0])
        picked = np.zeros(len(eligible), dtype=np.bool_)
        picked[rows[self.permutation(len(rows))[: exact // PER_MILLION]]] = True
        return picked

    def systematic_sample(self, count: int, share: float) -> BoolMask:
        """Pick a share of rows at even steps from a random start, shape (count,).

        Where rows are sorted, about the same share of every run of rows is picked.
        """
        picked = np.zeros(count, dtype=np.bool_)
        exact = count * round(share * PER_MILLION) + int(self.integers_below(PER_MILLION, 1)[0])
        number = exact // PER_MILLION
        steps = np.arange(number, dtype=np.int64) * count
        picked[(steps + int(self.integers_below(count, 1)[0])) // max(1, number)] = True
        return picked

    def weighted_indices(self, weights: Sequence[int] | Int64Array, count: int) -> Int64Array:
        """Draw indices of a list with probabilities proportional to the weights, shape (count,)."""
        bounds = np.cumsum(np.asarray(weights, dtype=np.int64))
        drawn = self.integers_below(int(bounds[-1]), count)
        return np.searchsorted(bounds, drawn, side="right").astype(np.int64)

    def integers_from_steps(self, steps: StepWeights, count: int, first: int = 0) -> Int64Array:
        """Draw whole numbers from a piecewise uniform distribution, shape (count,).

        Parameters
        ----------
        steps : sequence of (int, int)
            Highest value of each step and its weight; a step starts after the one before it.
        first : int
            Lowest value of all.
        """
        highs = np.array([high for high, _ in steps], dtype=np.int64)
        lows = np.concatenate([[first], highs[:-1] + 1])
        step = self.weighted_indices([weight for _, weight in steps], count)
        return lows[step] + self.integers_below(highs[step] - lows[step] + 1)
