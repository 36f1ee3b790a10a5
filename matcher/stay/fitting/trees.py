"""Boosted trees as plain numbers: read without executing code, summed with NumPy."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from matcher.domain.tables.array_types import FloatArray, IntArray

ROWS_PER_CHUNK = 200_000
"""Rows summed at a time; small chunks need little memory."""


@dataclass(frozen=True, slots=True, eq=False)
class DecisionTree:
    """A decision tree, node by node; the first node is the root.

    Parameters
    ----------
    feature : int array, shape (nodes,)
        Feature that a node splits on; -1 at a leaf.
    threshold : float array, shape (nodes,)
        Rows with values up to the threshold go left.
    missing_left : bool array, shape (nodes,)
        Whether rows with an unknown feature go left.
    left, right : int array, shape (nodes,)
        Child nodes.
    value : float array, shape (nodes,)
        Value of a leaf.
    """

    feature: IntArray
    threshold: FloatArray
    missing_left: np.ndarray
    left: IntArray
    right: IntArray
    value: FloatArray

    def predict(self, features: FloatArray) -> FloatArray:
        """Value of the leaf that each row ends in, shape (rows,)."""
        rows = np.arange(len(features))
        node = np.zeros(len(features), dtype=np.int64)
        active = rows[self.feature[node] >= 0]
        while len(active):
            nodes = node[active]
            values = features[active, self.feature[nodes]]
            lower = np.where(
                np.isnan(values), self.missing_left[nodes], values <= self.threshold[nodes]
            )
            node[active] = np.where(lower, self.left[nodes], self.right[nodes])
            active = active[self.feature[node[active]] >= 0]
        return np.asarray(self.value[node])


@dataclass(frozen=True, slots=True, eq=False)
class TreeEnsemble:
    """A sum of trees.

    Parameters
    ----------
    base : float
        Start value of the sum.
    trees : tuple of DecisionTree
        Trees in the order in which they were grown.
    """

    base: float
    trees: tuple[DecisionTree, ...]

    def predict(self, features: FloatArray) -> FloatArray:
        """Sum over all trees, shape (rows,)."""
        out = np.full(len(features), self.base)
        for start in range(0, len(features), ROWS_PER_CHUNK):
            rows = slice(start, start + ROWS_PER_CHUNK)
            for tree in self.trees:
                out[rows] += tree.predict(features[rows])
        return out

    def as_json(self) -> dict[str, Any]:
        """Return the trees as plain values."""
        return {"base": self.base, "trees": [_tree_as_json(t) for t in self.trees]}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """Build the trees from the result of :meth:`as_json`."""
        return cls(float(content["base"]), tuple(_tree_from_json(t) for t in content["trees"]))


def _tree_as_json(tree: DecisionTree) -> dict[str, Any]:
    return {name: getattr(tree, name).tolist() for name in _TYPES}


def _tree_from_json(content: Mapping[str, Any]) -> DecisionTree:
    return DecisionTree(
        **{name: np.array(content[name], dtype=kind) for name, kind in _TYPES.items()}
    )


_TYPES: Mapping[str, Any] = {
    "feature": np.int64,
    "threshold": np.float64,
    "missing_left": np.bool_,
    "left": np.int64,
    "right": np.int64,
    "value": np.float64,
}
