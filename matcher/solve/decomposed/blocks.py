"""Blocks of a queue: each has some units, with all their open pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from matcher.domain.tables.array_types import IntArray
from matcher.problem.program import Program


class Block(Protocol):
    """A recipe that builds some of a queue's units; it is small, and can be sent to workers.

    All blocks of a queue have the same municipalities, and resources and spreads with the same
    groups, layers, limits and costs. A unit may be in any of the blocks.
    """

    def program(self) -> Program:
        """Build the program of the units, with the limits of the whole queue."""
        ...


@dataclass(frozen=True, eq=False)
class BuiltBlock:
    """A block whose program is already built.

    Parameters
    ----------
    built_program : Program
    """

    built_program: Program

    def program(self) -> Program:
        """Return the program."""
        return self.built_program


def select_units(program: Program, rows: IntArray) -> Program:
    """Select units of a program, with the limits and costs of the whole program."""
    return Program(
        allowed=program.allowed[rows],
        fits=program.fits[rows],
        terms={1: {"weight": program.weight[rows, None]}, 2: {"points": program.pair_values[rows]}},
        resources=tuple(replace(r, use=r.use[rows]) for r in program.resources),
        spreads=tuple(replace(s, use=s.use[rows]) for s in program.spreads),
        size=program.size[rows],
        days_waited=program.days_waited[rows],
    )


def split_into_blocks(program: Program, count: int) -> tuple[list[BuiltBlock], list[IntArray]]:
    """Split a program into ``count`` blocks, and return them with the rows of their units."""
    rows: list[IntArray] = [np.arange(start, program.shape[0], count) for start in range(count)]
    return [BuiltBlock(select_units(program, block_rows)) for block_rows in rows], rows


def merge_choices(rows: Sequence[IntArray], choices: Sequence[IntArray]) -> IntArray:
    """Merge the choices of blocks into one choice in the order of the queue."""
    out = np.zeros(sum(map(len, rows)), dtype=np.int64)
    for block_rows, choice in zip(rows, choices, strict=True):
        out[block_rows] = choice
    return out
