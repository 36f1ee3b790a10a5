"""Questions of a level, and their bounds with and without cuts."""

import numpy as np

from matcher import Stop
from matcher.solve.classes import Classes
from matcher.solve.columns import Columns
from matcher.solve.cutting import tightened
from matcher.solve.lagrangian import Relaxation
from matcher.solve.levels import Hold, Question
from matcher.solve.relaxation import relax_level


def build_question(program, choice, level):
    """A level's question, with what the choice places held at level 2."""
    hold = Hold.of(program, choice) if level == 2 else Hold.nothing(program)
    classes = Classes.of(program, hold.units) if level == 2 else Classes.of(program)
    return Question(Columns.of(classes), level, hold, choice, Stop(60, 0), 0, lambda _: None)


def bounds(program, choice, level):
    """The relaxation of a level, and with cuts, as far as they go."""
    question = build_question(program, choice, level)
    relaxed = relax_level(question, 60)
    return question, relaxed, tightened(question, relaxed, -np.inf, 60)


def upper_bound(question, found: Relaxation, choice):
    """What a choice can be worth by a bound and the reduced values of its pairs."""
    amounts = question.columns.classes.amounts(choice)
    lost = found.reduced[amounts > 0] @ amounts[amounts > 0]
    return found.bound + 1000 * lost
