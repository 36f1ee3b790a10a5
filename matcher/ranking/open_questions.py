"""Which answer would change a household's ranking most: every open question, answered both ways.

A question is a fact that is not known. For each, the household is ranked as if the answer were yes
and as if it were no, at the same prices. How likely an answer is, is not known and does not count.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.household import Household, Upbringing
from matcher.domain.needs import HOUSEHOLD_NEEDS, PERSON_NEEDS
from matcher.domain.person import ImmigrationGround, Person, Sex
from matcher.domain.tables.array_types import IntArray
from matcher.domain.tables.build_households import build_household_table
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.vocabulary import split_unit
from matcher.problem.prices import Prices
from matcher.problem.problem import Problem
from matcher.problem.program import STEPS_PER_POINT
from matcher.ranking.options import RankingColumns
from matcher.ranking.price_list import PriceList, RulePrices
from matcher.ranking.rule_checks import RuleChecks
from matcher.stay.model import abstains

Unit = tuple[Household, ...]
PERSON_QUESTIONS = (
    *(need.id for need in PERSON_NEEDS),
    *("hospital", "study_hopes", "interpreter", "licence"),
)
HOUSEHOLD_QUESTIONS = (*(need.id for need in HOUSEHOLD_NEEDS), "upbringing")
STAY_FACTS = ("sex", "origin", "ground", "languages")
"""Facts of persons beside the age that are no question of yes or no."""
UPBRINGING = {Answer.YES: Upbringing.RURAL, Answer.NO: Upbringing.URBAN}
BEST = 5
"""Number of best municipalities whose change is counted."""


@dataclass(frozen=True, slots=True)
class AnswerEffect:
    """What one answer would do to a household's ranking.

    Parameters
    ----------
    barred : int
        Municipalities that are allowed now and would fall away.
    replaced : int
        Of the five best now, those that would not be among the five best.
    first, name : str or None
        Number and name of the municipality that would be best; None when none would be allowed.
    changes_first : bool
        Whether another municipality is best now.
    loss : float or None
        Points for everyone that would be lost by choosing the municipality that is best now; None
        when it would be barred, or when none is allowed now.
    """

    barred: int
    replaced: int
    first: str | None
    name: str | None
    changes_first: bool
    loss: float | None

    @property
    def size(self) -> tuple[int, int, float]:
        """How much changes: among the five best, then what falls away, then the points lost."""
        return self.replaced, self.barred, 0.0 if self.loss is None else self.loss


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A fact that is not known of a unit, and what either answer would do.

    Parameters
    ----------
    fact : str
        Name of the field, such as ``"lar"``; ``"upbringing"`` is yes for the countryside.
    yes, no : AnswerEffect
        If it holds for all of whom it is not known, and if it holds for none of them.
    """

    fact: str
    yes: AnswerEffect
    no: AnswerEffect

    @property
    def size(self) -> tuple[int, int, float]:
        """How much the answer that changes most would change."""
        return max(self.yes.size, self.no.size)

    @property
    def matters(self) -> bool:
        """Whether an answer would bar a municipality, or change the five best or their first."""
        return any(self.size[:2]) or self.yes.changes_first or self.no.changes_first


@dataclass(frozen=True, slots=True)
class OpenQuestions:
    """What is not known of a placing unit, and what answers would do to its ranking.

    Parameters
    ----------
    unit : tuple of Household
        The household asked about and those linked to it, in the order of the queue.
    unmapped : mapping of str to int
        Persons, or households, of whom a fact is not known, by fact.
    questions : tuple of OpenQuestion
        Those with an answer of yes or no; what would change most comes first.
    has_probability : bool
        Whether anything is known that a probability of staying can rest on.
    """

    unit: Unit
    unmapped: Mapping[str, int]
    questions: tuple[OpenQuestion, ...]
    has_probability: bool


def list_unmapped(unit: Iterable[Household], today: date) -> Mapping[str, int]:
    """Count for each fact of a unit the persons, or households, of whom it is not known.

    Parameters
    ----------
    unit : iterable of Household
    today : date
        The day on which ages are counted.
    """
    households = tuple(unit)
    persons = [p for h in households for p in h.members]
    counts = {"age": sum(person.age_on(today) is None for person in persons)}
    counts |= {fact: sum(_person_unknown(p, fact) for p in persons) for fact in STAY_FACTS}
    counts["type"] = sum(h.stay_model_type_on(today) is None for h in households)
    counts |= {q: sum(_person_unknown(p, q) for p in persons) for q in PERSON_QUESTIONS}
    counts |= {q: sum(_household_unknown(h, q) for h in households) for q in HOUSEHOLD_QUESTIONS}
    return {fact: count for fact, count in counts.items() if count}


def unit_households(problem: Problem, household: str) -> Unit:
    """Return a household and those linked to it, in the order of the queue.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    names = set(split_unit(str(problem.households.id[problem.unit_row(household)])))
    return tuple(h for h in problem.instance.households if h.id in names)


def find_open_questions(
    problem: Problem, household: str, prices: Prices | PriceList | None = None
) -> OpenQuestions:
    """Find what is not known of a household's unit, and which answer would change most.

    Parameters
    ----------
    problem : Problem
    household : str
    prices : Prices, PriceList or None
        Those of the ranking; without any, dispersion counts as if nobody were placed.

    Raises
    ------
    UnknownHouseholdError
        When the household is not in the queue.
    """
    unit, row = unit_households(problem, household), problem.unit_row(household)
    unmapped = list_unmapped(unit, problem.instance.today)
    facts = [q for q in (*PERSON_QUESTIONS, *HOUSEHOLD_QUESTIONS) if q in unmapped]
    variants = [unit]
    variants += [_answered(unit, fact, a) for fact in facts for a in (Answer.YES, Answer.NO)]
    columns = _rank_variants(problem, row, variants, prices)
    questions = (
        OpenQuestion(fact, _effect(columns, 2 * k + 1), _effect(columns, 2 * k + 2))
        for k, fact in enumerate(facts)
    )
    ordered = tuple(sorted(questions, key=lambda q: q.size, reverse=True))
    known = not abstains(problem.households.take([row]))[0]
    return OpenQuestions(unit, unmapped, ordered, known)


def _person_unknown(person: Person, fact: str) -> bool:
    value = getattr(person, fact)
    unknown = (None, (), "unknown", Answer.UNKNOWN, Sex.UNKNOWN, ImmigrationGround.UNKNOWN)
    return any(value is u or value == u for u in unknown)


def _household_unknown(household: Household, fact: str) -> bool:
    return getattr(household, fact) in (Answer.UNKNOWN, Upbringing.UNKNOWN)


def _answered(unit: Unit, fact: str, answer: Answer) -> Unit:
    """Return the unit with a fact answered for all of whom it is not known."""
    if fact in PERSON_QUESTIONS:
        return tuple(
            replace(h, members=tuple(_with_answer(p, fact, answer) for p in h.members))
            for h in unit
        )
    change: dict[str, Any] = {fact: UPBRINGING[answer] if fact == "upbringing" else answer}
    return tuple(replace(h, **change) if _household_unknown(h, fact) else h for h in unit)


def _with_answer(person: Person, fact: str, answer: Answer) -> Person:
    change: dict[str, Any] = {fact: answer}
    return replace(person, **change) if _person_unknown(person, fact) else person


def _rank_variants(
    problem: Problem, row: int, variants: list[Unit], prices: Prices | PriceList | None
) -> RankingColumns:
    """Rank all variants of a unit at once, as the unit itself is ranked."""
    table = _variant_table(problem, row, variants)
    varied = replace(problem, tables=replace(problem.tables, households=table))
    if prices is None:
        prices = _first_slopes(problem)
    price_list = PriceList.of(problem, prices) if isinstance(prices, Prices) else prices
    return RankingColumns.of(RuleChecks(varied, np.arange(len(table))), price_list, None)


def _variant_table(problem: Problem, row: int, variants: list[Unit]) -> HouseholdTable:
    queue = tuple(replace(h, id=f"{h.id} {k}") for k, unit in enumerate(variants) for h in unit)
    size = len(variants[0])
    links = tuple(
        (queue[start].id, queue[start + k].id)
        for start in range(0, len(queue), size)
        for k in range(1, size)
    )
    instance = problem.instance.replace(households=queue, links=links, probabilities=None)
    table, h = build_household_table(instance, problem.municipalities), problem.households
    copies = h.take(np.full(len(table), row))
    # What belongs to the identifier of a household, not to its facts.
    of_identifier = ("earlier", "suggested", "own_probability", "proposals")
    return replace(table, **{name: getattr(copies, name) for name in of_identifier})


def _first_slopes(problem: Problem) -> PriceList:
    """Price dispersion as a ranking without prices does: as if nobody were placed."""
    terms = {
        term.id: RulePrices(
            term, s.layers, s.group, s.slope_at(np.zeros_like(s.base)) / STEPS_PER_POINT
        )
        for term, s in zip(problem.selection.spread_terms, problem.spreads, strict=True)
    }
    return PriceList(problem.tables, problem.municipalities, {}, terms)


def _effect(columns: RankingColumns, row: int) -> AnswerEffect:
    """Compare the ranking of a variant with that of the unit as it is, row 0."""
    allowed, m = columns.rule_checks.allowed_by_all, columns.rule_checks.problem.municipalities
    now, then = _best(columns, 0), _best(columns, row)
    loss = None
    if len(now) and len(then) and allowed[row, now[0]]:
        loss = float(columns.net[row, then[0]] - columns.net[row, now[0]])
    return AnswerEffect(
        barred=int((allowed[0] & ~allowed[row]).sum()),
        replaced=len(np.setdiff1d(now, then)),
        first=str(m.number[then[0]]) if len(then) else None,
        name=str(m.name[then[0]]) if len(then) else None,
        changes_first=now[:1].tolist() != then[:1].tolist(),
        loss=loss,
    )


def _best(columns: RankingColumns, row: int) -> IntArray:
    """Rows of the best allowed municipalities, at most five."""
    count = int(columns.rule_checks.allowed_by_all[row].sum())
    return columns.order[row, : min(count, BEST)]
