"""Hopes of higher education and the way to it."""

import pytest

from matcher.domain import Answer
from tests.policy.terms.effects_asked import asked, fits, grown, north_of, place

HERE = place("0001", higher_education=Answer.YES)
HOPES = grown(study_hopes=Answer.YES)


def away(minutes, number="0002", **facts):
    return north_of(minutes, number, **{"higher_education": Answer.NO, **facts})


def test_next_door_keeps_and_two_hours_away_sends_off():
    """1 in the town itself, 0 at an hour, -1 at two and beyond."""
    towns = (HERE, away(30), away(60, "0003"), away(120, "0004"), away(300, "0005"))
    assert fits("study_nearby", HOPES, *towns) == [1, 0.5, 0, -1, -1]


def test_it_concerns_those_known_to_hope():
    """Neither those who do not nor those who have not been asked."""
    for answer in (Answer.NO, Answer.UNKNOWN):
        assert fits("study_nearby", grown(study_hopes=answer), HERE, away(200)) == [0, 0]


def test_unknown_ways_say_nothing():
    """A town that has not said, one without coordinates, and a country without a known one."""
    silent = away(200, higher_education=Answer.UNKNOWN)
    assert fits("study_nearby", HOPES, HERE, silent, away(1, "0003", latitude=None)) == [1, 0, 0]
    assert fits("study_nearby", HOPES, away(0), away(9, "0003")) == [0, 0]


def test_the_reason_names_the_minutes():
    """Estimated, in whole minutes."""
    code, facts = asked("study_nearby", HOPES, HERE, away(30)).told(0, 1)
    assert (code, facts["minutes"]) == ("study_nearby.minutes", 30)
    assert facts["effect"] == pytest.approx(0.105)


def test_the_reason_says_when_it_is_in_the_municipality():
    """Not as nought minutes away."""
    assert asked("study_nearby", HOPES, HERE, away(30)).told(0, 0)[0] == "study_nearby.here"
