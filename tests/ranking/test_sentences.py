"""What the commands say of one household, in words."""

import pytest

from matcher.cli.sentences import (
    MAX_NAMED_HOUSEHOLDS,
    count,
    displaced_lines,
    planned_sentence,
    ranking_heading,
    texts,
)
from matcher.ranking.rank import DisplacedHouseholds, rank
from matcher.texts import format_number
from tests.policy.rules.asked import household, person
from tests.ranking.cases import adults, chosen, made, place


@pytest.mark.parametrize(
    ("value", "sign", "nb", "en"),
    [
        (1234567.4, False, "1\u00a0234\u00a0567", "1,234,567"),
        (-1234.6, True, "\u22121\u00a0235", "-1,235"),
        (12.0, True, "+12", "+12"),
        (-0.3, False, "0", "0"),
        (-0.3, True, "0", "0"),
    ],
)
def test_points_are_whole_and_apart_by_thousands_the_way_of_the_language(value, sign, nb, en):
    """A space that does not break, or a comma; a little below 0 is 0, without a sign."""
    assert format_number(value, "nb", sign=sign) == nb
    assert format_number(value, "en", sign=sign) == en


def test_one_is_counted_in_the_singular():
    """In both languages."""
    assert [count(n, "child", "en") for n in (0, 1, 2)] == [
        "0 children",
        "1 child",
        "2 children",
    ]
    assert [count(n, "person", "nb") for n in (1, 2)] == ["1 person", "2 personer"]


@pytest.mark.parametrize("language", ["nb", "en"])
def test_who_makes_way_is_named_up_to_a_few_and_the_rest_counted(language):
    """None with room; a sentence without names where several must leave; five named of seven."""
    names = tuple(f"H-{k}" for k in range(MAX_NAMED_HOUSEHOLDS + 2))
    assert displaced_lines(None, language) == []
    several = displaced_lines(DisplacedHouseholds(()), language)
    assert several == ["  " + texts(language)["displaces_several"]]
    (few,) = displaced_lines(DisplacedHouseholds(names[:MAX_NAMED_HOUSEHOLDS]), language)
    assert ", ".join(names[:MAX_NAMED_HOUSEHOLDS]) in few
    assert texts(language)["and_more"].format(count=0).split("0")[0] not in few
    (many,) = displaced_lines(DisplacedHouseholds(names), language)
    assert names[MAX_NAMED_HOUSEHOLDS] not in many
    assert texts(language)["and_more"].format(count=2) in many


def test_heading_tells_persons_children_waiting_and_possible_municipalities():
    """Two persons of whom one child, ready a hundred days ago, one of two possible."""
    family = household(person(id="1"), person(id="2", age=4))
    ranking = rank(made([family], [place("0001", 2), place("0002", 1)]), "H")
    assert ranking_heading(ranking, "en").startswith(
        "H: 2 persons, of whom 1 child, has waited 100 days."
    )
    assert "1 of 2 municipalities" in ranking_heading(ranking, "en")
    alone = rank(made([adults("H")], [place("0001", 2)]), "H")
    assert "of whom" not in ranking_heading(alone, "en")


def test_where_the_plan_has_it_is_said_with_its_place_in_the_list():
    """Nothing without a plan; unplaced; second of two."""
    problem = made([adults("H")], [place("0001", 1), place("0002", 1, 9)])
    assert planned_sentence(rank(problem, "H"), "en") is None
    assert (
        planned_sentence(rank(problem, "H", choice=chosen(None)), "en") == texts("en")["unplaced"]
    )
    said = planned_sentence(rank(problem, "H", choice=chosen(1)), "en")
    assert "Town 0002" in said
    assert "2" in said.split("Town 0002")[1]


def test_every_english_sentence_is_there_in_norwegian():
    """Beyond them the Norwegian ones have words for names that are English as they are."""
    assert set(texts("en")) <= set(texts("nb"))
    assert all(key.startswith("of.") for key in set(texts("nb")) - set(texts("en")))
