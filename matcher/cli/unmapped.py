"""What ``check`` says is not mapped in sound files, and which answers would change most."""

from typing import Any

import numpy as np

from matcher.cli.sentences import count, texts
from matcher.cli.shared import print_block
from matcher.domain.instance import Instance
from matcher.problem.problem import Problem
from matcher.ranking.open_questions import OpenQuestions, find_open_questions, list_unmapped
from matcher.ranking.question_sentences import mapping_sentences, question_facts
from matcher.stay.model import abstains
from matcher.texts import Language

MAX_HOUSEHOLDS = 3
"""Households whose questions are listed: those of whom least is known."""
MAX_NAMES = 10


def unmapped_facts(problem: Problem, language: Language) -> dict[str, Any]:
    """Return what is not known, as JSON values; ``households`` counts those with a question."""
    lacking = _count_unmapped(problem.instance)
    return {
        "households": len(lacking),
        "nothing_known": _nothing_known(problem),
        "least_known": [
            {"household": household, **question_facts(asked, language)}
            for household, asked in _least_known(problem, lacking)
        ],
    }


def print_unmapped(problem: Problem, language: Language) -> None:
    """Write how many households lack a fact, and the questions about those who lack most."""
    lacking = _count_unmapped(problem.instance)
    if not lacking:
        return
    words, queue = texts(language), len(problem.instance.households)
    lacking_count = count(len(lacking), "household", language)
    lines = [words["unmapped_households"].format(lacking=lacking_count, queue=queue)]
    names = _nothing_known(problem)
    if names:
        more = ", …" if len(names) > MAX_NAMES else ""
        lines.append(words["unmapped_nothing"].format(names=", ".join(names[:MAX_NAMES]) + more))
    print_block([*lines, words["unmapped_least"]])
    for household, asked in _least_known(problem, lacking):
        sentences = mapping_sentences(asked, language)
        print_block([household, *(f"  {sentence}" for sentence in sentences)])


def _count_unmapped(instance: Instance) -> dict[str, int]:
    """Count the facts that are not known of each household with any."""
    counts = {h.id: len(list_unmapped((h,), instance.today)) for h in instance.households}
    return {h: n for h, n in counts.items() if n}


def _nothing_known(problem: Problem) -> list[str]:
    h = problem.households
    return [str(name) for name in h.id[np.flatnonzero(abstains(h))]]


def _least_known(problem: Problem, lacking: dict[str, int]) -> list[tuple[str, OpenQuestions]]:
    most = sorted(lacking, key=lambda household: -lacking[household])[:MAX_HOUSEHOLDS]
    return [(household, find_open_questions(problem, household)) for household in most]
