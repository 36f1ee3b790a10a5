"""Decisions are used evenly over municipalities."""

import pytest

from matcher.domain.errors import PolicyError
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town


def towns(*ledgers):
    return [
        town(f"000{k}", ledger=known(decided=d, settled=s, promised=p))
        for k, (d, s, p) in enumerate(ledgers)
    ]


def queue(persons):
    return [household(id=f"H{k}") for k in range(persons)]


def test_targets_bring_every_municipality_to_the_country_s_pace():
    """10 of 40 used and 10 to place: the pace is a half, so 10 of 20, 5 of 10, 5 of 10.

    The first has used 4, so 6 more; the second 6, one too many; the third none, so 5. Slack is a
    tenth of the decision: 2, 1 and 1 persons. At nothing placed the first costs 2 within the
    slack and 4 beyond: (2 + 4 * 2) * 30 = 300 points; the second 30, its slack used up; the
    third (1 + 4 * 2) * 30 = 270.
    """
    places = towns((20, 2, 2), (10, 6, 0), (10, 0, 0))
    asked = ask("plan_adherence", queue(10), places, stayers_per_person=0.03, slack=0.1, steep=2.0)
    cost = asked.shape.cost(*asked.tables)
    assert cost.breakpoint[:, 0].tolist() == [[4, 6, 8], [0, 0, 0], [4, 5, 6]]
    assert cost.base[:, 0] == pytest.approx([300, 30, 270])


def test_pace_is_never_above_the_whole():
    """A queue larger than all places: everyone is asked to use the decision, not more."""
    places = towns((10, 0, 0), (5, 1, 0))
    asked = ask("plan_adherence", queue(40), places, slack=0.0)
    assert asked.shape.cost(*asked.tables).breakpoint[:, 0, 1].tolist() == [10, 4]


def breakpoints(asked):
    """Low, target and high of every municipality."""
    return asked.shape.cost(*asked.tables).breakpoint[:, 0, :].tolist()


@pytest.mark.parametrize("decided", [5, 15, 25, 35, 45])
def test_slack_of_half_a_person_is_one_whether_the_target_is_even_or_odd(decided):
    """A tenth of 5 is 0.5, of 15 is 1.5 and so on: upwards, on both sides of every target."""
    slack, seen = (decided + 5) // 10, set()
    for persons in range(2 * slack, 2 * decided - 2 * slack, 2):
        places = towns((decided, 0, 0), (decided, 0, 0))
        for low, target, high in breakpoints(ask("plan_adherence", queue(persons), places)):
            assert (target - low, high - target) == (slack, slack)
            seen.add(target % 2)
    assert seen == {0, 1}


@pytest.mark.parametrize("persons", range(1, 22, 2))
def test_a_target_of_exactly_half_a_person_is_rounded_upwards(persons):
    """Two alike share an odd number: each aims at the half above."""
    places = towns((40, 0, 0), (40, 0, 0))
    for _, target, _ in breakpoints(ask("plan_adherence", queue(persons), places, slack=0)):
        assert target == (persons + 1) // 2


def test_a_municipality_without_a_decision_is_left_out():
    """Nothing to be ahead of or behind; and a country without any decision is no error."""
    asked = ask("plan_adherence", queue(2), towns((10, 0, 0), (0, 0, 0)))
    assert asked.shape.group(asked.tables[1]).tolist() == [0, -1]
    assert ask("plan_adherence", queue(2), towns((0, 0, 0))).problem.program.spreads


def test_persons_are_counted_not_households():
    """A household of three adds three."""
    asked = ask(
        "plan_adherence", household(*(person(id=str(k)) for k in range(3))), towns((9, 0, 0))
    )
    assert asked.shape.use(*asked.tables).tolist() == [[3]]
    assert asked.told() == ("plan_adherence.used", {"used": 0, "decided": 9})


@pytest.mark.parametrize(
    ("name", "value"), [("steep", 0.5), ("slack", -0.1), ("stayers_per_person", -1)]
)
def test_costs_that_bulge_are_refused(name, value):
    """A cost less steep beyond the slack is not convex, and no solver could prove a plan."""
    with pytest.raises(PolicyError, match=f"{name} is {value}"):
        ask("plan_adherence", queue(1), towns((9, 0, 0)), **{name: value})


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(value):
    """TOML knows nan and inf; a policy does not."""
    with pytest.raises(PolicyError, match=r"steep is (nan|inf)"):
        ask("plan_adherence", queue(1), towns((9, 0, 0)), steep=value)
