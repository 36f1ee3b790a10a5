"""Small problems with proved optimal plans, for tests of solvers.

``known.toml`` lists each problem with its optimal values level by level, and how they were proved:
*brute force* over every plan, or *HiGHS* to a gap of zero. The numbers in the files are made up.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from instances.public_formats import read_generalized_assignments, read_score_matrix
from matcher.problem.program import Program


@dataclass(frozen=True, eq=False)
class KnownOptimum:
    """A program and the values of its optimal plan.

    Parameters
    ----------
    name : str
    program : Program
    weight, value : int
        Levels 1 and 2 of the optimal plan, in thousandths.
    proved_by : str
        ``"brute force"`` or ``"HiGHS"``.
    """

    name: str
    program: Program
    weight: int
    value: int
    proved_by: str


def load_known_optima() -> tuple[KnownOptimum, ...]:
    """Read every problem of the folder with its optimum, in the order of ``known.toml``."""
    with as_file(files("instances.known")) as folder:
        facts = tomllib.loads((folder / "known.toml").read_text(encoding="utf-8"))
        return tuple(_answers(folder, facts))


def _answers(folder: Path, facts: Mapping[str, Any]) -> Iterator[KnownOptimum]:
    for f in facts["assignment"]:
        program = read_generalized_assignments(folder / f["file"], maximise=f["maximise"])[
            f["problem"] - 1
        ]
        name = f"{f['file']} {f['problem']} {'max' if f['maximise'] else 'min'}"
        # Costs are negative values, and a thousandth at level 1 is a thousandth of a job.
        value = (1 if f["maximise"] else -1) * f["best"] * 1000
        yield KnownOptimum(name, program, f["placed"] * 1000, value, f["proved_by"])
    for f in facts["scores"]:
        program = read_score_matrix(folder / f["folder"], placed_first=f["placed_first"])
        name = f"{f['folder']} {'placed first' if f['placed_first'] else 'score only'}"
        weight, value = round(f["placed"] * 1000), round(f["best"] * 1000)
        yield KnownOptimum(name, program, weight, value, f["proved_by"])


__all__ = ["KnownOptimum", "load_known_optima"]
