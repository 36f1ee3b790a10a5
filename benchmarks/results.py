"""Write RESULTS.md: one dated section per run, after the older ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pandas as pd

from benchmarks.cases import describe_case
from benchmarks.failures import find_failures
from benchmarks.frames import (
    add_ratios,
    compare_backends,
    compare_with_best,
    summarize_seeds,
    to_frame,
)
from benchmarks.machine import format_facts
from benchmarks.plot import draw_cells
from benchmarks.row import Row
from benchmarks.table import BESIDE_COLUMNS, BEST_COLUMNS, format_markdown
from matcher.solve.backends.registry import DEFAULT_BACKEND

FOLDER = Path(__file__).parent
PAGE_NAME = "RESULTS.md"

PAGE_HEAD = """\
# Measured

Every section below was written by `treffsikker bench --write` (once `python -m benchmarks --write`)
from the run that it describes; older ones stay. Queues are synthetic (`instances/`), rules and
weights those of the default policy. [How to run and read it](../docs/how-to/run-the-benchmarks.md).

How to read the columns

- **level 1** is persons placed, weighted; **level 2** is points, a thousand to one expected
  stayer. Both are recomputed from the plan. **gap** is the relative distance to the bound that
  the backend proved; blank where it proves none.
- **build s** is tables and program from an instance in memory, **solve s** the backend with the
  check of its plan, **total s** both. Making the queue, and starting Python, are left out.
- **to 1 %**, **to 0.1 %**, **to 0.01 % s** are seconds of solving until value and bound of level 2
  were that near each other; blank where they never were, or level 1 is not proved. A backend says
  how far it is when it likes, `pulp` and `scip` only at their end, and stops at the gap asked for.
- **earlier s** is what the plan took that a new one starts from, with its prices; **moved** is how
  many households have another place than in that plan.
- **cpu s** is processor time of all threads and of solvers that run as processes of their own.
- **peak MB** is of the cell's process (each cell has one of its own), Python, libraries and the
  instance included; where a solver runs as a process of its own, of the larger of the two.
- **ratios** are to the reference backend's cell of the same case and seed; **points more** is a
  difference, since points may be near 0.
- `lp` is the LP relaxation alone, the bare bound of level 2 over all pairs; `pass` is one look at
  every pair for each household's best place. **times LP** and **times pass** are seconds of solving
  as multiples of theirs; **below LP %** is how far a plan is below the bare bound, blank where it
  places fewer than the LP had to.
- **outcome**: *proved* within the gap asked for, *gap* a larger one, *unproved* without a bound;
  *bound* of the LP, *loose bound* where it was stopped, *measured* where there is nothing to prove.
"""

FOOTNOTES = """\
Not comparable:

- Seconds between sections: another machine, other versions, other load. Within a section, look at
  the ratios, and at **cpu s** where other work ran beside.
- Points of plans with different **level 1**: persons come before points, and a plan that leaves
  persons out neither earns their points nor bears what they cost.
- Backends that stop at the time limit with those that prove: theirs is the plan at the limit.
- `greedy` and `random` prove nothing, and do not look at dispersion while they place.
- **times LP** and **times pass** of a few households: what every cell does besides is most of it.
"""


@dataclass(frozen=True, slots=True)
class BenchmarkRun:
    """A run to be recorded in RESULTS.md.

    Parameters
    ----------
    rows : sequence of Row
    day : str
        YYYY-MM-DD, stated by the caller.
    machine : dict of str to str
    reference : str
        Backend that ratios refer to.
    seconds, gap : float
        Time limit and relative gap that the backends were given.
    note : str
        What else a reader should know.
    draw : callable
        Draws the rows to a path; returns False if there is nothing to draw.
    """

    rows: Sequence[Row]
    day: str
    machine: dict[str, str]
    reference: str
    seconds: float
    gap: float
    note: str = ""
    draw: Callable[[Sequence[Row], Path], bool] = draw_cells

    @property
    def cases(self) -> list[str]:
        """Cases in the order in which they were measured."""
        return list(dict.fromkeys(row.case for row in self.rows))


def write_section(run: BenchmarkRun, folder: Path = FOLDER) -> Path:
    """Append a run and its plot to RESULTS.md in a folder; return the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / PAGE_NAME
    before = page.read_text(encoding="utf-8") if page.exists() else PAGE_HEAD
    picture = _picture_path(folder, run.day)
    drawn = run.draw(run.rows, picture)
    link = f"![Seconds and gaps by case and backend](plots/{picture.name})" if drawn else ""
    page.write_text(f"{before.rstrip()}\n\n{format_section(run, link)}\n", encoding="utf-8")
    return page


def format_section(run: BenchmarkRun, picture: str = "") -> str:
    """Format a run as a section."""
    frame = add_ratios(to_frame(run.rows), run.reference)
    parts = [
        f"## {run.day}: {', '.join(run.cases)}",
        _setting(run),
        "\n".join(f"- `{case}`: {describe_case(case)}" for case in run.cases),
        "### Every cell",
        format_markdown(frame),
        *_medians(run, frame),
        *_backend_comparison(run),
        *_best_comparison(run),
        picture,
        *_failures(run),
        FOOTNOTES.strip(),
    ]
    return "\n\n".join(part for part in parts if part)


def _setting(run: BenchmarkRun) -> str:
    lines = [
        f"Asked: at most {run.seconds:g} s a cell, gap {100 * run.gap:g} %; "
        f"reference `{run.reference}`.",
        f"Measured on: {format_facts(run.machine)}.",
        f"Note: {run.note}" if run.note else "",
    ]
    return "\n\n".join(line for line in lines if line)


def _medians(run: BenchmarkRun, frame: pd.DataFrame) -> list[str]:
    several = len({row.seed for row in run.rows}) > 1
    return ["### Medians over seeds", format_markdown(summarize_seeds(frame))] if several else []


def _backend_comparison(run: BenchmarkRun) -> list[str]:
    table = compare_backends(to_frame(run.rows), DEFAULT_BACKEND)
    if table.empty:
        return []
    return [
        f"### `{DEFAULT_BACKEND}` beside each of the others",
        f"Ratios of `{DEFAULT_BACKEND}` to the other on the same queue: below 1, it took less.",
        format_markdown(table, BESIDE_COLUMNS),
    ]


def _best_comparison(run: BenchmarkRun) -> list[str]:
    best = compare_with_best(to_frame(run.rows))
    if best.empty:
        return []
    best["proved"] = best["proved"].map({True: "yes", False: "no"})
    return [
        "### Against the best plan with a bound",
        "`greedy` is today's practice: the longest waiting first, each to its best open place.",
        format_markdown(best, BEST_COLUMNS),
    ]


def _failures(run: BenchmarkRun) -> list[str]:
    failures = find_failures(run.rows)
    return (
        ["### What went wrong", "\n".join(f"- {sentence}" for sentence in failures)]
        if failures
        else []
    )


def _picture_path(folder: Path, day: str) -> Path:
    """Return a path that no earlier section uses."""
    paths = (folder / "plots" / f"{day}-{number}.svg" for number in count(1))
    return next(path for path in paths if not path.exists())
