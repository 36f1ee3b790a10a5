"""What all effects of the pair have in common: room, size, interval, and what is shown."""

import numpy as np
import pytest
from hypothesis import given

from matcher import Policy, Problem
from matcher.domain import Answer, OutMigrationQuartile, PairProbabilities
from matcher.domain.errors import PolicyError
from matcher.domain.reason import Reason
from matcher.policy.catalogue import load_catalogue
from matcher.policy.pair_effect import PairEffect, select_pair_effects
from matcher.policy.reason_texts import render_reason
from matcher.stay import StayModel
from tests.policy.terms.effects_asked import ROOM, asked, grown, household, person, place
from tests.strategies import nights

EFFECTS = [
    e.rule_type for e in load_catalogue().entries.values() if issubclass(e.rule_type, PairEffect)
]
EVERY = Policy.default().with_term("language_community")
SICK = grown(hospital=Answer.YES)
TOWN = place("0001", hospitals=("Big",))
REMOTE = place("0002", hospitals=("Far",), quartile=OutMigrationQuartile.HIGH, continuous=Answer.NO)


def test_there_are_ten():
    """Each with an interval around its size that it can be argued with."""
    assert len(EFFECTS) == 10
    for effect in (shape() for shape in EFFECTS):
        assert 0 < effect.size < 1
        assert effect.low < effect.size < effect.high, effect.id
        assert effect.basis == "expert prior"
        assert "Fafo 2025:14" in effect.source


def test_points_grow_with_the_room_the_size_and_the_persons():
    """Room 0.21, and 0.21 + 0.35 + 0.03 where most leave: a good match has more to win there."""
    one = asked("hospital_nearby", SICK, TOWN, REMOTE, size=0.1, low=0, high=1)
    assert one.all("points") == [pytest.approx([1000 * 0.1 * ROOM, 1000 * 0.1 * 0.59])]
    pair = household(person(hospital=Answer.YES), person(id="2"))
    two = asked("hospital_nearby", pair, TOWN, REMOTE, size=0.2, low=0, high=1)
    assert two.all("points") == [pytest.approx([4 * 21, 4 * 59])]


def test_the_room_is_that_of_the_policy_s_horizon():
    """Within five years fewer move: 0.13 instead of 0.21."""
    policy = Policy("x").with_term("stay", years=5).with_term("hospital_nearby")
    problem = Problem.of(asked("hospital_nearby", SICK, TOWN).problem.instance, policy)
    assert problem.program.terms[2]["hospital_nearby"].tolist() == [[100 * 130]]


def test_room_is_never_below_nothing_or_above_everyone():
    """However the effects of a municipality add up."""
    best = place("0003", centrality=1, population=500_000)
    worst = place("0004", centrality=6, population=500, quartile=OutMigrationQuartile.HIGH)
    room = StayModel().reference_moving(
        asked("hospital_nearby", SICK, best, worst).problem.municipalities
    )
    assert ((room >= 0) & (room <= 1)).all()
    assert room[0] < room[1]


def test_an_own_model_has_seen_the_pair_itself():
    """Nothing is added where an operator's probability stands, and all elsewhere."""
    own = PairProbabilities(np.array(["H"]), np.array(["0001"]), np.array([0.4]))
    one = asked("hospital_nearby", SICK, TOWN, REMOTE, probabilities=own)
    assert one.all("points") == [pytest.approx([0, 590])]


@pytest.mark.slow
@given(nights())
def test_what_is_shown_is_what_the_parts_add_up_to(night):
    """Person, municipality and every effect; the interval is no narrower for knowing less."""
    problem = Problem.of(night, EVERY)
    h, m = problem.households, problem.municipalities
    effects = select_pair_effects(problem.selection.terms)
    alone, whole = StayModel(), problem.stay_model
    added = sum(e.points(h, m) for e in effects) / 1000 / h.size[:, None]
    assert np.allclose(1 - whole.predict_moving(h, m), 1 - alone.predict_moving(h, m) + added)
    shown = whole.predict(h, m)
    assert np.allclose(shown.probability, np.clip(1 - whole.predict_moving(h, m), 0, 1))
    assert (shown.low <= shown.probability).all()
    assert (shown.probability <= shown.high).all()


@pytest.mark.slow
@given(nights())
def test_a_fit_lies_between_a_misfit_and_a_perfect_one(night):
    """For every effect, and nothing for those whom it does not concern."""
    problem = Problem.of(night, EVERY)
    h, m = problem.households, problem.municipalities
    for effect in select_pair_effects(problem.selection.terms):
        fit = effect.fit_scores(h, m)
        assert fit.shape == (len(h), len(m))
        assert (np.abs(fit) <= 1).all(), effect.id
        assert not effect.points(h, m)[~effect.concerns(h)].any()


@pytest.mark.slow
@given(nights())
def test_one_unit_is_asked_as_all_are(night):
    """Taken alone, a unit has the same points, to the bit."""
    problem = Problem.of(night, EVERY)
    h, m = problem.households, problem.municipalities
    for effect in select_pair_effects(problem.selection.terms):
        every = effect.points(h, m)
        for i in range(len(h)):
            assert effect.points(h.take([i]), m).tobytes() == every[i : i + 1].tobytes()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size": 0.5}, "give low and high around the size"),
        ({"size": 0.1, "low": 0.2}, "give low and high around the size"),
        ({"size": float("nan")}, "give low and high"),
        ({"size": -0.1, "low": -0.2}, "give a share from 0 to 1"),
        ({"neutral_minutes": 0}, "give a number above 0"),
        ({"basis": "guess"}, "expert prior"),
    ],
)
def test_impossible_sizes_are_refused(given, message):
    """With what to give instead."""
    with pytest.raises(PolicyError, match=message):
        Policy("x").with_term("hospital_nearby", **given).build_rules()


def test_an_estimate_widens_what_is_shown_less_than_a_guess():
    """The interval of the size is part of the interval that is shown."""

    def width(low, high):
        one = asked("hospital_nearby", SICK, TOWN, size=0.1, low=low, high=high)
        shown = one.problem.stay_model.predict(*one.tables)
        return shown.high - shown.low

    assert width(0.09, 0.11) < width(-0.5, 0.7)


@pytest.mark.parametrize(
    ("effect", "nb", "en"), [(0.021, "+0,02", "+0.02"), (-0.004, "−0,004", "-0.004"), (0, "0", "0")]
)
def test_what_an_effect_adds_is_written_with_its_sign(effect, nb, en):
    """Two decimals, three for what would else be nothing; no sign for nothing."""
    reason = Reason("north.wanted", {"effect": effect})
    assert nb in render_reason(reason, "nb")
    assert en in render_reason(reason, "en")
