"""A block of a queue: some of its units with everything that can be chosen for them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matcher.program import Program
from matcher.tables import IntArray


class Block(Protocol):
    """Says how to build some of a queue's units; small, and can be sent.

    All blocks of a queue have the same municipalities, and resources and spreads with the same
    groups, layers, limits and costs. Each holds units that could as well stand in any other.
    """

    def program(self) -> Program:
        """Build the units: the limits are those of the whole queue."""
        ...


@dataclass(frozen=True, eq=False)
class Part:
    """A block that is there already.

    Parameters
    ----------
    made : Program
    """

    made: Program

    def program(self) -> Program:
        """Give it."""
        return self.made


def rows_of(program: Program, rows: IntArray) -> Program:
    """Give some units of a program, with the limits and costs of the whole."""
    return Program(
        allowed=program.allowed[rows],
        fits=program.fits[rows],
        terms={1: {"weight": program.weight[rows, None]}, 2: {"points": program.points[rows]}},
        resources=tuple(replace(r, use=r.use[rows]) for r in program.resources),
        spreads=tuple(replace(s, use=s.use[rows]) for s in program.spreads),
        size=program.size[rows],
        waited=program.waited[rows],
    )


def in_blocks(program: Program, count: int) -> tuple[list[Part], list[IntArray]]:
    """Deal a program's units out to so many blocks, and say which went where."""
    rows: list[IntArray] = [np.arange(start, program.shape[0], count) for start in range(count)]
    return [Part(rows_of(program, some)) for some in rows], rows


def together(rows: Sequence[IntArray], choices: Sequence[IntArray]) -> IntArray:
    """Put the choices of blocks back into the order of the queue."""
    out = np.zeros(sum(map(len, rows)), dtype=np.int64)
    for some, choice in zip(rows, choices, strict=True):
        out[some] = choice
    return out
