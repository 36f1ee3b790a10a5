"""The list of municipalities for one household: its order, its numbers, what is left."""

from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from matcher import Policy
from matcher.domain import Ban, BanReason, PairProbabilities
from matcher.domain.errors import UnknownHouseholdError
from matcher.problem.prices import Prices
from matcher.problem.program import STEPS_PER_POINT, UNPLACED
from matcher.ranking.rank import rank
from matcher.solve import price_places
from tests.ledgers import known
from tests.policy.rules.asked import TODAY, person
from tests.ranking.cases import PLAIN, adults, chosen, made, place, random_case

EVERYTHING = (
    Policy.default()
    .with_rule("interpreter")
    .with_term("concentration", persons=2)
    .with_term("alone_in_language")
    .with_term("immigrant_share")
)


def ban(*numbers):
    """Ruled out by a caseworker."""
    return tuple(Ban(n, BanReason.CASEWORKER) for n in numbers)


def numbers(options):
    """Municipality numbers in their order."""
    return [o.municipality for o in options]


def priced(problem, *costs):
    """Prices for a place this year, one a municipality; everything else is free."""
    parts = [np.zeros(r.limit.shape) for r in problem.program.resources]
    which = [r.id for r in problem.program.resources].index("places_this_year")
    parts[which] = np.array(costs, dtype=np.float64)[:, None]
    return Prices(tuple(parts), tuple(np.zeros(s.base.shape) for s in problem.program.spreads))


def scarce(queue, *days, **facts):
    """One place in each municipality, ready in so many days; twenty at the end of the line."""
    towns = [place(f"{k:04d}", 1, d) for k, d in enumerate(days, 1)]
    return made(queue, [*towns, place("0009", 20, 50)], **facts)


def test_allowed_come_first_then_barred_by_how_few_rules_bar_them():
    """The nearest is full and ruled out (2 rules), the next ruled out (1), the others open."""
    towns = [place("0001", 0, 0), place("0002", 9, 1), place("0003", 9, 7), place("0004", 9, 3)]
    ranking = rank(made([adults("H", bans=ban("0001", "0002"))], towns), "H")
    assert numbers(ranking) == ["0004", "0003", "0002", "0001"]
    assert [o.rank for o in ranking] == [1, 2, 3, 4]
    assert [o.allowed for o in ranking] == [True, True, False, False]
    assert numbers(ranking.allowed) == ["0004", "0003"]
    assert [len(ranking.broken_rules(o)) for o in ranking] == [0, 0, 1, 2]


def test_order_is_by_points_for_everyones_good():
    """0, -2 and -50 for the household; a place in the first costs others 10: it comes second."""
    problem = scarce([adults("H"), adults("I")], 0, 2)
    ranking = rank(problem, "H", priced(problem, 10, 0, 0))
    assert [(o.municipality, o.net) for o in ranking] == [
        ("0002", -2),
        ("0001", -10),
        ("0009", -50),
    ]
    assert ranking.priced


def test_own_points_decide_among_those_equal_to_a_whole_point():
    """-0.4 and 0 both round to 0: the household's own 0 goes before its own -5."""
    problem = scarce([adults("H"), adults("I")], 5, 0)
    ranking = rank(problem, "H", priced(problem, -5, 0.4, 0))
    assert [(o.municipality, o.net) for o in ranking.allowed[:2]] == [("0002", -0.4), ("0001", 0)]


def test_own_rank_counts_the_allowed_by_own_points_and_is_none_for_the_barred():
    """Own points 0 (ruled out), -2, -4, -50: the three allowed are 1, 2, 3 whatever they cost."""
    problem = scarce([adults("H", bans=ban("0001")), adults("I")], 0, 2, 4)
    ranking = rank(problem, "H", priced(problem, 0, 99, 0, 0))
    own = {o.municipality: o.own_rank for o in ranking}
    assert own == {"0001": None, "0002": 1, "0003": 2, "0009": 3}
    assert numbers(ranking.allowed) == ["0003", "0009", "0002"]


def test_by_term_dispersion_and_cost_add_up_to_the_net():
    """A couple: 4 days cost 8, the earlier proposal gives 5, two places at 3 cost 6: -9."""
    couple = adults("H", 2)
    towns = [place("0001", 2, 4), place("0002", 9, 0)]
    problem = made([couple, adults("I")], towns, earlier=[("H", "0001")])
    option = rank(problem, "H", priced(problem, 3, 0)).option("0001")
    assert option.by_term == {"speed": -8, "stability": 5}
    assert option.points == -3
    assert option.cost["places_this_year"] == 6
    assert option.net == -9


def test_open_and_left_are_least_of_year_and_present_beside_the_others():
    """Open 5 and 3: 3; the household's own two do not count, the other's one does: 2 left."""
    ledger = known(decided=5, receive_now=3)
    problem = made(
        [adults("H", 2), adults("I")], [place("0001", 0, ledger=ledger), place("0002", 4)]
    )
    ranking = rank(problem, "H", choice=chosen(0, 0))
    assert [(o.open_places, o.left) for o in ranking] == [(3, 2), (4, 4)]
    assert ranking.planned_municipality == "0001"
    assert all(o.left is None for o in rank(problem, "H"))
    assert rank(problem, "H", choice=chosen(None, 0)).planned_municipality is None


def test_places_left_are_never_below_0():
    """Three in a place for two: a plan that breaks the rule leaves nothing, not less."""
    problem = made([adults("H"), adults("I", 3)], [place("0001", 2)])
    assert rank(problem, "H", choice=chosen(None, 0)).option("0001").left == 0


def test_an_operators_own_probability_has_no_interval():
    """Own for one municipality, the published model for the other."""
    own = PairProbabilities(np.array(["H"]), np.array(["0001"]), np.array([0.8]))
    problem = made([adults("H")], [place("0001", 9), place("0002", 9)], probabilities=own)
    ranking = rank(problem, "H")
    first, second = ranking.option("0001"), ranking.option("0002")
    assert (first.stay, first.stay_low, first.stay_high) == (0.8, None, None)
    assert second.stay_low < second.stay < second.stay_high


def test_linked_households_are_ranked_together_and_found_by_either():
    """A couple and a family of three: five persons; too many for four places."""
    problem = made(
        [adults("H", 2), adults("I", 3)],
        [place("0001", 4), place("0002", 5, 1)],
        links=[("H", "I")],
    )
    one, other = rank(problem, "H"), rank(problem, "I")
    assert one.household == other.household == "H+I"
    assert list(one) == list(other)
    assert numbers(one.allowed) == ["0002"]
    assert one.option("0002").points == -5


def test_a_household_that_is_not_in_the_queue_is_named():
    """The error shows the identifier that was asked about."""
    with pytest.raises(UnknownHouseholdError, match="H-9"):
        rank(made([adults("H")], [place("0001", 9)]), "H-9")


def test_earliest_is_the_latest_of_the_household_and_the_municipality():
    """The household can move in 6 days; municipalities in 2 and 9: 6 and 9."""
    queue = [adults("H", earliest_move=TODAY + timedelta(days=6))]
    ranking = rank(made(queue, [place("0001", 9, 2), place("0002", 9, 9)]), "H")
    assert [(o.earliest - TODAY).days for o in ranking] == [6, 9]


def test_equal_points_of_other_parts_are_equal_options():
    """0.3 at once and 0.1 with 0.2: no option is better by what computers make of tenths."""
    policy = PLAIN.with_term("speed", person_days_per_stayer=10_000.0)
    policy = policy.with_term("stability", threshold=0.1)
    towns = [place("0001", 9, 3), place("0002", 9, 2)]
    problem = made([adults("H")], towns, policy, earlier=[("H", "0001")])
    first, second = (rank(problem, "H").option(n) for n in ("0001", "0002"))
    assert first.points == second.points == -0.2


def test_dispersion_without_a_plan_is_what_the_first_person_placed_would_bring():
    """Nine of ten used there, one of ten here: going there costs, going here gains."""
    there = place("0001", 0, ledger=known(decided=10, settled=8))
    here = place("0002", 0, ledger=known(decided=10, settled=0))
    problem = made([adults("H"), adults("I")], [there, here], PLAIN.with_term("plan_adherence"))
    spread = {o.municipality: o.dispersion["plan_adherence"] for o in rank(problem, "H")}
    assert spread["0001"] < 0 < spread["0002"]


@pytest.mark.parametrize("policy", [None, EVERYTHING], ids=["default", "everything"])
@pytest.mark.parametrize("seed", range(9))
def test_options_are_the_numbers_of_the_program(seed, policy):
    """Allowed, points and parts equal what solvers see; the parts add up to the net."""
    problem, choice = random_case(seed, policy)
    program, prices = problem.program, price_places(problem, choice)
    for unit, name in enumerate(problem.households.id):
        for option in rank(problem, str(name).split("+")[0], prices, choice):
            j = problem.municipality_row(option.municipality)
            assert option.allowed == program.feasible_pairs[unit, j]
            assert option.points == program.pair_values[unit, j] / STEPS_PER_POINT
            parts = {
                k: np.broadcast_to(v, program.shape)[unit, j] for k, v in program.terms[2].items()
            }
            assert option.by_term == {k: v / STEPS_PER_POINT for k, v in parts.items()}
            charged = prices.charge(program, np.array([unit]))[0, j]
            assert option.net == pytest.approx(option.points - charged)
            assert sum(option.cost.values()) >= 0


@pytest.mark.parametrize("seed", range(9))
def test_order_holds_on_random_queues(seed):
    """Allowed, then whole points, then own points, among the allowed; ranks count from 1."""
    problem, choice = random_case(seed)
    prices = price_places(problem, choice)
    for name in problem.households.id:
        ranking = rank(problem, str(name).split("+")[0], prices, choice)
        keys = [(-round(o.net), -o.points) for o in ranking.allowed]
        barred = [len(ranking.broken_rules(o)) for o in ranking if not o.allowed]
        assert keys == sorted(keys)
        assert barred == sorted(barred)
        assert [o.rank for o in ranking] == list(range(1, len(ranking) + 1))
        assert [o.allowed for o in ranking] == sorted((o.allowed for o in ranking), reverse=True)
        own = sorted(ranking.allowed, key=lambda o: o.own_rank)
        assert [o.own_rank for o in own] == list(range(1, len(own) + 1))
        assert all(a.points >= b.points for a, b in pairwise(own))


def test_places_left_equal_the_places_minus_the_others_one_by_one():
    """Counted household by household on random queues, without the household itself."""
    for seed in range(9):
        problem, choice = random_case(seed)
        size = problem.households.size
        for unit, name in enumerate(problem.households.id):
            for option in rank(problem, str(name).split("+")[0], choice=choice):
                j = problem.municipality_row(option.municipality)
                ledger = problem.instance.municipalities[j].ledger
                now = ledger.open if ledger.receive_now is None else ledger.receive_now
                there = [i for i in np.flatnonzero(choice == j) if i != unit]
                assert option.open_places == max(0, min(ledger.open, now))
                assert option.left == max(0, option.open_places - int(size[there].sum()))
    assert UNPLACED in choice


def test_a_frame_has_a_row_for_each_municipality_and_names_what_bars_it():
    """Two rules, one rule, none."""
    towns = [place("0001", 0), place("0002", 9), place("0003", 9)]
    problem = made([adults("H", bans=ban("0001", "0002"))], towns)
    frame = rank(problem, "H").to_frame().set_index("municipality")
    assert dict(frame["broken"]) == {"0003": "", "0002": "ban", "0001": "ban;places_this_year"}
    assert list(frame["points.speed"]) == [0, 0, 0]


def test_a_child_is_counted_with_the_household():
    """A grown person and a child of three: a child's day weighs one and a half."""
    family = adults("H")
    family = type(family)("H", family.ready_since, (*family.members, person(id="c", age=3)))
    problem = made([family], [place("0001", 9, 2)])
    assert rank(problem, "H").option("0001").by_term["speed"] == -2 * 2.5
