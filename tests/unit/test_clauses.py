"""A council's clauses: what no decision may have conditions about is flagged, the rest is not."""

import pytest

from matcher.domain.clauses import ClauseTopic, find_clause_topics

NATIONALITY, FAMILY = ClauseTopic.NATIONALITY, ClauseTopic.FAMILY


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        ("Kommunen bosetter kun flyktninger fra Ukraina.", (NATIONALITY,)),
        ("Kommunestyret føreset at dei som kjem, er syriske statsborgarar.", (NATIONALITY,)),
        ("Only persons of Afghan nationality.", (NATIONALITY,)),
        ("Vedtaket inkluderer ikkje familiesameinte.", (FAMILY,)),
        ("Fortrinnsvis barnefamilier, ikke enslige menn.", (FAMILY,)),
        ("No single men; families with children only.", (FAMILY,)),
        ("Ukrainske familier.", (NATIONALITY, FAMILY)),
        ("Kommunestyret ber om ny sak dersom det blir aktuelt med fleire.", ()),
        ("Forutsetter at staten dekker utgiftene til tolk.", ()),
        ("Kommunen forbeholder seg retten til å velge boligene.", ()),
        ("", ()),
        (None, ()),
    ],
)
def test_flags_nationality_and_family_in_three_languages(text, topics):
    """Other clauses, such as one that wants a new case, are kept without a flag."""
    assert find_clause_topics(text) == topics
