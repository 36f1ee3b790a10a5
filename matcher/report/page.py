"""From a plan to the page: everything the template shows, gathered in one place."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined

from matcher.compare import gain_over_practice
from matcher.problem import Problem
from matcher.program import UNPLACED
from matcher.ranking_columns import stay_model
from matcher.report.alt import map_alt, waiting_alt
from matcher.report.chart import draw_chart
from matcher.report.figures import Figures, figures
from matcher.report.fill import fill_by_centrality, fill_by_landsdel
from matcher.report.households import household_rows
from matcher.report.map import draw_map
from matcher.report.sentences import lead, made_up, policy_lines, proof, tables_in_words, years
from matcher.report.tables import (
    PAPER_ROWS,
    UNPLACED_ROWS,
    left_by_cause,
    left_rows,
    placed_rows,
)
from matcher.report.unplaced import unplaced_reasons
from matcher.report.waiting import histograms
from matcher.report.wording import Wording
from matcher.solve import Result
from matcher.summary import gain_lines
from matcher.tables import FloatArray, IntArray
from matcher.texts import Language, title


def html(
    problem: Problem, result: Result, *, language: Language = "nb", plan_file: str | None = None
) -> str:
    """Write the report of a plan: one HTML document that needs nothing else.

    The same result gives the same text, byte by byte.

    Parameters
    ----------
    problem : Problem
        What was solved.
    result : Result
        What came of it; without a plan the report says so.
    language : "nb" or "en"
        Norwegian bokmål or English.
    plan_file : str or None
        Name of the file with the whole plan, beside the report, to link to.

    Raises
    ------
    KeyError
        When there are no texts in the language.
    """
    say = Wording(language)
    template = environment().get_template("report.html")
    return template.render(say=say, **_content(problem, result, say, plan_file))


def environment() -> Environment:
    """Give the templates of the report."""
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
    key = figures(rows)
    return {
        "problem": problem,
        "result": result,
        "figures": key,
        "years": years(stay_model(problem)),
        "stay_weighed": any(term.id == "stay" for term in problem.selection.terms),
        "policy": policy_lines(problem.policy, say),
        "made_up": made_up(problem.instance.made_up),
        "made_up_tables": tables_in_words(problem.instance.made_up, say),
        "proof": proof(result, say),
        "points": _points(result, say),
        "gain": _gain(problem, result, say),
        **_pictures(problem, rows, key, say),
        **_tables(problem, result, rows, key, say),
        "plan_file": plan_file and {"name": plan_file, "address": quote(plan_file)},
    }


def _pictures(
    problem: Problem, rows: pd.DataFrame, key: Figures, say: Wording
) -> Mapping[str, Any]:
    persons = _persons_by_municipality(problem, rows)
    drawn = draw_map(problem, persons)
    before, after = histograms(rows.waited.to_numpy(dtype=np.float64), _until_moving(rows))
    return {
        "map": drawn,
        "map_alt": map_alt(drawn, key, say),
        "waiting_alt": waiting_alt(before, after, say),
        "before": before,
        "after": after,
        "chart": draw_chart([before, after]),
        "fills": {
            "landsdel": fill_by_landsdel(problem, persons),
            "centrality": fill_by_centrality(problem, persons),
        },
    }


def _tables(
    problem: Problem, result: Result, rows: pd.DataFrame, key: Figures, say: Wording
) -> Mapping[str, Any]:
    reasons = unplaced_reasons(problem, result)
    left = left_rows(rows, reasons, say) if result.plan is not None else ()
    return {
        "lead": lead(key, left_by_cause(rows, reasons), say),
        "left": left,
        "left_more": key.unplaced_households - min(UNPLACED_ROWS, key.unplaced_households),
        "placed": placed_rows(rows, problem, say),
        "paper_rows": PAPER_ROWS - len(left),
    }


def _points(result: Result, say: Wording) -> tuple[tuple[str, float], ...]:
    """Titles of the terms with their points, in thousandths of an expected stayer."""
    if result.score is None:
        return ()
    named = (
        (title(term, say.language), value / 1000) for term, value in result.score.terms.items()
    )
    return tuple(sorted(named, key=lambda row: (-abs(row[1]), row[0])))


def _gain(problem: Problem, result: Result, say: Wording) -> tuple[str, ...]:
    """What the plan brings in expected stayers over today's practice, and from what."""
    if result.choice is None:
        return ()
    gained = gain_over_practice(problem, result.choice)
    return tuple(line.strip() for line in gain_lines(gained, say.language))


def _persons_by_municipality(problem: Problem, rows: pd.DataFrame) -> IntArray:
    placed = rows[rows.municipality != UNPLACED]
    out = np.zeros(len(problem.municipalities), dtype=np.int64)
    np.add.at(out, placed.municipality.to_numpy(), placed.persons.to_numpy())
    return out


def _until_moving(rows: pd.DataFrame) -> FloatArray:
    placed = rows[rows.municipality != UNPLACED]
    return np.asarray((placed.waited + placed.days).to_numpy(dtype=np.float64))
