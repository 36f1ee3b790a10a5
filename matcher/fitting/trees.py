"""Boosted trees as plain numbers: read without running anything, summed with NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matcher.tables import FloatArray, IntArray

CHUNK = 200_000
"""Rows summed at a time, so that memory stays small."""


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """One tree, node by node; the first is the root.

    Parameters
    ----------
    feature : int array, shape (nodes,)
        What a node asks about; -1 at a leaf.
    threshold : float array, shape (nodes,)
        To the left up to here.
    missing_left : bool array, shape (nodes,)
        Where rows go of which the feature is not known.
    left, right : int array, shape (nodes,)
        The next nodes.
    value : float array, shape (nodes,)
        What a leaf adds.
    """

    feature: IntArray
    threshold: FloatArray
    missing_left: np.ndarray
    left: IntArray
    right: IntArray
    value: FloatArray

    def of(self, features: FloatArray) -> FloatArray:
        """Value of the leaf that each row ends in, shape (rows,)."""
        rows = np.arange(len(features))
        node = np.zeros(len(features), dtype=np.int64)
        active = rows[self.feature[node] >= 0]
        while len(active):
            here = node[active]
            asked = features[active, self.feature[here]]
            lower = np.where(
                np.isnan(asked), self.missing_left[here], asked <= self.threshold[here]
            )
            node[active] = np.where(lower, self.left[here], self.right[here])
            active = active[self.feature[node[active]] >= 0]
        return np.asarray(self.value[node])


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """A sum of trees.

    Parameters
    ----------
    base : float
        What the sum begins with.
    trees : tuple of Tree
        In the order they were grown.
    """

    base: float
    trees: tuple[Tree, ...]

    def total(self, features: FloatArray) -> FloatArray:
        """Sum over all trees, shape (rows,)."""
        out = np.full(len(features), self.base)
        for start in range(0, len(features), CHUNK):
            rows = slice(start, start + CHUNK)
            for tree in self.trees:
                out[rows] += tree.of(features[rows])
        return out

    def as_json(self) -> dict[str, Any]:
        """Give everything as plain values."""
        return {"base": self.base, "trees": [_tree_as_json(t) for t in self.trees]}

    @classmethod
    def from_json(cls, held: Mapping[str, Any]) -> Self:
        """Read what :meth:`as_json` gave."""
        return cls(float(held["base"]), tuple(_tree_from_json(t) for t in held["trees"]))


def _tree_as_json(tree: Tree) -> dict[str, Any]:
    return {name: getattr(tree, name).tolist() for name in _TYPES}


def _tree_from_json(held: Mapping[str, Any]) -> Tree:
    return Tree(**{name: np.array(held[name], dtype=kind) for name, kind in _TYPES.items()})


_TYPES: Mapping[str, Any] = {
    "feature": np.int64, "threshold": np.float64, "missing_left": np.bool_, "left": np.int64,
    "right": np.int64, "value": np.float64,
}  # fmt: skip
