"""Read two public formats directly to a program, so that solvers can be compared.

*Generalized assignment* as in the OR-Library: one text file with several problems. *Score
matrix* as used for resettlement: CSV files with a score for each pair, what each unit uses of
each type of capacity, the capacities, and which pairs are compatible.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

import numpy as np

from matcher.domain.errors import TreffsikkerError
from matcher.domain.tables.array_types import BoolArray, FloatArray, IntArray
from matcher.policy.rule_types import NO_LIMIT
from matcher.problem.program import STEPS_PER_POINT, Program, Resource

CsvCells = Sequence[Sequence[str]]


class PublicFormatError(TreffsikkerError):
    """The file in a public format cannot be read."""


def read_generalized_assignments(path: str | Path, *, maximise: bool) -> tuple[Program, ...]:
    """Read generalized assignment problems in the text format of the OR-Library.

    The file has whole numbers separated by spaces or lines: the number of problems; then for each
    problem the numbers of agents and jobs, the cost of each job by agent, the amount that each job
    uses of each agent, and the capacity of each agent. Every assigned job counts at level 1, so
    that a plan that assigns all jobs is best at level 2 exactly when it is an optimum of the
    problem.

    Parameters
    ----------
    path : str or Path
    maximise : bool
        Whether the costs are profits. Otherwise points are negative costs.

    Returns
    -------
    tuple of Program
        Units are jobs, municipalities are agents; a point is one unit of cost.

    Raises
    ------
    PublicFormatError
        When a value is not a whole number, or there are too few or too many numbers.
    """
    file = Path(path)
    try:
        numbers = [int(word) for word in file.read_text(encoding="utf-8").split()]
    except ValueError as error:
        raise PublicFormatError(f"{file.name} has something else than whole numbers") from error
    tokens = iter(numbers)
    count = int(_take(tokens, 1, file)[0])
    problems = tuple(_assignment(tokens, maximise, file) for _ in range(count))
    if next(tokens, None) is not None:
        raise PublicFormatError(f"{file.name} goes on after the {count} problems that it announces")
    return problems


def read_score_matrix(folder: str | Path, *, placed_first: bool = True) -> Program:
    """Read a score matrix with sizes, capacities and a compatibility mask.

    ``scores.csv`` has a row for each unit and a column for each place; ``sizes.csv`` a row for
    each unit and a column for each type of capacity; ``capacities.csv`` a row for each place and
    the same columns, with an empty cell where there is no limit; the optional ``compatible.csv``
    has 1 or 0 in the layout of the scores. The first row and column are names, in the same order
    in all files.

    Parameters
    ----------
    folder : str or Path
    placed_first : bool
        Whether to place as much as possible of the first type of size before scores count.
        Otherwise level 1 is worth nothing and scores alone decide.

    Returns
    -------
    Program
        A point is a score of one; scores are rounded to thousandths.

    Raises
    ------
    PublicFormatError
        When a file is missing, names differ or a cell is not a number.
    """
    source = Path(folder)
    scores, sizes = _read(source / "scores.csv"), _read(source / "sizes.csv")
    capacities = _read(source / "capacities.csv")
    places = scores[0][1:]
    _check_names(_names(sizes), _names(scores), source / "sizes.csv")
    _check_names(_names(capacities), places, source / "capacities.csv")
    _check_names(capacities[0][1:], sizes[0][1:], source / "capacities.csv")
    use = _whole_numbers(sizes, source / "sizes.csv")
    limit = _whole_numbers(capacities, source / "capacities.csv", empty=NO_LIMIT)
    points = np.rint(_numbers(scores, source / "scores.csv") * STEPS_PER_POINT).astype(np.int64)
    fits = np.asarray((use[:, None, :] <= limit[None, :, :]).all(axis=2))
    resource = Resource("capacity", use, np.arange(len(places)), limit)
    pairs = _compatible(source, scores), fits
    return _program(points, use[:, 0], pairs, resource, placed_first)


def _assignment(tokens: Iterator[int], maximise: bool, file: Path) -> Program:
    agents, jobs = (int(n) for n in _take(tokens, 2, file))
    if min(agents, jobs) < 1:
        raise PublicFormatError(f"{file.name} has a problem with {agents} agents and {jobs} jobs")
    cost = _take(tokens, agents * jobs, file).reshape(agents, jobs).T
    use = _take(tokens, agents * jobs, file).reshape(agents, jobs).T
    capacity = _take(tokens, agents, file)
    # The use of a job depends on the agent, so each agent has a separate layer of the resource,
    # which is limited only for that agent.
    limit = np.full((agents, agents), NO_LIMIT)
    np.fill_diagonal(limit, capacity)
    resource = Resource("capacity", use, np.arange(agents), limit)
    points = (cost if maximise else -cost) * STEPS_PER_POINT
    pairs = np.ones((jobs, agents), dtype=np.bool_), np.asarray(use <= capacity)
    return _program(points, np.ones(jobs, dtype=np.int64), pairs, resource)


def _program(
    points: IntArray,
    size: IntArray,
    pairs: tuple[BoolArray, BoolArray],
    resource: Resource,
    placed_first: bool = True,
) -> Program:
    weight = size[:, None] * (STEPS_PER_POINT if placed_first else 0)
    return Program(
        allowed=pairs[0],
        fits=pairs[1],
        terms={1: {"placed": weight}, 2: {"score": points}},
        resources=(resource,),
        spreads=(),
        size=size,
        days_waited=np.zeros_like(size),
    )


def _take(tokens: Iterator[int], count: int, file: Path) -> IntArray:
    values = list(islice(tokens, count))
    if len(values) < count:
        raise PublicFormatError(
            f"{file.name} ends early: {count - len(values)} numbers are missing"
        )
    if min(values, default=0) < 0:
        raise PublicFormatError(f"{file.name} has {min(values)}; give numbers from 0")
    return np.array(values, dtype=np.int64)


def _read(file: Path) -> CsvCells:
    """Read the cells of a CSV file; every row must be as long as the first."""
    if not file.is_file():
        raise PublicFormatError(f"{file.name} is not in {file.parent}")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        rows = [row for row in csv.reader(opened) if row]
    for number, row in enumerate(rows, 1):
        if len(row) != len(rows[0]):
            raise PublicFormatError(
                f"{file.name}, row {number} has {len(row)} cells, the first row {len(rows[0])}"
            )
    if not rows or len(rows[0]) < 2:
        raise PublicFormatError(f"{file.name} has names alone, or nothing; give columns of numbers")
    return rows


def _names(cells: CsvCells) -> Sequence[str]:
    return [row[0] for row in cells[1:]]


def _check_names(names: Sequence[str], expected: Sequence[str], file: Path) -> None:
    if list(names) != list(expected):
        unexpected = [name for name in names if name not in expected]
        what = f"has {unexpected[0]!r}" if unexpected else "has names missing or in another order"
        raise PublicFormatError(f"{file.name} {what}; give the same names as in the other files")


def _numbers(cells: CsvCells, file: Path, empty: float | None = None) -> FloatArray:
    out = [[_number(cell, (file, row[0]), empty) for cell in row[1:]] for row in cells[1:]]
    return np.array(out, dtype=np.float64).reshape(len(cells) - 1, len(cells[0]) - 1)


def _number(cell: str, where: tuple[Path, str], empty: float | None) -> float:
    if empty is not None and not cell.strip():
        return empty
    try:
        number = float(cell)
    except ValueError:
        number = np.nan
    if not np.isfinite(number):
        raise PublicFormatError(f"{where[0].name}, {where[1]}: {cell!r} is no number")
    return number


def _whole_numbers(cells: CsvCells, file: Path, empty: int | None = None) -> IntArray:
    numbers = _numbers(cells, file, None if empty is None else -1)
    filled = np.array([[bool(cell.strip()) for cell in row[1:]] for row in cells[1:]])
    whole = np.rint(numbers).astype(np.int64)
    wrong = filled.reshape(whole.shape) & ((whole != numbers) | (whole < 0))
    if wrong.any():
        raise PublicFormatError(f"{file.name} has {numbers[wrong][0]:g}; give whole numbers from 0")
    return whole if empty is None else np.where(filled.reshape(whole.shape), whole, empty)


def _compatible(source: Path, scores: CsvCells) -> BoolArray:
    shape = len(scores) - 1, len(scores[0]) - 1
    file = source / "compatible.csv"
    if not file.is_file():
        return np.ones(shape, dtype=np.bool_)
    cells = _read(file)
    _check_names(cells[0][1:], scores[0][1:], file)
    _check_names(_names(cells), _names(scores), file)
    mask = _numbers(cells, file)
    if not np.isin(mask, (0, 1)).all():
        raise PublicFormatError(f"{file.name} has something else than 0 and 1")
    return np.asarray(mask == 1)


__all__ = ["PublicFormatError", "read_generalized_assignments", "read_score_matrix"]
