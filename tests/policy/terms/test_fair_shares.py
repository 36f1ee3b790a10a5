"""Large households and demanding needs are spread by capacity."""

import pytest

from matcher.domain import Answer
from matcher.domain.errors import PolicyError
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town


def towns(*open_places):
    return [town(f"000{k}", ledger=known(decided=n)) for k, n in enumerate(open_places)]


def needing(name, need):
    if need == "crisis_setup":
        return household(id=name, crisis_setup=Answer.YES)
    return household(person(**{need: Answer.YES}), id=name)


def family(name, persons):
    return household(*(person(id=f"{name}{k}") for k in range(persons)), id=name)


@pytest.mark.parametrize(
    "need", ["hospital", "lar", "step_free", "specialist_care", "special_schooling", "crisis_setup"]
)
def test_demanding_needs_count(need):
    """Each of them once, and both layers for a large household with a need."""
    asked = ask("fair_shares", [needing("A", need), household(id="B")], towns(5))
    assert asked.shape.use(*asked.tables).tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize("need", ["upper_secondary", "interpreter", "study_hopes"])
def test_other_needs_do_not(need):
    """School, interpreter and study hopes are not counted as demanding."""
    asked = ask("fair_shares", needing("A", need), towns(5))
    assert asked.shape.use(*asked.tables).tolist() == [[0, 0]]


@pytest.mark.parametrize(("persons", "large"), [(5, 0), (6, 1), (7, 1)])
def test_households_are_large_from_six(persons, large):
    """The policy's number."""
    asked = ask("fair_shares", family("A", persons), towns(9), large=6)
    assert asked.shape.use(*asked.tables).tolist() == [[large, 0]]


LINKS = (("A", "B"), ("B", "C"))


@pytest.mark.parametrize(
    ("sizes", "large"), [((3, 3, 3), 0), ((6, 2, 1), 1), ((6, 7, 5), 2), ((6, 6, 6), 3)]
)
def test_linked_households_are_large_one_by_one(sizes, large):
    """Three small ones are not one large one; each large one counts, also in the reason."""
    queue = [family(n, k) for n, k in zip("ABC", sizes, strict=True)]
    asked = ask("fair_shares", queue, towns(9), links=LINKS)
    assert asked.shape.use(*asked.tables).tolist() == [[large, 0]]
    assert asked.told()[1]["large"] == large


def test_lone_minors_are_not_large_households():
    """They need no large home, however many they are."""
    minors = [person(id=f"M{k}", age=15, unaccompanied=True) for k in range(6)]
    asked = ask("fair_shares", household(*minors), towns(9))
    assert asked.shape.use(*asked.tables).tolist() == [[0, 0]]


def test_demanding_needs_count_once_for_linked_households():
    """The unit has the needs together."""
    asked = ask("fair_shares", [needing(n, "lar") for n in "ABC"], towns(9), links=LINKS)
    assert asked.shape.use(*asked.tables).tolist() == [[0, 1]]


def test_large_linked_households_are_all_in_the_country_s_count():
    """Two large ones in one unit over 10 and 10 places: one each."""
    asked = ask("fair_shares", [family(n, 6) for n in "AB"], towns(10, 10), links=(("A", "B"),))
    assert asked.shape.cost(*asked.tables).breakpoint[:, 0, 0].tolist() == [1, 1]


def test_fair_share_is_by_open_places_and_whole_households():
    """Three large households over 10, 5 and 5 places: 1.5, 0.75 and 0.75, so 2, 1 and 1."""
    asked = ask("fair_shares", [family(n, 6) for n in "ABC"], towns(10, 5, 5))
    assert asked.shape.cost(*asked.tables).breakpoint[:, 0, 0].tolist() == [2, 1, 1]


def test_a_share_that_is_whole_is_not_rounded_up():
    """55 % of 100 households are 55, though 0.55 * 100 is a little more in floats."""
    assert 0.55 * 100 > 55
    asked = ask("fair_shares", [family(f"H{k}", 6) for k in range(100)], towns(55, 45))
    assert asked.shape.cost(*asked.tables).breakpoint[:, 0, 0].tolist() == [55, 45]


def test_without_any_open_place_nothing_is_free():
    """And nothing is divided by nothing."""
    asked = ask("fair_shares", family("A", 6), towns(0, 0))
    assert asked.shape.cost(*asked.tables).breakpoint[:, :, 0].tolist() == [[0, 0], [0, 0]]


def test_reason_names_what_the_household_counts_for():
    """The code, the facts, both languages."""
    asked = ask("fair_shares", needing("A", "lar"), towns(5))
    assert asked.told() == ("fair_shares.counts", {"large": 0, "demanding": 1})


@pytest.mark.parametrize(("name", "value"), [("large", 0), ("stayers_per_household", -1)])
def test_impossible_parameters_are_refused(name, value):
    """The message names the parameter."""
    with pytest.raises(PolicyError, match=f"{name} is {value}"):
        ask("fair_shares", household(), towns(5), **{name: value})
