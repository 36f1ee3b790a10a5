"""Draw answers (yes, no or unknown) for persons whom a question can concern."""

import numpy as np

from instances.people.population import AnswerCodes
from instances.random_stream import BoolMask, RandomStream
from matcher.domain.answer import Answer


def draw_answers(
    concerned: BoolMask, unknown: BoolMask, yes_share: float, draws: RandomStream
) -> AnswerCodes:
    """Draw an answer for each person: no where the question cannot concern the person.

    Parameters
    ----------
    concerned : bool array, shape (n,)
        Persons whom the question can concern.
    unknown : bool array, shape (n,)
        Persons whose answer is unknown, if the question concerns them.
    yes_share : float
        Share of yes among persons concerned whose answer is known.
    """
    answers = np.full(len(concerned), int(Answer.NO), dtype=np.int64)
    answers[draws.sample_share(concerned & ~unknown, yes_share)] = int(Answer.YES)
    answers[concerned & unknown] = int(Answer.UNKNOWN)
    return answers


def draw_unknown(rate: float, collective: BoolMask, factor: float, draws: RandomStream) -> BoolMask:
    """Draw who has an unknown fact: ``factor`` times as often under collective protection."""
    everyone = np.ones(len(collective), dtype=np.bool_)
    mapped_less = draws.substream("collective").sample_share(
        everyone & collective, min(1.0, rate * factor)
    )
    return mapped_less | draws.substream("others").sample_share(everyone & ~collective, rate)
