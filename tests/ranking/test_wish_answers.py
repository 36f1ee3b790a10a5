"""Every stated wish is answered: met, possible at a cost, or not possible and why."""

from dataclasses import replace

import numpy as np
import pytest

from matcher.domain import Wish, WishKind
from matcher.policy.policy import Policy
from matcher.problem.plan_usage import PlanUsage
from matcher.ranking.rank import rank
from matcher.ranking.wish_answers import (
    WishOutcome,
    answer_queue,
    answer_sentence,
    answer_wishes,
    wish_sentence,
)
from tests.independent import Night
from tests.independent.facts import wish_counts
from tests.ledgers import known
from tests.ranking.cases import PLAIN, adults, chosen, made, place, random_case

BERGEN = place("4601", 5, 20, name="Bergen", county="Vestland", county_number="46")
VOSS = place("4621", 5, 0, name="Voss", county="Vestland", county_number="46")
ASKER = place("3203", 5, 0, name="Asker", county="Akershus", county_number="32")
PLACES = (ASKER, BERGEN, VOSS)


def wanting(*wishes: Wish, persons: int = 2, **facts):
    """A household with wishes."""
    return adults("A", persons, wishes=wishes, **facts)


def answered(household, *others, choice=None, towns=PLACES, policy=PLAIN, **facts):
    """The answers to its wishes, beside others, under a plan by rows of municipalities."""
    problem = made([household, *others], towns, policy, **facts)
    plan = None if choice is None else chosen(*choice)
    return answer_wishes(rank(problem, household.id, choice=plan))


def municipality(number, wanted=True):
    return Wish(WishKind.MUNICIPALITY, number, wanted)


def test_a_wish_that_the_suggestion_meets_costs_nothing():
    """The plan's, or the first choice where there is no plan."""
    (answer,) = answered(wanting(municipality("4621")), choice=[2])
    assert (answer.outcome, answer.planned, answer.points, answer.days) == ("met", True, 0, 0)
    assert answer_sentence(answer, "nb") == "Oppfylt av forslaget, Voss."
    assert wish_sentence(answer, "nb") == "Ønsker seg til Voss."
    (answer,) = answered(wanting(municipality("3203")))
    assert (answer.outcome, answer.planned) == ("met", False)
    assert answer_sentence(answer, "en") == "Met by the first choice, Asker."


def test_what_a_wish_would_cost_is_counted_against_the_suggestion():
    """Two persons wait twenty days longer, a point for each day."""
    (answer,) = answered(wanting(municipality("4601")), choice=[0])
    assert (answer.outcome, answer.best.municipality) == ("possible", "4601")
    assert (answer.points, answer.days) == (pytest.approx(-40), 20)
    assert answer_sentence(answer, "en") == (
        "Possible in Bergen: costs 40 points for everyone against Asker, moving in 20 days later."
    )
    (answer,) = answered(wanting(municipality("3203")), choice=[1])
    assert answer_sentence(answer, "nb") == (
        "Mulig i Asker: gir 40 poeng mer for alle enn Bergen, med innflytting 20 dager tidligere."
    )


def test_of_a_county_the_best_municipality_answers():
    """Without a loss here, and on the same day; the county has its name."""
    (answer,) = answered(wanting(Wish(WishKind.COUNTY, "46")), choice=[0])
    assert (answer.best.municipality, answer.answering, answer.place) == ("4621", 2, "Vestland")
    assert answer_sentence(answer, "en") == (
        "Possible in Voss: as many points for everyone as in Asker, moving in on the same day."
    )
    assert wish_sentence(answer, "nb") == "Ønsker seg til Vestland fylke."


def test_a_place_to_avoid_is_answered_as_well():
    """Met everywhere else."""
    (answer,) = answered(wanting(municipality("3203", wanted=False)), choice=[0])
    assert (answer.outcome, answer.best.municipality) == ("possible", "4621")
    assert wish_sentence(answer, "en") == "Wishes to avoid Asker."
    (answer,) = answered(wanting(municipality("3203", wanted=False)), choice=[1])
    assert answer.outcome == "met"


def test_a_municipality_that_is_barred_is_told_with_the_reason():
    """No open places, in words."""
    full = replace(BERGEN, ledger=known(decided=1))
    (answer,) = answered(wanting(municipality("4601")), towns=(ASKER, full))
    assert (answer.outcome, answer.points) == ("barred", None)
    assert answer_sentence(answer, "nb") == (
        "Ikke mulig, fordi Bergen er utelukket: Bergen har 1 ledige plasser i 2024; husstanden"
        " trenger 2."
    )


def test_a_county_that_is_barred_is_told_with_the_rules_that_bar_it():
    """Those that alone bar all of it; else the ones that bar most."""
    full = [replace(m, ledger=known(decided=1)) for m in (BERGEN, VOSS)]
    wish = Wish(WishKind.COUNTY, "46")
    (answer,) = answered(wanting(wish), towns=(ASKER, *full))
    assert answer.barred_by == {"places_this_year": 2}
    assert answer_sentence(answer, "nb") == (
        "Ikke mulig, fordi alle de 2 kommunene som svarer til ønsket, er utelukket: «Plasser i år»"
        " utelukker alle."
    )
    now = replace(VOSS, ledger=known(decided=9, receive_now=1))
    (answer,) = answered(wanting(wish), towns=(ASKER, full[0], now))
    assert answer.barred_by == {"places_now": 1, "places_this_year": 1}
    told = answer_sentence(answer, "en")
    assert told.endswith("“Places now” rules out 1. “Places this year” rules out 1.")


@pytest.mark.parametrize(
    ("wish", "outcome", "words"),
    [
        (municipality("9999"), "nowhere", "no municipality in the list has the number 9999"),
        (Wish(WishKind.COUNTY, "99"), "nowhere", "belongs to the county with the number 99"),
        (Wish(WishKind.LANDSDEL, "Trøndelag"), "unknown", "Not known: facts are missing"),
        (Wish(WishKind.CENTRALITY, "6"), "unknown", "Not known: facts are missing"),
    ],
)
def test_a_place_that_there_is_not_and_one_that_is_not_known(wish, outcome, words):
    """Unknown is not no."""
    (answer,) = answered(wanting(wish))
    assert answer.outcome == outcome
    assert words in answer_sentence(answer, "en")
    assert answer_sentence(answer, "nb")


def test_nowhere_answers_where_it_is_known_that_none_does():
    """A landsdel in which no municipality lies, and one in which all do."""
    towns = [replace(m, landsdel="Vestlandet", centrality=2) for m in PLACES]
    wishes = (
        Wish(WishKind.LANDSDEL, "Trøndelag"),
        Wish(WishKind.CENTRALITY, "6"),
        Wish(WishKind.LANDSDEL, "Vestlandet", wanted=False),
    )
    answers = answered(wanting(*wishes), towns=towns)
    assert [a.outcome for a in answers] == ["nowhere"] * 3
    for answer in answers:
        assert "in the list" in answer_sentence(answer, "en")
        assert "i oversikten" in answer_sentence(answer, "nb")


def test_a_place_that_the_plan_has_used_is_told_to_be_taken():
    """Possible by the rules, and others would have to make way."""
    (answer,) = answered(wanting(municipality("4601")), adults("B", 5), choice=[0, 1])
    assert (answer.outcome, answer.has_room) == ("possible", False)
    assert answer_sentence(answer, "nb").endswith("Planen har brukt plassene der til andre.")


def test_places_asked_for_are_no_answer_to_anothers_wish():
    """The municipality is asked to give them to someone else."""
    policy = PLAIN.with_rule("places_asked_for")
    full = wanting(municipality("4601"))
    (answer,) = answered(full, adults("B", 4), earlier=[("B", "4601")], policy=policy)
    assert answer.outcome == "barred"
    assert "spurt om 4 til andre" in answer_sentence(answer, "nb")


def test_who_is_unplaced_or_planned_where_it_is_barred_now_is_answered_by_the_first_choice():
    """There is no suggestion of a plan to compare with."""
    (answer,) = answered(wanting(municipality("4601")), choice=[None])
    assert (answer.planned, answer.suggested.municipality) == (False, "3203")
    full = replace(ASKER, ledger=known(decided=1))
    (answer,) = answered(wanting(municipality("4601")), towns=(full, BERGEN, VOSS), choice=[0])
    assert (answer.planned, answer.suggested.municipality) == (False, "4621")


def test_each_of_linked_households_is_answered():
    """In the order of the queue, with who has said it."""
    one, other = wanting(municipality("4601")), adults("B", wishes=(municipality("3203"),))
    answers = answered(one, other, links=(("A", "B"),), choice=[0])
    assert [(a.household, a.outcome) for a in answers] == [("A", "possible"), ("B", "met")]


@pytest.mark.parametrize("seed", range(21))
def test_answers_equal_those_worked_out_in_plain_loops(seed):
    """Outcome, best option, cost and rules of every wish, under a policy in which they weigh."""
    policy = Policy.default().with_term("wishes", stayers_per_wish=0.05, owner="the test")
    problem, choice = random_case(seed, policy)
    night = Night(problem.instance, policy)
    usage = PlanUsage(problem, choice)
    told = {(a.household, a.wish): a for a in answer_queue(problem, None, usage)}
    stated = {(h.id, w) for h in problem.instance.households for w in h.wishes}
    assert set(told) == stated
    for u, households in enumerate(night.units):
        ranking = rank(problem, households[0].id, choice=choice)
        allowed = [
            p for p in range(len(night.places)) if night.allowed(u, p) and night.fits([u], p)
        ]
        order = sorted(allowed, key=lambda p: ranking.option(night.places[p].number).rank)
        suggested = int(choice[u]) if choice[u] in allowed else next(iter(order), None)
        for h in households:
            for wish in h.wishes:
                check(night, u, wish, told[h.id, wish], order, suggested, ranking)


def check(night, u, wish, answer, order, suggested, ranking):
    """One answer against counting."""
    there = [wish_counts(wish, m) != 0 for m in night.places]
    known = [is_known(wish, m) for m in night.places]
    answering = [p for p, m in enumerate(night.places) if known[p] and there[p] == wish.wanted]
    possible = [p for p in order if p in answering]
    if not answering:
        assert answer.outcome == ("nowhere" if all(known) else "unknown")
    elif not possible:
        broken = [night.refusing(u, p) | night.overrun([u], p) for p in answering]
        assert answer.outcome == "barred"
        assert answer.barred_by == {
            rule: sum(rule in rules for rules in broken) for rule in set().union(*broken)
        }
    else:
        met = suggested in answering
        assert answer.outcome == ("met" if met else "possible")
        best = suggested if met else possible[0]
        options = [ranking.option(night.places[p].number) for p in (best, suggested)]
        assert answer.best == options[0]
        assert answer.points == options[0].net - options[1].net
        assert answer.days == (options[0].earliest - options[1].earliest).days


def is_known(wish, m):
    """Whether it is known that a municipality does or does not belong to a place that there is."""
    if wish.kind is WishKind.COUNTY:
        return bool(m.county_number) or wish.value == "9"
    if wish.kind is WishKind.LANDSDEL:
        return bool(m.landsdel)
    return wish.kind is WishKind.MUNICIPALITY or m.centrality is not None


def test_random_wishes_have_every_outcome():
    """So that the test above can fail."""
    seen = set()
    for seed in range(21):
        problem, choice = random_case(seed)
        seen |= {a.outcome for a in answer_queue(problem, None, PlanUsage(problem, choice))}
    assert seen == set(WishOutcome)


def test_options_say_which_wishes_they_meet():
    """By the place of the wish in the list."""
    wishes = Wish(WishKind.COUNTY, "46"), municipality("3203", wanted=False), municipality("9999")
    ranking = rank(made([wanting(*wishes), adults("B")], PLACES), "A")
    met = {o.municipality: o.wishes_met for o in ranking}
    assert met == {"3203": (), "4601": (0, 1), "4621": (0, 1)}
    assert {o.wishes_met for o in rank(made([adults("B")], PLACES), "B")} == {()}


def test_options_say_what_is_asked_for_others():
    """Not what is asked for the household itself."""
    problem = made([adults("A", 3), adults("B", 2)], PLACES, earlier=[("A", "4601"), ("B", "4601")])
    asked = {name: rank(problem, name).option("4601").asked_for for name in "AB"}
    assert asked == {"A": 2, "B": 3}
    assert np.all([o.asked_for == 0 for o in rank(problem, "A") if o.municipality != "4601"])
