"""What a council's text says beside its number: clauses that no decision may have are flagged.

A council may not set conditions about nationality or family situation. Its text is kept as it is
written, a person is told where it touches either, and no rule ever reads it.
"""

import re
from enum import StrEnum


class ClauseTopic(StrEnum):
    """What a clause is about that a decision may not have conditions about."""

    NATIONALITY = "nationality"
    FAMILY = "family"


# Beginnings of words in bokmål, nynorsk and English; a text is flagged rather once too often.
WORD_STARTS = {
    ClauseTopic.NATIONALITY: (
        "nasjonalitet nationalit statsborg citizen landbakgrunn opprinnelse opphav opphavsland "
        "hjemland heimland etnisk ethnic ukrain syr afghan eritre somal iran irak iraq sudan etiop "
        "ethiop kongo congo tyrk turk russ russian palestin burund"
    ),
    ClauseTopic.FAMILY: (
        "familie family families gjenforen gjenforein attfor sammenfør samanfør sameint sameina "
        "reunif enslig einsleg single ektefelle ektemak spouse barnefamili barnløs childless gift "
        "married gravid pregnan forsørg aleneforeldr åleineforeldr enke widow"
    ),
}
"""Beginnings of the words of each topic."""
PATTERNS = {
    topic: re.compile(rf"\b(?:{'|'.join(starts.split())})", re.IGNORECASE)
    for topic, starts in WORD_STARTS.items()
}


def find_clause_topics(text: str | None) -> tuple[ClauseTopic, ...]:
    """List what a council's text touches that a decision may not have conditions about.

    Parameters
    ----------
    text : str or None
        The text, in bokmål, nynorsk or English; None when there is none.
    """
    return tuple(topic for topic, pattern in PATTERNS.items() if pattern.search(text or ""))
