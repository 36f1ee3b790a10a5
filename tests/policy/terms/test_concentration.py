"""Language communities above a soft cap; off by default."""

from tests.policy.rules.asked import ask, household, person, town

TOWNS = [
    town("0001", population=1000, communities=(("ar", 6), ("ti", 50))),
    town("0002", population=100, communities=()),
    town("0003"),
]
GIVEN = {"per_cent": 1.0, "persons": 5, "stayers_per_person": 0.05}
QUEUE = household(person(id="1", languages=("ar",)), person(id="2", languages=("ar", "ti")))


def test_room_below_the_cap_is_by_language():
    """A thousand inhabitants: the cap is 10, so 4 more of Arabic and none of Tigrinya.

    In the smaller place, and where the population is not known, the cap is never below 5.
    """
    asked = ask("concentration", QUEUE, TOWNS, **GIVEN)
    assert asked.tables[1].languages == ("ar", "ti")
    room = asked.shape.cost(*asked.tables).breakpoint[:, :, 0].tolist()
    assert room == [[4, 0], [5, 5], [5, 5]]


def test_each_person_counts_for_each_language():
    """One speaks two."""
    asked = ask("concentration", QUEUE, TOWNS, **GIVEN)
    assert asked.shape.use(*asked.tables).tolist() == [[2, 1]]


def test_reason_names_the_languages_and_the_largest_community():
    """The code, the facts, both languages."""
    asked = ask("concentration", QUEUE, TOWNS, **GIVEN)
    facts = {"languages": "ar, ti", "persons": 50}
    assert asked.told() == ("concentration.community", facts)


def test_a_queue_of_which_no_language_is_known_uses_nothing():
    """Nothing to count, and nothing in the program."""
    asked = ask("concentration", household(), [town()], **GIVEN)
    assert asked.shape.use(*asked.tables).shape == (1, 0)
    assert asked.told()[1]["persons"] == 0
