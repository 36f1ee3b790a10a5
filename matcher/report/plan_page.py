"""Write the page of a plan: collect everything that the template shows."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.analysis.compare import gain_over_practice
from matcher.analysis.summary import gain_sentences, uncounted_sentences
from matcher.domain.tables.array_types import FloatArray, IntArray
from matcher.policy.policy import NOT_YET_DECIDED, Policy
from matcher.policy.reason_texts import rule_title
from matcher.problem.plan_usage import PlanUsage
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.ranking.price_list import PriceList
from matcher.ranking.wish_answers import (
    WishAnswer,
    WishOutcome,
    answer_queue,
    answer_sentence,
    count_outcomes,
    wish_sentence,
)
from matcher.report.figures import (
    KeyFigures,
    capacity_use_by_centrality,
    capacity_use_by_landsdel,
    household_rows,
    key_figures,
)
from matcher.report.norway_map import draw_map, map_alt_text
from matcher.report.tables import (
    MAX_PAPER_ROWS,
    MAX_SCREEN_ROWS,
    MAX_UNPLACED_ROWS,
    left_out_sentence,
    placement_rows,
    unplaced_by_cause,
    unplaced_reasons,
    unplaced_rows,
)
from matcher.report.waiting import draw_chart, waiting_alt_text, waiting_histograms
from matcher.report.wording import Wording
from matcher.solve.result import Result
from matcher.stay.model import StayModel
from matcher.texts import Language

WISH_ORDER = ("barred", "nowhere", "unknown", "possible", "met")
"""Outcomes of wishes; what cannot be met comes first, as someone has to tell the household."""


def html(
    problem: Problem, result: Result, *, language: Language = "nb", plan_file: str | None = None
) -> str:
    """Write the report of a plan as one HTML document that needs no other files.

    The same result gives the same bytes.

    Parameters
    ----------
    problem : Problem
        Problem that was solved.
    result : Result
        Result of solving; when it has no plan, the report says so.
    language : "nb" or "en"
        Norwegian bokmål or English.
    plan_file : str or None
        Name of a file with the whole plan in the same folder, which the report links to.

    Raises
    ------
    KeyError
        When there are no texts in the language.
    """
    wording = Wording(language)
    template = template_environment().get_template("report.html")
    return template.render(wording=wording, **_content(problem, result, wording, plan_file))


def template_environment() -> Environment:
    """Return the Jinja environment with the templates of the report."""
    return Environment(
        loader=PackageLoader("matcher.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _content(
    problem: Problem, result: Result, wording: Wording, plan_file: str | None
) -> Mapping[str, Any]:
    rows = household_rows(problem, result)
    key = key_figures(rows)
    return {
        "problem": problem,
        "result": result,
        "figures": key,
        "years": horizon_years(problem.stay_model),
        "stay_weighed": any(term.id == "stay" for term in problem.selection.terms),
        "policy": policy_lines(problem.policy, wording),
        "made_up": made_up_by_table(problem.instance.made_up),
        "made_up_tables": made_up_tables_in_words(problem.instance.made_up, wording),
        "proof": proof_sentences(result, wording),
        "points": _points(result, wording),
        "gain": _gain(problem, result, wording),
        "uncounted": uncounted_sentences(result, wording.language),
        **_pictures(problem, rows, key, wording),
        **_tables(problem, result, rows, key, wording),
        "plan_file": plan_file and {"name": plan_file, "address": quote(plan_file)},
    }


def _pictures(
    problem: Problem, rows: pd.DataFrame, key: KeyFigures, wording: Wording
) -> Mapping[str, Any]:
    persons = _persons_by_municipality(problem, rows)
    drawn = draw_map(problem, persons)
    before, after = waiting_histograms(rows.waited.to_numpy(dtype=np.float64), _until_moving(rows))
    return {
        "map": drawn,
        "map_alt": map_alt_text(drawn, key, wording),
        "waiting_alt": waiting_alt_text(before, after, wording),
        "before": before,
        "after": after,
        "chart": draw_chart([before, after]),
        "fills": {
            "landsdel": capacity_use_by_landsdel(problem, persons),
            "centrality": capacity_use_by_centrality(problem, persons),
        },
        "left_out": left_out_sentence(problem, wording),
    }


def _tables(
    problem: Problem, result: Result, rows: pd.DataFrame, key: KeyFigures, wording: Wording
) -> Mapping[str, Any]:
    reasons = unplaced_reasons(problem, result)
    unplaced = unplaced_rows(rows, reasons, problem, wording) if result.plan is not None else ()
    return {
        "lead": lead_sentences(key, unplaced_by_cause(rows, reasons), wording),
        "left": unplaced,
        "left_more": key.unplaced_households - min(MAX_UNPLACED_ROWS, key.unplaced_households),
        "placed": placement_rows(rows, problem, wording),
        "paper_rows": MAX_PAPER_ROWS - len(unplaced),
        **_wishes(problem, result, wording),
    }


def _wishes(problem: Problem, result: Result, wording: Wording) -> Mapping[str, Any]:
    answers = answer_plan(problem, result)
    summary = wish_summary(count_outcomes(answers), wording)
    return {"wishes": wish_rows(answers, wording), "wish_summary": summary}


def answer_plan(problem: Problem, result: Result) -> tuple[WishAnswer, ...]:
    """Answer every wish of the queue of a plan; without a plan, by the first choices."""
    prices = None if result.prices is None else PriceList.of(problem, result.prices)
    usage = None if result.choice is None else PlanUsage(problem, result.choice)
    return tuple(answer_queue(problem, prices, usage))


def wish_rows(answers: Sequence[WishAnswer], wording: Wording) -> tuple[tuple[str, str, str], ...]:
    """Return household, wish and answer of each wish in words, those that cannot be met first."""
    ordered = sorted(answers, key=lambda answer: WISH_ORDER.index(answer.outcome))
    language = wording.language
    return tuple(
        (a.household, wish_sentence(a, language), answer_sentence(a, language))
        for a in ordered[:MAX_SCREEN_ROWS]
    )


def wish_summary(counts: Mapping[str, int], wording: Wording) -> str:
    """Say in a sentence how many wishes were stated, and what came of them."""
    stated = sum(counts.values())
    if not stated:
        return wording("wishes.none")
    impossible = counts[WishOutcome.BARRED] + counts[WishOutcome.NOWHERE]
    numbers = {"stated": stated, "impossible": impossible, **counts}
    return wording("wishes.summary", **{k: wording.number(n) for k, n in numbers.items()})


def _points(result: Result, wording: Wording) -> tuple[tuple[str, float], ...]:
    """Return the titles of the terms with their points, in thousandths of an expected stayer."""
    if result.score is None:
        return ()
    points_by_title = (
        (rule_title(term, wording.language), value / 1000)
        for term, value in result.score.terms.items()
    )
    return tuple(sorted(points_by_title, key=lambda row: (-abs(row[1]), row[0])))


def _gain(problem: Problem, result: Result, wording: Wording) -> tuple[str, ...]:
    """Describe the plan's gain in expected stayers over today's practice, and its sources."""
    if result.choice is None:
        return ()
    gain = gain_over_practice(problem, result.choice)
    return tuple(line.strip() for line in gain_sentences(gain, wording.language))


def _persons_by_municipality(problem: Problem, rows: pd.DataFrame) -> IntArray:
    placed = rows[rows.municipality != UNPLACED]
    persons = np.zeros(len(problem.municipalities), dtype=np.int64)
    np.add.at(persons, placed.municipality.to_numpy(), placed.persons.to_numpy())
    return persons


def _until_moving(rows: pd.DataFrame) -> FloatArray:
    placed = rows[rows.municipality != UNPLACED]
    return np.asarray((placed.waited + placed.days).to_numpy(dtype=np.float64))


PROVED_GAP = 1e-6
"""A smaller relative gap is only rounding of the solver: the plan is proved optimal."""


def lead_sentences(key: KeyFigures, causes: tuple[int, int], wording: Wording) -> tuple[str, ...]:
    """Summarise the result for the queue in a few sentences.

    Parameters
    ----------
    key : KeyFigures
    causes : (int, int)
        Number of unplaced households whose possible places went to other households, and number of
        those that the rules bar from every municipality.
    wording : Wording
    """
    households = wording.count("household", key.households)
    if not key.households:
        return (wording("lead.empty"),)
    if not key.unplaced_households:
        return (
            wording(
                "lead.all", households=households, persons=wording.count("person", key.persons)
            ),
        )
    outcome = "lead.some" if key.placed_households else "lead.none"
    placed = wording.number(key.placed_households)
    counts = zip(("lead.taken", "lead.barred"), causes, strict=True)
    why = [wording(text, count=wording.count("household", n)) for text, n in counts if n]
    return (wording(outcome, placed=placed, households=households), *why)


def policy_lines(policy: Policy, wording: Wording) -> tuple[str, str]:
    """Return a line with the policy's name and version, and a line with who decided it."""
    key = "policy_name" if policy.version else "policy_no_version"
    name = wording(f"head.{key}", name=policy.name, version=policy.version)
    if policy.decided_by == NOT_YET_DECIDED:
        return name, wording("head.proposed")
    if not policy.decided_by:
        return name, wording("head.undecided")
    if policy.decided_on is None:
        return name, wording("head.decided_undated", who=policy.decided_by)
    return name, wording("head.decided", who=policy.decided_by, day=wording.day(policy.decided_on))


def proof_sentences(result: Result, wording: Wording) -> tuple[tuple[str, str], ...]:
    """Describe in plain words, for both levels, how much better another plan can be."""
    gaps = [level.gap for level in result.levels]
    names = ("places", "quality")
    return tuple(
        (wording(f"proof.{name}"), _proof(name, gap, wording))
        for name, gap in zip(names, gaps, strict=False)
    )


def _proof(name: str, gap: float | None, wording: Wording) -> str:
    if gap is None:
        return wording(f"proof.{name}_unproved")
    if gap < PROVED_GAP:
        return wording(f"proof.{name}_proved")
    return wording(f"proof.{name}_gap", gap=wording.at_most(gap))


def made_up_by_table(columns: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Group made-up columns, written ``table.column``, by table."""
    columns_of: dict[str, tuple[str, ...]] = {}
    for column in columns:
        table, _, name = column.rpartition(".")
        columns_of[table] = (*columns_of.get(table, ()), name)
    return columns_of


def made_up_tables_in_words(columns: Sequence[str], wording: Wording) -> str:
    """List the tables with made-up columns by their everyday names."""
    return ", ".join(
        wording.text_or_default(f"synthetic.tables.{table}", table)
        for table in made_up_by_table(columns)
    )


def horizon_years(model: StayModel) -> str:
    """Return the years of the stay model's horizon as text: ``7`` for ``7y``."""
    return str(model.horizon.value).removesuffix("y")
