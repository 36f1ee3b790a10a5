"""A gain in expected stayers taken apart: placing, filling, and matching where there is any."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher import Instance, Policy, Problem
from matcher.analysis.compare import gain_between, measure
from matcher.analysis.summary import gain_sentences
from matcher.domain import Answer, HouseholdType, PairProbabilities, Person, Sex
from matcher.policy.catalogue import load_catalogue
from matcher.policy.pair_effect import PairEffect
from matcher.policy.reason_texts import render_reason
from matcher.ranking.rank import rank
from matcher.stay import StayModel
from matcher.stay.gain_decomposition import decompose_gain
from matcher.stay.model import abstains, predict_plan
from matcher.stay.persons import nothing_known
from matcher.texts import LANGUAGES
from tests.policy.rules.asked import TODAY, household, person
from tests.policy.terms.effects_asked import north_of, place
from tests.random_instances import random_instance
from tests.strategies import nights

EFFECTS = [e.id for e in load_catalogue().entries.values() if issubclass(e.rule_type, PairEffect)]


def plans(problem: Problem, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Two plans drawn at random, whatever rules say, with some left out."""
    random = np.random.default_rng(seed)
    shape = len(problem.households)
    first, second = random.integers(-1, len(problem.municipalities), size=(2, shape))
    return first, second


def unclipped(model: StayModel, problem: Problem, choice: np.ndarray) -> float:
    """Expected stayers of a plan by the model, pair by pair, of whom anything is known."""
    h, m = problem.households, problem.municipalities
    placed = np.flatnonzero((choice >= 0) & ~nothing_known(h))
    return float((h.size[placed] * (1 - model.predict_moving(h, m))[placed, choice[placed]]).sum())


@pytest.mark.slow
@given(nights(), st.integers(0, 99))
def test_the_parts_add_up_to_the_whole(night, seed):
    """However two plans differ, every stayer more or less has one cause."""
    problem = Problem.of(night)
    model, (first, second) = problem.stay_model, plans(problem, seed)
    parts = decompose_gain(model, problem.households, problem.municipalities, first, second)
    whole = unclipped(model, problem, second) - unclipped(model, problem, first)
    assert parts.total == pytest.approx(whole, abs=1e-9)
    for part in (parts.placing, parts.filling, parts.matching):
        assert part.low <= part.value <= part.high


@pytest.mark.slow
@given(nights(), st.integers(0, 99))
def test_without_effects_of_the_pair_nothing_comes_from_matching(night, seed):
    """Exactly nothing, and certainly: an additive model cannot match."""
    problem = Problem.of(night, Policy.default().without(*EFFECTS))
    first, second = plans(problem, seed)
    parts = decompose_gain(
        problem.stay_model, problem.households, problem.municipalities, first, second
    )
    assert (parts.matching.value, parts.matching.low, parts.matching.high) == (0, 0, 0)


@pytest.mark.slow
@given(nights(), st.integers(0, 99))
def test_the_same_persons_in_each_place_gain_nothing_from_placing_or_filling(night, seed):
    """Who of equal size goes where is all matching."""
    alone = tuple(replace(h, members=h.members[:1]) for h in night.households)
    problem = Problem.of(night.replace(households=alone, links=()))
    first, _ = plans(problem, seed)
    placed = np.flatnonzero(first >= 0)
    second = first.copy()
    second[placed] = np.random.default_rng(seed).permutation(first[placed])
    parts = decompose_gain(
        problem.stay_model, problem.households, problem.municipalities, first, second
    )
    for part in (parts.placing, parts.filling):
        assert [part.value, part.low, part.high] == pytest.approx([0, 0, 0], abs=1e-9)


def test_in_a_world_without_effects_of_the_pair_what_happens_shows_no_matching():
    """Stays drawn from the additive model: what comes beyond placing and filling is chance.

    The second plan is the best one by effects that the world does not have.
    """
    night = random_instance(3, 60, 4, bars=0.2)
    believed, true = Problem.of(night), StayModel()
    h, m = believed.households, believed.municipalities
    first, _ = plans(believed, 1)
    gained = sum(t.points(h, m) for t in believed.selection.terms if t.id in EFFECTS)
    second = np.asarray(np.argmax(gained, axis=1))
    parts = decompose_gain(believed.stay_model, h, m, first, second)
    assert parts.matching.value > 1, "those who believe in the effects expect something"
    chance = np.clip(1 - true.predict_moving(h, m), 0, 1)
    random, found = np.random.default_rng(5), []
    additive = decompose_gain(true, h, m, first, second)
    for _ in range(300):
        stays = random.random(chance.shape) < chance
        happened = sum(
            sign * (h.size * stays[np.arange(len(h)), plan])[plan >= 0].sum()
            for sign, plan in ((1, second), (-1, first))
        )
        found.append(happened - additive.placing.value - additive.filling.value)
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found)) < 3 * error


def test_an_effect_estimated_as_nothing_leaves_matching_nothing_within_its_interval():
    """Size 0, give or take: the gain is 0, and its interval covers 0 on both sides."""
    night = random_instance(3, 30, 4, bars=0.2)
    policy = Policy.default().without(*EFFECTS)
    policy = policy.with_term("rural_or_urban", size=0.0, low=-0.1, high=0.1, basis="estimated")
    problem = Problem.of(night, policy)
    parts = decompose_gain(
        problem.stay_model, problem.households, problem.municipalities, *plans(problem, 2)
    )
    assert parts.matching.value == 0
    assert parts.matching.low < 0 < parts.matching.high


HERE, FAR = place("0001", hospitals=("Big",)), north_of(120)


def two() -> Problem:
    """A patient and someone else, and two towns alike but for the way to the hospital."""
    queue = (household(person(hospital=Answer.YES), id="P"), household(id="E"))
    policy = Policy("x").with_term("hospital_nearby")
    return Problem.of(Instance(TODAY, queue, (HERE, FAR)), policy)


def test_matching_by_hand():
    """The patient moves from two hours away (-1) to next door (1): 2 * 0.10 * 0.21 stayers.

    The size is known to lie within 0.02 and 0.20, so the gain within 0.09 / 0.10 of it.
    """
    problem = two()
    parts = decompose_gain(
        problem.stay_model,
        problem.households,
        problem.municipalities,
        np.array([1, 0]),
        np.array([0, 1]),
    )
    assert parts.matching.value == pytest.approx(0.042)
    assert parts.matching.high - parts.matching.value == pytest.approx(0.042 * 0.9)
    assert parts.filling.value == pytest.approx(0)


def test_an_operator_s_own_table_is_taken_apart_as_well():
    """0.9 and 0.5 against 0.5 and 0.3: the second place is worse by 0.3, and the pair is 0.05."""
    rows = [("P", "0001", 0.9), ("P", "0002", 0.5), ("E", "0001", 0.5), ("E", "0002", 0.3)]
    names, numbers, chances = (np.array(c) for c in zip(*rows, strict=True))
    problem = two()
    own = PairProbabilities(names, numbers, chances.astype(float))
    problem = Problem.of(problem.instance.replace(probabilities=own), problem.policy)
    parts = decompose_gain(
        problem.stay_model,
        problem.households,
        problem.municipalities,
        np.array([1, 0]),
        np.array([0, 1]),
    )
    assert parts.total == pytest.approx(0.9 + 0.3 - 0.5 - 0.5)
    assert parts.matching.value == pytest.approx(4 * 0.05)
    assert parts.filling.value == pytest.approx(0)
    for part in (parts.placing, parts.filling, parts.matching):
        assert (part.low, part.high) == (None, None), "no interval, not one without width"


def owned(*rows: tuple[str, str, float]) -> Problem:
    """The patient and someone else, with an operator's own probabilities for some pairs."""
    names, numbers, chances = (np.array(c) for c in zip(*rows, strict=True))
    problem = two()
    own = PairProbabilities(names, numbers, chances.astype(float))
    return Problem.of(problem.instance.replace(probabilities=own), problem.policy)


@pytest.mark.parametrize(
    ("first", "second", "given"),
    [
        ([1, 0], [0, 0], False),
        ([1, 0], [1, 1], True),
        ([1, 0], [-1, 0], False),
        ([-1, -1], [-1, 0], True),
        ([1, 0], [1, 0], True),
    ],
)
def test_a_gain_has_an_interval_only_where_no_own_probability_is_part_of_it(first, second, given):
    """The patient has own probabilities; what happens to someone else alone has an interval."""
    problem = owned(("P", "0001", 0.9), ("P", "0002", 0.5))
    gain = gain_between(problem, np.array(first), np.array(second))
    assert gain.with_interval == given
    for part in ("placing", "filling", "matching"):
        ends = [gain.to_dict()[part][end] for end in ("low", "high")]
        assert (None not in ends) if given else ends == [None, None]
    words = ("kan ikke oppgis", " til "), ("can be given", " to ")
    for language, (refused, joined) in zip(LANGUAGES, words, strict=True):
        text = "\n".join(gain_sentences(gain, language))
        assert (refused in text) == (not given)
        assert (joined in text) == given
        assert ("95 %" in text) == given


def blank(name: str, size: int = 1):
    """A household of which nothing is known."""
    return household(*(Person(f"{name}{k}") for k in range(size)), id=name)


def test_the_model_abstains_where_nothing_is_known_of_the_persons():
    """One fact of one member is enough; the objective counts the municipality all the same."""
    known = household(Person("K0"), Person("K1", sex=Sex.WOMAN), id="K")
    typed = household(Person("T0"), Person("T1"), id="T", type=HouseholdType.COUPLE)
    queue = (blank("A"), blank("B", 3), known, typed)
    problem = Problem.of(Instance(TODAY, queue, (HERE, FAR)), Policy("x").with_term("stay"))
    h, m = problem.households, problem.municipalities
    assert nothing_known(h).tolist() == [True, True, False, False]
    prediction = problem.stay_model.predict(h, m)
    for column in (prediction.probability, prediction.low, prediction.high):
        assert np.isnan(column).all(axis=1).tolist() == [True, True, False, False]
    (points,) = problem.program.terms[2].values()
    assert (
        points[0].tolist() == (1000 * problem.stay_model.reference_stay(m) * 1000).round().tolist()
    )
    option = rank(problem, "A").option("0001")
    assert (option.stay, option.stay_low, option.stay_high) == (None, None, None)
    reason = rank(problem, "A").reasons(option)["stay"]
    assert reason.code == "stay.nothing_known"
    assert "ikke kjent noe om personene" in render_reason(reason, "nb")
    measured = measure(problem, np.array([0, 0, 1, -1]))
    assert measured.unknown == 4
    assert measured.stayers == pytest.approx(2 * prediction.probability[2, 1])


def test_an_operators_own_probability_is_shown_where_nothing_is_known():
    """The model abstains, the operator does not."""
    own = PairProbabilities(np.array(["A"]), np.array(["0001"]), np.array([0.4]))
    instance = Instance(TODAY, (blank("A"),), (HERE, FAR), probabilities=own)
    problem = Problem.of(instance, Policy("x").with_term("stay"))
    prediction = problem.stay_model.predict(problem.households, problem.municipalities)
    assert prediction.probability[0, 0] == 0.4
    assert np.isnan(prediction.probability[0, 1])
    assert not abstains(problem.households)[0]


@pytest.mark.slow
@given(nights(), st.integers(0, 99))
def test_pairs_of_a_plan_are_predicted_as_in_the_whole_table(night, seed):
    """And those who are not placed are not predicted."""
    problem = Problem.of(night)
    h, m, model = problem.households, problem.municipalities, problem.stay_model
    choice, _ = plans(problem, seed)
    found, whole = predict_plan(model, h, m, choice), model.predict(h, m)
    placed = np.flatnonzero(choice >= 0)
    assert np.isnan(found.probability[choice < 0]).all()
    assert found.outside_range.tolist() == whole.outside_range.tolist()
    for name in ("probability", "low", "high"):
        wanted = getattr(whole, name)[placed, choice[placed]]
        assert getattr(found, name)[placed] == pytest.approx(wanted, abs=1e-12)
