"""Yes, no, or not known: unknown is a value of its own and never counts as no."""

from collections.abc import Iterable
from enum import IntEnum


class Answer(IntEnum):
    """What is known of a need or a service."""

    UNKNOWN = -1
    NO = 0
    YES = 1


def unite(answers: Iterable[Answer]) -> Answer:
    """Give the answer for several who go together: one yes is enough, then one unknown.

    Parameters
    ----------
    answers : iterable of Answer
        What is known of each; none at all gives ``NO``.
    """
    seen = set(answers)
    if Answer.YES in seen:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in seen else Answer.NO
