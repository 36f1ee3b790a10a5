"""Yes, no or unknown: unknown is a value of its own and never counts as no."""

from collections.abc import Iterable
from enum import IntEnum


class Answer(IntEnum):
    """Whether a need or a service exists, as far as it is known."""

    UNKNOWN = -1
    NO = 0
    YES = 1


def combine_answers(answers: Iterable[Answer]) -> Answer:
    """Combine the answers of a group: yes if any is yes, else unknown if any is unknown, else no.

    Parameters
    ----------
    answers : iterable of Answer
        One for each member of the group; an empty group gives ``NO``.
    """
    seen = set(answers)
    if Answer.YES in seen:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in seen else Answer.NO
