"""Draw answers (yes, no or unknown) for persons whom a question can concern."""

import numpy as np

from instances.draws import Draws, Mask
from instances.people.people import Answers
from matcher.domain import Answer


def draw_answers(concerned: Mask, unknown: Mask, yes: float, draws: Draws) -> Answers:
    """Draw an answer for each person: no where the question cannot concern the person.

    Parameters
    ----------
    concerned : bool array, shape (n,)
        Persons whom the question can concern.
    unknown : bool array, shape (n,)
        Persons whose answer is unknown, if the question concerns them.
    yes : float
        Share of yes among persons concerned whose answer is known.
    """
    answers = np.full(len(concerned), int(Answer.NO), dtype=np.int64)
    answers[draws.some(concerned & ~unknown, yes)] = int(Answer.YES)
    answers[concerned & unknown] = int(Answer.UNKNOWN)
    return answers


def draw_unknown(rate: float, collective: Mask, factor: float, draws: Draws) -> Mask:
    """Draw who has an unknown fact: ``factor`` times as often under collective protection."""
    everyone = np.ones(len(collective), dtype=np.bool_)
    mapped_less = draws.stream("collective").some(everyone & collective, min(1.0, rate * factor))
    return mapped_less | draws.stream("others").some(everyone & ~collective, rate)
