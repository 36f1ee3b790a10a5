"""What must not matter does not, and what must only help or only hurt does only that."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import Policy, Problem, StopCriteria, solve
from matcher.domain import (
    Answer,
    Ban,
    BanReason,
    FamilyTie,
    ImmigrationGround,
    Placement,
    Plan,
    Sex,
)
from tests.strategies import SERVICES, nights, with_persons

EVERYTHING = (
    Policy.default()
    .with_rule("interpreter")
    .with_term("concentration", persons=2)
    .with_term("alone_in_language")
    .with_term("immigrant_share")
    .with_term("language_community", size=0.08, persons=20)
    .with_term("wishes", stayers_per_wish=0.05, owner="the test")
)
WITHOUT_DISPERSION = Policy.default().without(
    "plan_adherence", "landsdel_share", "centrality_share", "fair_shares"
)


def best(instance, policy=None):
    """Both levels of a proven optimum."""
    score = solve(Problem.of(instance, policy), backend="highs", stop=StopCriteria(60, 0)).score
    return score.weight, score.value


@pytest.mark.slow
@given(nights(), st.randoms(use_true_random=False))
def test_order_of_households_and_municipalities_does_not_matter(night, random):
    """The optimal values are the same to the thousandth."""
    queue, towns = list(night.households), list(night.municipalities)
    random.shuffle(queue)
    random.shuffle(towns)
    # A hospital of one name in two municipalities lies in the last of them; keep that order.
    towns.sort(key=lambda m: night.municipalities.index(m) if m.hospitals else -1)
    shuffled = night.replace(households=tuple(queue), municipalities=tuple(towns))
    assert best(shuffled) == best(night)


@pytest.mark.slow
@given(nights())
def test_names_do_not_matter(night):
    """Households and municipalities under other identifiers: same values."""

    def moved(number):
        return None if number is None else f"9{number[1:]}"

    def renamed(h):
        return replace(
            h,
            id=f"other {h.id}",
            pinned_to=moved(h.pinned_to),
            bans=tuple(Ban(moved(b.municipality), b.reason) for b in h.bans),
            family=tuple(FamilyTie(moved(t.municipality), t.must_hold) for t in h.family),
        )

    def renamed_plan(plan):
        moves = (Placement(f"other {p.household}", moved(p.municipality)) for p in plan)
        return Plan(tuple(moves))

    other = night.replace(
        households=tuple(map(renamed, night.households)),
        municipalities=tuple(
            replace(m, number=moved(m.number), name="elsewhere") for m in night.municipalities
        ),
        links=tuple((f"other {a}", f"other {b}") for a, b in night.links),
        earlier_plan=renamed_plan(night.earlier_plan),
        suggestions=renamed_plan(night.suggestions),
    )
    assert best(other) == best(night)


MORE_ROOM = {
    "a decided place": {"decided": 1},
    "a place now": {"receive_now": 1},
    "a place for a minor": {"minors_decided": 1},
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", MORE_ROOM)
@settings(max_examples=25)
@given(night=nights())
def test_one_more_place_never_lowers_the_value(kind, night):
    """Dispersion aside, whose targets follow the decisions."""
    first, *others = night.municipalities
    more = {
        name: None if (old := getattr(first.ledger, name)) is None else old + step
        for name, step in MORE_ROOM[kind].items()
    }
    richer = replace(first, ledger=replace(first.ledger, **more))
    after = night.replace(municipalities=(richer, *others))
    assert best(after, WITHOUT_DISPERSION) >= best(night, WITHOUT_DISPERSION)


@pytest.mark.slow
@settings(max_examples=25)
@given(nights())
def test_one_more_place_now_never_lowers_the_value_with_dispersion(night):
    """What can be received at present is no part of any target."""
    first, *others = night.municipalities
    if first.ledger.receive_now is not None:
        ledger = replace(first.ledger, receive_now=first.ledger.receive_now + 1)
        after = night.replace(municipalities=(replace(first, ledger=ledger), *others))
        assert best(after) >= best(night)


@pytest.mark.slow
@settings(max_examples=25)
@given(nights(), st.sampled_from(SERVICES), st.sampled_from([Answer.NO, Answer.UNKNOWN]))
def test_a_service_that_closes_never_raises_the_value(night, service, answer):
    """Nor one of which nothing is known any more."""
    first, *others = night.municipalities
    towns = [(replace(first, **{service: a}), *others) for a in (Answer.YES, answer)]
    at_hand, closed = (night.replace(municipalities=t) for t in towns)
    assert best(closed) <= best(at_hand)


@pytest.mark.slow
@settings(max_examples=25)
@given(nights(), st.sampled_from(BanReason))
def test_a_ban_never_raises_the_value(night, reason):
    """For whichever reason."""
    first, *others = night.households
    banned = (*first.bans, Ban(night.municipalities[0].number, reason))
    after = night.replace(households=(replace(first, bans=banned), *others))
    assert best(after) <= best(night)


TIGHTER = {
    "hospital": ("minutes", 90, 30),
    "dwellings": ("within_days", 90, 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("rule", TIGHTER)
@settings(max_examples=25)
@given(night=nights())
def test_a_tighter_parameter_never_raises_the_value(rule, night):
    """A shorter way to hospital, homes that must be free sooner."""
    name, wide, tight = TIGHTER[rule]
    policy = Policy.default()
    loose = best(night, policy.with_rule(rule, **{name: wide}))
    assert best(night, policy.with_rule(rule, **{name: tight})) <= loose


@pytest.mark.slow
@settings(max_examples=20)
@given(nights(), st.sampled_from(sorted(Policy.default().rules)))
def test_a_rule_switched_off_never_lowers_the_value(night, rule):
    """Each of them."""
    assert best(night, Policy.default().without(rule)) >= best(night)


def arrays(problem):
    """Every array that a solver sees, by name."""
    program = problem.program
    yield from (("allowed", program.allowed), ("fits", program.fits))
    yield from (("size", program.size), ("waited", program.days_waited))
    for level, terms in program.terms.items():
        yield from ((f"{level}.{name}", values) for name, values in terms.items())
    for part in (*program.resources, *program.spreads):
        for field in fields(part):
            if field.name != "id":
                yield f"{part.id}.{field.name}", getattr(part, field.name)


def assert_same(one, other):
    """To the bit, name by name."""
    one, other = dict(arrays(one)), dict(arrays(other))
    assert one.keys() == other.keys()
    for name, array in one.items():
        assert array.dtype == other[name].dtype, name
        assert array.tobytes() == other[name].tobytes(), name


@pytest.mark.slow
@given(
    night=nights(),
    sex=st.sampled_from(Sex),
    origin=st.sampled_from(["Syria", "Iran", "Ukraine", "unknown"]),
    ground=st.sampled_from(ImmigrationGround),
)
def test_sex_origin_and_ground_decide_nothing(night, sex, origin, ground):
    """Another sex, origin or ground for everyone changes no array of the program to the bit."""

    def other(person):
        return replace(person, sex=sex, origin=origin, ground=ground)

    changed = with_persons(night, other)
    assert_same(Problem.of(night, EVERYTHING), Problem.of(changed, EVERYTHING))


@pytest.mark.slow
@given(night=nights(), answer=st.sampled_from(Answer))
def test_collective_protection_decides_nothing(night, answer):
    """It is marked where it is shown, and nowhere else."""
    changed = with_persons(night, lambda p: replace(p, collective_protection=answer))
    assert_same(Problem.of(night, EVERYTHING), Problem.of(changed, EVERYTHING))


@pytest.mark.slow
@given(night=nights(), words=st.lists(st.sampled_from(["ar", "so", "ti", "uk"]), unique=True))
def test_language_decides_nothing_while_the_community_terms_are_off(night, words):
    """With the interpreter left to the telephone, as in the default policy."""
    changed = with_persons(night, lambda p: replace(p, languages=tuple(words)))
    assert_same(Problem.of(night), Problem.of(changed))


@pytest.mark.slow
@given(nights())
def test_where_a_need_is_missing_in_the_text_it_is_missing_in_the_program(night):
    """Someone of whom nothing at all is known is barred by budgets and decisions alone."""
    blank = with_persons(
        night, lambda p: replace(type(p)(id=p.id), age=p.age, unaccompanied=p.unaccompanied)
    )
    blank = blank.replace(
        households=tuple(replace(h, crisis_setup=Answer.UNKNOWN) for h in blank.households)
    )
    assert (Problem.of(blank).program.allowed >= Problem.of(night).program.allowed).all()


@pytest.mark.slow
@given(nights())
def test_values_are_whole_numbers(night):
    """Sums in any order are the same."""
    for name, array in arrays(Problem.of(night, EVERYTHING)):
        assert array.dtype.kind in "ib", name
        assert np.abs(array.astype(np.float64)).max(initial=0) < 2**62, name
