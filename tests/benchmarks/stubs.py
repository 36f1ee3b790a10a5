"""Backends that behave badly, by name for the process that a cell runs in."""

import os
import time

import numpy as np

from matcher.solve import BackendResult
from matcher.solve.backends.greedy import greedy

PRINTED = "a solver that talks"


def raising(program, stop, seed, progress):
    """Fails with an error of its own."""
    raise ArithmeticError("the numbers ran out")


def everyone_in_one_place(program, stop, seed, progress):
    """Puts all households in one municipality, which no rule book allows."""
    return BackendResult(np.zeros(program.shape[0], dtype=np.int64))


def dying(program, stop, seed, progress):
    """Takes its process with it."""
    os._exit(70)


def hanging(program, stop, seed, progress):
    """Never comes back, whatever the time limit."""
    while True:
        time.sleep(1)


def giving_up(program, stop, seed, progress):
    """Finds no plan."""
    return BackendResult(None)


def talking(program, stop, seed, progress):
    """Prints while it solves, and is greedy otherwise."""
    os.write(1, PRINTED.encode())
    return greedy(program, stop, seed, progress)
