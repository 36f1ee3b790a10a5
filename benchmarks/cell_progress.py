"""How far a run of the benchmarks has come."""

from dataclasses import dataclass

from benchmarks.row import Row, Task


@dataclass(frozen=True, slots=True)
class CellProgress:
    """Progress of a run: the cell, its number from 1, the number of cells, and the measured row."""

    task: Task
    number: int
    total: int
    row: Row | None = None
