"""Which answer would change a ranking most, against ranking the answered household afresh."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import Policy, Problem
from matcher.domain import Answer, Household, LivingSituation, Person, Upbringing
from matcher.domain.errors import UnknownHouseholdError
from matcher.problem.prices import Prices
from matcher.ranking.open_questions import find_open_questions
from matcher.ranking.price_list import PriceList
from matcher.ranking.question_sentences import mapping_sentences, question_facts
from matcher.ranking.rank import rank
from tests.policy.rules.asked import household, person
from tests.random_instances import random_instance
from tests.ranking.cases import PLAIN, made, place

ASKED = PLAIN.with_rule("lar").with_rule("crisis_setup").with_term("rural_or_urban")
LAR = {"lar": Answer.YES}
TOWNS = [
    place("0001", 9, days=1),
    *(place(f"000{k}", 9, days=k, **LAR, crisis_setup=Answer.YES) for k in range(2, 5)),
    *(place(f"000{k}", 9, days=k, crisis_setup=Answer.YES) for k in range(5, 9)),
]
"""The first is best and has nothing; three have LAR, seven a crisis set-up."""


def known(**facts) -> Person:
    """A grown person of whom all is known but what is given."""
    answers = ("upper_secondary", "lar", "step_free", "specialist_care", "special_schooling")
    others = ("study_hopes", "interpreter", "hospital", "licence")
    no = dict.fromkeys((*answers, *others), Answer.NO)
    return person(**{**no, "languages": ("ar",), **facts})


def mapped(*members: Person, **facts) -> Household:
    """A household of which all is known but what is given."""
    no = {"crisis_setup": Answer.NO, "upbringing": Upbringing.URBAN}
    return household(*members, **{**no, **facts})


def test_the_answer_that_moves_most_comes_first():
    """LAR leaves three of eight, and two of the five best; a crisis set-up all but the best."""
    unit = mapped(known(lar=Answer.UNKNOWN), id="A", crisis_setup=Answer.UNKNOWN)
    asked = find_open_questions(made([unit], TOWNS, ASKED), "A")
    lar, crisis = asked.questions
    assert (lar.fact, crisis.fact) == ("lar", "crisis_setup")
    assert (lar.yes.barred, lar.yes.replaced, lar.yes.first) == (5, 2, "0002")
    assert (crisis.yes.barred, crisis.yes.replaced, crisis.yes.first) == (1, 1, "0002")
    assert lar.yes.changes_first
    assert lar.yes.loss is None, "what is best now would be barred"
    for question in asked.questions:
        assert (question.no.barred, question.no.first, question.no.loss) == (0, "0001", 0)


@pytest.mark.parametrize(
    ("living", "nb", "en"),
    [
        (LivingSituation.RECEPTION_CENTRE, "Spør mottaket om noen", "Ask the reception centre"),
        (LivingSituation.UNKNOWN, "Avklar om noen", "Find out whether anyone"),
    ],
)
def test_the_sentence_says_whom_to_ask_what_and_what_for(living, nb, en):
    """In both languages, with the number and the name."""
    unit = mapped(known(lar=Answer.UNKNOWN), id="A", living=living)
    asked = find_open_questions(made([unit], TOWNS, ASKED), "A")
    _, norwegian = mapping_sentences(asked, "nb")[-2:]
    _, english = mapping_sentences(asked, "en")[-2:]
    need = "trenger legemiddelassistert rehabilitering (LAR): hvis ja, faller 5 kommuner bort"
    assert norwegian == f"{nb} {need}, og Town 0002 kommer først."
    assert english.startswith(f"{en}")
    assert english.endswith("5 municipalities would fall away, and Town 0002 comes first.")


def test_nothing_is_asked_where_all_is_known_or_no_answer_matters():
    """A licence that changes nothing is unmapped, but no question."""
    asked = find_open_questions(made([mapped(known(sex="man"), id="A")], TOWNS, ASKED), "A")
    assert "licence" not in asked.unmapped
    assert not asked.questions
    unit = mapped(known(licence=Answer.UNKNOWN), id="A")
    asked = find_open_questions(made([unit], TOWNS, ASKED), "A")
    assert [q.matters for q in asked.questions] == [False]
    assert question_facts(asked)["questions"][0]["text"] is None
    assert "Ingen av svarene" in mapping_sentences(asked, "nb")[-1]


def test_an_answer_that_leaves_nothing_says_so():
    """Nowhere has LAR: with it, nowhere is left."""
    unit = mapped(known(lar=Answer.UNKNOWN), id="A")
    asked = find_open_questions(made([unit], [TOWNS[0], TOWNS[5]], ASKED), "A")
    assert (asked.questions[0].yes.first, asked.questions[0].yes.barred) == (None, 2)
    assert "none is left" in mapping_sentences(asked, "en")[-1]


def test_all_of_whom_it_is_not_known_get_the_answer_and_links_count_as_one():
    """Two linked households: what one needs, both need; who is known to be without stays so."""
    one = mapped(known(id="1", lar=Answer.NO), known(id="2", lar=Answer.UNKNOWN), id="A")
    other = mapped(known(id="3"), id="B", upbringing=Upbringing.UNKNOWN)
    problem = made([one, other], TOWNS, ASKED, links=(("A", "B"),))
    asked = find_open_questions(problem, "B")
    assert [h.id for h in asked.unit] == ["A", "B"]
    assert (asked.unmapped["lar"], asked.unmapped["upbringing"]) == (1, 1)
    assert asked.questions[0].yes.first == "0002"


def test_who_does_not_wait_has_no_questions():
    """The error names the household."""
    with pytest.raises(UnknownHouseholdError, match="nobody"):
        find_open_questions(made([mapped(known(), id="A")], TOWNS, ASKED), "nobody")


def answered(h, fact, answer):
    """A household with a fact answered wherever it is not known, in plain loops."""
    if fact == "upbringing":
        where = Upbringing.RURAL if answer is Answer.YES else Upbringing.URBAN
        return replace(h, upbringing=where) if h.upbringing is Upbringing.UNKNOWN else h
    if hasattr(h, fact):
        return replace(h, **{fact: answer}) if getattr(h, fact) is Answer.UNKNOWN else h
    members = [
        replace(p, **{fact: answer}) if getattr(p, fact) is Answer.UNKNOWN else p for p in h.members
    ]
    return replace(h, members=tuple(members))


@pytest.mark.parametrize("seed", range(25))
def test_each_answer_is_the_ranking_of_the_answered_household(seed):
    """Every question of every unit, asked anew with the fact in the files, at the same prices."""
    policy = Policy.default().with_rule("interpreter")
    problem = Problem.of(random_instance(seed, 5, 7, bars=0.5), policy)
    random = np.random.default_rng(seed)
    prices = PriceList.of(
        problem,
        Prices(
            tuple(random.uniform(0, 90, r.limit.shape) for r in problem.resources),
            tuple(random.uniform(-90, 90, s.base.shape) for s in problem.spreads),
        ),
    )
    for household_ in problem.instance.households:
        asked = find_open_questions(problem, household_.id, prices)
        assert list(asked.questions) == sorted(asked.questions, key=lambda q: q.size, reverse=True)
        now = rank(problem, household_.id, prices)
        for question in asked.questions:
            for answer, effect in ((Answer.YES, question.yes), (Answer.NO, question.no)):
                linked = {h.id for h in asked.unit}
                queue = tuple(
                    answered(h, question.fact, answer) if h.id in linked else h
                    for h in problem.instance.households
                )
                afresh = Problem.of(problem.instance.replace(households=queue), policy)
                then = rank(afresh, household_.id, prices)
                compared(now, then, effect)


def compared(now, then, effect):
    """What an answer is said to do is the difference of two rankings."""
    first_now, first = ([o.municipality for o in r.best(1)] or [None] for r in (now, then))
    assert [effect.first] == first
    assert effect.changes_first == (first_now != first)
    assert effect.barred == int((now.allowed_by_all & ~then.allowed_by_all).sum())
    best = {o.municipality for o in now.best(5)} - {o.municipality for o in then.best(5)}
    assert effect.replaced == len(best)
    kept = first_now != [None] and then.option(first_now[0]).allowed
    if effect.loss is not None:
        lost = then.best(1)[0].net - then.option(first_now[0]).net
        assert effect.loss == pytest.approx(lost)
    assert (effect.loss is not None) == kept
