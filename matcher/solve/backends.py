"""The backends by name."""

from collections.abc import Mapping

from matcher.solve import cpsat, highs, through_pulp
from matcher.solve.greedy import greedy
from matcher.solve.levels import LevelByLevel
from matcher.solve.result import Backend
from matcher.solve.shuffled import shuffled

BACKENDS: Mapping[str, Backend] = {
    "highs": LevelByLevel(highs.maximise),
    "cpsat": LevelByLevel(cpsat.maximise),
    "pulp": LevelByLevel(through_pulp.maximise),
    "greedy": greedy,
    "random": shuffled,
}
"""Exact: ``highs``, ``cpsat``, ``pulp`` (CBC). Baselines: ``greedy`` by waiting, ``random``."""
DEFAULT_BACKEND = "highs"
