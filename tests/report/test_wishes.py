"""What the pages say of stated wishes."""

from collections import Counter

import pytest

from matcher.ranking.wish_answers import count_outcomes
from matcher.report import html
from matcher.report.plan_page import answer_plan, wish_rows, wish_summary
from matcher.report.wording import Wording
from tests.report.markup import parse


@pytest.mark.parametrize("language", ["nb", "en"])
def test_every_wish_has_a_row_with_its_answer(solved, language):
    """Each wish of each household, once, with those that cannot be met first."""
    problem, result = solved
    stated = Counter(h.id for h in problem.instance.households for _ in h.wishes)
    answers, wording = answer_plan(problem, result), Wording(language)
    rows = wish_rows(answers, wording)
    assert Counter(household for household, _, _ in rows) == stated
    page = html(problem, result, language=language)
    for _, wish, answer in rows:
        assert wish in page and "{" not in answer
    assert rows[0][2].startswith(("Ikke mulig", "Not possible"))
    assert wish_summary(count_outcomes(answers), wording) in parse(page).one("main").text


def test_a_page_without_a_plan_or_a_queue_answers_all_the_same(without_plan, empty_queue):
    """By the first choices, and that no one has wished anything."""
    answers = answer_plan(*without_plan)
    assert answers and not any(answer.planned for answer in answers)
    nobody = answer_plan(*empty_queue)
    assert wish_summary(count_outcomes(nobody), Wording("en")).startswith("No one in the queue")
