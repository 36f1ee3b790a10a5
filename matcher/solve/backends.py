"""The backends by name."""

from collections.abc import Mapping

from matcher.solve import cpsat, highs, priced, through_pulp
from matcher.solve.greedy import greedy
from matcher.solve.levels import LevelByLevel
from matcher.solve.result import Backend
from matcher.solve.shuffled import shuffled

BACKENDS: Mapping[str, Backend] = {
    "priced": LevelByLevel(priced.maximise),
    "highs": LevelByLevel(highs.maximise),
    "cpsat": LevelByLevel(cpsat.maximise),
    "pulp": LevelByLevel(through_pulp.maximise),
    "greedy": greedy,
    "random": shuffled,
}
"""The workhorse: ``priced``. Whole programs at once: ``highs``, ``cpsat``, ``pulp`` (CBC).

Baselines: ``greedy`` by waiting time, ``random``.
"""
DEFAULT_BACKEND = "priced"
