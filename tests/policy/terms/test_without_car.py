"""No driver where a car is needed."""

from matcher.domain import Answer
from tests.policy.terms.effects_asked import asked, fits, household, person, place

TOWNS = tuple(
    place(f"000{k}", public_transport=a)
    for k, a in enumerate((Answer.YES, Answer.NO, Answer.UNKNOWN), 1)
)
WALKS, DRIVES, CHILD = (
    person(id="W", licence=Answer.NO),
    person(id="D", licence=Answer.YES),
    person(id="C", age=9, licence=Answer.UNKNOWN),
)


def test_it_is_bad_where_no_adult_drives_and_a_car_is_needed():
    """Children do not count."""
    assert fits("without_car", household(WALKS, CHILD), *TOWNS) == [0, -1, 0]


def test_one_driver_or_one_of_whom_it_is_not_known_is_enough():
    """Nor is a household of children alone concerned."""
    unsure = person(id="U", licence=Answer.UNKNOWN)
    for members in ((WALKS, DRIVES), (WALKS, unsure), (CHILD,)):
        assert fits("without_car", household(*members), *TOWNS) == [0, 0, 0]


def test_the_reason_names_the_place():
    """Where one is stuck."""
    one = asked("without_car", household(WALKS), *TOWNS)
    assert one.told(0, 1)[1]["municipality"] == "Town 0002"
