"""Print the measures of the house beside their limits; fail where one is passed.

Run ``python -m tools.house``; CI does.
"""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tools.house.facts import fact_files
from tools.house.names import shared_class_names, vague_names_per_thousand
from tools.house.sizes import long_files, long_functions, unformatted_lines
from tools.house.structure import import_graph, longest_chain, room_graph, source_files
from tools.house.walks import ROOT, count_files_entered


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of the house, the most it may be, and what makes it so high."""

    name: str
    value: float
    limit: float
    details: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the limit holds."""
        return self.value <= self.limit

    def __str__(self) -> str:
        verdict = "" if self.passed else "  TOO HIGH"
        line = f"{self.name:<62} {self.value:>6.4g} {self.limit:>6.4g}{verdict}"
        return "\n".join([line, *(f"    {detail}" for detail in self.details)])


def measures() -> Iterator[Measure]:
    """Measure structure, names and sizes from the source, and walks by running them."""
    modules, tracked = source_files(ROOT), tracked_sources()
    graph = import_graph(modules)
    floors, chain = longest_chain(room_graph(graph)), longest_chain(graph)
    yield Measure("entries at the top of matcher/", len(top_entries()), 18)
    yield Measure("floors of rooms", len(floors), 12, (" -> ".join(floors),))
    yield Measure("longest chain of imports, in files", len(chain), 26, (" -> ".join(chain),))
    shared = shared_class_names(modules)
    details = tuple(f"{name}: {', '.join(places)}" for name, places in shared.items())
    yield Measure("class names in two modules", len(shared), 0, details)
    vague = vague_names_per_thousand(modules)
    yield Measure("names that do not say what they name, of 1 000", vague, 8)
    yield Measure("lines kept from the formatter", unformatted_lines(tracked), 40)
    yield _listed("files over 300 lines", long_files(tracked))
    yield _listed("functions over 40 lines", long_functions(tracked))
    yield _listed("files that a new fact touches", fact_files(), 4)
    entered = count_files_entered()
    # One more than rules and terms alone: days that can all hold need the calendar of the plan.
    yield Measure("files entered by a request for placements", entered["placements"], 46)
    yield Measure("files entered by writing a plan", entered["plan"], 12)
    # 150, and a file for each rule, term and kind of fact that came since: places asked for and
    # wishes with the columns that they read, ages of the day, the recount of the checker, and three
    # that say what does not go together (of a household, at which rows, pins that a rule refuses).
    # Two are the calendar: the days of a plan, and the homes of one municipality.
    # And a few about the night before: to start from it, and to tell why suggestions changed.
    # Three are of the ledger: what can be missing in it, its books by year, the pace of settling.
    yield Measure("files entered by a night", entered["night"], 173)


def _listed(name: str, places: list[str], limit: int = 0) -> Measure:
    return Measure(name, len(places), limit, tuple(places))


def tracked_sources() -> list[Path]:
    """List the Python files under version control."""
    command = ["git", "ls-files", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in (ROOT / name for name in listed.stdout.split()) if path.exists()]


def top_entries() -> list[str]:
    """List what lies at the top of the library."""
    return sorted(path.name for path in (ROOT / "matcher").iterdir() if path.name != "__pycache__")


def main() -> None:
    """Print all measures; end with 1 where a limit is passed."""
    print(f"{'':<62} {'is':>6} {'most':>6}")
    failed = 0
    for measure in measures():
        print(measure, flush=True)
        failed += not measure.passed
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
