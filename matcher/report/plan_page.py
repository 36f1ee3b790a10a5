"""Write the page of a plan: collect everything that the template shows."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.analysis.compare import gain_over_practice
from matcher.analysis.summary import gain_sentences
from matcher.domain.tables import FloatArray, IntArray
from matcher.policy.reason_texts import rule_title
from matcher.problem.problem import Problem
from matcher.problem.program import UNPLACED
from matcher.report.alt_texts import map_alt_text, waiting_alt_text
from matcher.report.capacity_use import capacity_use_by_centrality, capacity_use_by_landsdel
from matcher.report.household_rows import household_rows
from matcher.report.key_figures import KeyFigures, key_figures
from matcher.report.norway_map import draw_map
from matcher.report.report_sentences import (
    horizon_years,
    lead_sentences,
    made_up_by_table,
    made_up_tables_in_words,
    policy_lines,
    proof_sentences,
)
from matcher.report.report_tables import (
    MAX_PAPER_ROWS,
    MAX_UNPLACED_ROWS,
    placement_rows,
    unplaced_by_cause,
    unplaced_rows,
)
from matcher.report.unplaced import unplaced_reasons
from matcher.report.waiting_chart import draw_chart
from matcher.report.waiting_histograms import waiting_histograms
from matcher.report.wording import Wording
from matcher.solve import Result
from matcher.texts import Language


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
    say = Wording(language)
    template = template_environment().get_template("report.html")
    return template.render(say=say, **_content(problem, result, say, plan_file))


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
    problem: Problem, result: Result, say: Wording, plan_file: str | None
) -> Mapping[str, Any]:
    rows = household_rows(problem, result)
    key = key_figures(rows)
    return {
        "problem": problem,
        "result": result,
        "figures": key,
        "years": horizon_years(problem.stay_model),
        "stay_weighed": any(term.id == "stay" for term in problem.selection.terms),
        "policy": policy_lines(problem.policy, say),
        "made_up": made_up_by_table(problem.instance.made_up),
        "made_up_tables": made_up_tables_in_words(problem.instance.made_up, say),
        "proof": proof_sentences(result, say),
        "points": _points(result, say),
        "gain": _gain(problem, result, say),
        **_pictures(problem, rows, key, say),
        **_tables(problem, result, rows, key, say),
        "plan_file": plan_file and {"name": plan_file, "address": quote(plan_file)},
    }


def _pictures(
    problem: Problem, rows: pd.DataFrame, key: KeyFigures, say: Wording
) -> Mapping[str, Any]:
    persons = _persons_by_municipality(problem, rows)
    drawn = draw_map(problem, persons)
    before, after = waiting_histograms(rows.waited.to_numpy(dtype=np.float64), _until_moving(rows))
    return {
        "map": drawn,
        "map_alt": map_alt_text(drawn, key, say),
        "waiting_alt": waiting_alt_text(before, after, say),
        "before": before,
        "after": after,
        "chart": draw_chart([before, after]),
        "fills": {
            "landsdel": capacity_use_by_landsdel(problem, persons),
            "centrality": capacity_use_by_centrality(problem, persons),
        },
    }


def _tables(
    problem: Problem, result: Result, rows: pd.DataFrame, key: KeyFigures, say: Wording
) -> Mapping[str, Any]:
    reasons = unplaced_reasons(problem, result)
    unplaced = unplaced_rows(rows, reasons, say) if result.plan is not None else ()
    return {
        "lead": lead_sentences(key, unplaced_by_cause(rows, reasons), say),
        "left": unplaced,
        "left_more": key.unplaced_households - min(MAX_UNPLACED_ROWS, key.unplaced_households),
        "placed": placement_rows(rows, problem, say),
        "paper_rows": MAX_PAPER_ROWS - len(unplaced),
    }


def _points(result: Result, say: Wording) -> tuple[tuple[str, float], ...]:
    """Return the titles of the terms with their points, in thousandths of an expected stayer."""
    if result.score is None:
        return ()
    points_by_title = (
        (rule_title(term, say.language), value / 1000) for term, value in result.score.terms.items()
    )
    return tuple(sorted(points_by_title, key=lambda row: (-abs(row[1]), row[0])))


def _gain(problem: Problem, result: Result, say: Wording) -> tuple[str, ...]:
    """Describe the plan's gain in expected stayers over today's practice, and its sources."""
    if result.choice is None:
        return ()
    gain = gain_over_practice(problem, result.choice)
    return tuple(line.strip() for line in gain_sentences(gain, say.language))


def _persons_by_municipality(problem: Problem, rows: pd.DataFrame) -> IntArray:
    placed = rows[rows.municipality != UNPLACED]
    persons = np.zeros(len(problem.municipalities), dtype=np.int64)
    np.add.at(persons, placed.municipality.to_numpy(), placed.persons.to_numpy())
    return persons


def _until_moving(rows: pd.DataFrame) -> FloatArray:
    placed = rows[rows.municipality != UNPLACED]
    return np.asarray((placed.waited + placed.days).to_numpy(dtype=np.float64))
