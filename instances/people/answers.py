"""Yes, no or not known, for those whom a question can concern."""

import numpy as np

from instances.draws import Draws, Mask
from instances.people.people import Answers
from matcher.domain import Answer


def draw_answers(concerned: Mask, unknown: Mask, yes: float, draws: Draws) -> Answers:
    """Give an answer to everyone: no where it cannot concern them.

    Parameters
    ----------
    concerned : bool array, shape (n,)
        Whom the question can concern.
    unknown : bool array, shape (n,)
        Of whom the answer is not known, if it concerns them.
    yes : float
        Share of yes among those concerned of whom it is known.
    """
    answers = np.full(len(concerned), int(Answer.NO), dtype=np.int64)
    answers[draws.some(concerned & ~unknown, yes)] = int(Answer.YES)
    answers[concerned & unknown] = int(Answer.UNKNOWN)
    return answers


def draw_unknown(rate: float, collective: Mask, factor: float, draws: Draws) -> Mask:
    """Say of whom something is not known; ``factor`` times as often under collective protection."""
    everyone = np.ones(len(collective), dtype=np.bool_)
    mapped_less = draws.stream("collective").some(everyone & collective, min(1.0, rate * factor))
    return mapped_less | draws.stream("others").some(everyone & ~collective, rate)
