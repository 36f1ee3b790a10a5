"""Dwellings: the nested thresholds against handing out homes one by one."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest

from matcher.domain import Answer, Dwelling, Instance
from matcher.domain.errors import PolicyError
from matcher.policy.policy import Policy
from matcher.policy.reason_texts import render_reason
from matcher.problem.problem import Problem
from matcher.problem.program import sum_use
from tests.independent import Night
from tests.policy.rules.asked import TODAY, ask, household, person, town

DWELLINGS = Policy("dwellings", rules={"dwellings": {"within_days": 90}})


def family(name, size, step_free=False, **facts):
    members = [person(id=f"{name}{k}", age=30, step_free=Answer.NO) for k in range(size)]
    if step_free:
        members[-1] = replace(members[-1], step_free=Answer.YES)
    return household(*members, id=name, **facts)


def home(beds, step_free=False, days=None):
    free = None if days is None else TODAY + timedelta(days=days)
    return Dwelling(f"{beds}{step_free}{days}", beds, Answer(int(step_free)), free)


def reporting(*homes):
    return town(reports_dwellings=Answer.YES, dwellings=homes)


def random_night(seed):
    """A queue and one municipality that reports its homes; links and lone minors among them."""
    random = Random(seed)
    queue = [
        family(f"H{k}", random.randint(1, 5), random.random() < 0.4)
        for k in range(random.randint(1, 6))
    ]
    if random.random() < 0.3:
        lone = person(id="L", age=15, unaccompanied=True, step_free=Answer.YES)
        queue.append(household(lone, id="lone"))
    homes = [
        replace(
            home(random.randint(1, 6), random.random() < 0.4, random.choice([None, 30, 90, 91])),
            step_free=random.choice(list(Answer)),
        )
        for _ in range(random.randint(0, 6))
    ]
    place = town(
        reports_dwellings=Answer.YES if random.random() < 0.9 else Answer.UNKNOWN,
        dwellings=tuple(homes),
    )
    links = (("H0", "H1"),) if len(queue) > 2 and random.random() < 0.4 else ()
    return Instance(TODAY, tuple(queue), (place,), links=links)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(4))
def test_thresholds_hold_exactly_when_homes_can_be_handed_out(block):
    """Two thousand queues; random subsets of each against a largest bipartite matching."""
    handed_out = refused = 0
    for seed in range(500 * block, 500 * (block + 1)):
        instance = random_night(seed)
        night, program = Night(instance, DWELLINGS), Problem.of(instance, DWELLINGS).program
        (resource,) = program.resources
        random = Random(seed)
        units = range(len(night.units))
        for _ in range(4):
            chosen = [u for u in units if random.random() < 0.6]
            choice = np.array([0 if u in chosen else -1 for u in units])
            within = bool((sum_use(resource, choice, 1) <= resource.limit).all())
            assert within == night.fits(chosen, 0), (seed, chosen)
            handed_out += within
            refused += not within
    assert min(handed_out, refused) > 300


def test_one_unit_asked_alone_fits_exactly_where_it_fits_in_the_queue():
    """Thresholds come from the queue; the answer for one household does not depend on it."""
    for seed in range(300):
        problem = Problem.of(random_night(seed), DWELLINGS)
        (rule,) = problem.selection.budgets
        together = rule.fits(problem.households, problem.municipalities)
        for unit in range(len(problem.households)):
            alone = rule.fits(problem.households.take([unit]), problem.municipalities)
            assert np.array_equal(alone[0], together[unit]), seed


@pytest.mark.parametrize(
    ("homes", "fits"),
    [
        ((home(3),), True),
        ((home(4),), True),
        ((home(2), home(2)), False),
        ((home(3, days=90),), True),
        ((home(3, days=91),), False),
        ((), False),
    ],
)
def test_a_family_of_three_needs_one_home_with_three_beds_in_time(homes, fits):
    """Two small homes are not one large one; a home free on the last day still counts."""
    assert ask("dwellings", family("F", 3), reporting(*homes)).one("fits") is fits


def test_step_free_needs_a_home_known_to_be_step_free():
    """Not known is not step-free; others may live there all the same."""
    unknown = replace(home(3), step_free=Answer.UNKNOWN)
    needs = family("F", 3, step_free=True)
    assert ask("dwellings", needs, reporting(unknown)).one("fits") is False
    assert ask("dwellings", needs, reporting(home(3, step_free=True))).one("fits") is True
    assert ask("dwellings", family("F", 3), reporting(unknown)).one("fits") is True


@pytest.mark.parametrize("reports", [Answer.NO, Answer.UNKNOWN])
def test_a_municipality_that_does_not_report_is_not_bound(reports):
    """Homes are found afterwards."""
    place = town(reports_dwellings=reports, dwellings=(home(1),))
    assert ask("dwellings", family("F", 3), place).one("fits") is True


def test_linked_households_need_a_home_each():
    """Two homes for two and three, not one for five."""
    queue = [family("A", 2), family("B", 3)]
    links = (("A", "B"),)
    assert ask("dwellings", queue, reporting(home(5)), links=links).one("fits") is False
    assert ask("dwellings", queue, reporting(home(2), home(3)), links=links).one("fits") is True


def test_lone_minors_need_no_home_of_their_own():
    """They live in the municipality's set-up for minors; with an adult they need one."""
    lone = household(person(id="L", age=15, unaccompanied=True), id="L")
    assert ask("dwellings", lone, reporting()).one("fits") is True
    asked = ask("dwellings", [lone, family("A", 1)], reporting(home(1)), links=(("L", "A"),))
    assert asked.one("fits") is False


def test_reason_names_what_is_needed_and_what_is_free():
    """Only homes that are free in time are counted."""
    place = reporting(home(2), home(9, days=200))
    facts = {"municipality": "Town 0001", "beds": 3, "homes": 1, "free": 1, "largest": 2}
    assert ask("dwellings", family("F", 3), place).told() == ("dwellings.short", facts)
    needs = family("F", 3, step_free=True)
    assert ask("dwellings", needs, place).told() == ("dwellings.step_free", facts)
    assert ask("dwellings", needs, reporting()).told()[1]["largest"] == 0


def test_the_sentence_tells_what_is_free_and_then_what_is_needed():
    """Two sentences, room before need; step-free where it is needed."""
    place, family_of_three = reporting(home(2)), family("F", 3)
    asked = ask("dwellings", family_of_three, place)
    reason = asked.shape.reason(*asked.tables, 0, 0)
    assert render_reason(reason, "en") == (
        "Town 0001 has 1 free homes, the largest with room for 2. "
        "The household needs 1, the largest for 3."
    )
    assert render_reason(reason, "nb") == (
        "Town 0001 har 1 ledige boliger, den største med plass til 2. "
        "Husstanden trenger 1, den største for 3."
    )
    asked = ask("dwellings", family("F", 3, step_free=True), place)
    reason = asked.shape.reason(*asked.tables, 0, 0)
    assert render_reason(reason, "en").endswith("the largest for 3, with step-free access.")
    assert render_reason(reason, "nb").endswith("den største for 3, med trinnfri adkomst.")


def test_days_cannot_be_below_nothing():
    """The message names the rule and the value."""
    with pytest.raises(PolicyError, match="within_days is -1"):
        ask("dwellings", family("F", 3), town(), within_days=-1)
