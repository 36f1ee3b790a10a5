"""Close follow-up where settling has had breaks."""

import pytest

from matcher.domain import Answer
from tests.policy.terms.effects_asked import asked, fits, grown, household, person, place

TOWNS = tuple(
    place(f"000{k}", continuous=a) for k, a in enumerate((Answer.YES, Answer.NO, Answer.UNKNOWN), 1)
)


@pytest.mark.parametrize(
    "close",
    [
        grown(specialist_care=Answer.YES),
        grown(special_schooling=Answer.YES),
        household(crisis_setup=Answer.YES),
        household(person(age=15, unaccompanied=True)),
    ],
)
def test_those_who_need_close_follow_up_leave_where_it_has_breaks(close):
    """Whichever need it is."""
    assert fits("steady_follow_up", close, *TOWNS) == [0, -1, 0]


def test_others_are_not_concerned():
    """Continuity for everyone is an effect of the municipality."""
    assert fits("steady_follow_up", grown(specialist_care=Answer.UNKNOWN), *TOWNS) == [0, 0, 0]


def test_the_reason_names_the_place():
    """With breaks."""
    told = asked("steady_follow_up", household(crisis_setup=Answer.YES), *TOWNS).told(0, 1)
    assert told[0] == "steady_follow_up.breaks"
