"""Open questions in words: what is not mapped, whom to ask what, and what the answer would do."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from matcher.domain.household import LivingSituation
from matcher.domain.needs import NEEDS
from matcher.domain.option import POINT_DECIMALS, round_value
from matcher.policy.catalogue import load_catalogue
from matcher.ranking.open_questions import AnswerEffect, OpenQuestion, OpenQuestions
from matcher.texts import Language, format_count, format_number, texts_in


def mapping_sentences(asked: OpenQuestions, language: Language = "nb", limit: int = 3) -> list[str]:
    """Say what is not mapped, and which answers would change the ranking most.

    Parameters
    ----------
    asked : OpenQuestions
    language : "nb" or "en"
    limit : int
        Number of questions, at most.
    """
    words = _texts(language)
    if not asked.unmapped:
        return []
    facts = ", ".join(_fact_name(fact, language) for fact in asked.unmapped)
    sentences = [words["unmapped"].format(facts=facts)]
    if not asked.has_probability:
        sentences.append(words["nothing_known"])
    questions = [question_sentence(asked, q, language) for q in asked.questions if q.matters]
    return [*sentences, *(questions[:limit] or [words["no_question"]])]


def question_sentence(
    asked: OpenQuestions, question: OpenQuestion, language: Language = "nb"
) -> str:
    """Say whom to ask what, and what the answer that changes most would do."""
    living = {household.living for household in asked.unit}
    key = "reception_centre" if living == {LivingSituation.RECEPTION_CENTRE} else "elsewhere"
    facts = {"question": _question(question.fact, language), "effect": _effect(question, language)}
    return str(_texts(language)[key].format(**facts))


def question_facts(
    asked: OpenQuestions, language: Language = "nb", *, rounded: bool = False
) -> dict[str, Any]:
    """Convert to JSON values; a question without consequence has no sentence.

    Parameters
    ----------
    asked : OpenQuestions
    language : "nb" or "en"
    rounded : bool
        Round points, for readers.
    """
    return {
        "unmapped": dict(asked.unmapped),
        "has_probability": asked.has_probability,
        "questions": [
            {
                "fact": question.fact,
                "yes": _effect_facts(question.yes, rounded),
                "no": _effect_facts(question.no, rounded),
                "text": question_sentence(asked, question, language) if question.matters else None,
            }
            for question in asked.questions
        ],
    }


def _effect_facts(effect: AnswerEffect, rounded: bool) -> dict[str, Any]:
    loss = round_value(effect.loss, POINT_DECIMALS) if rounded else effect.loss
    return {**asdict(effect), "loss": loss}


def _effect(question: OpenQuestion, language: Language) -> str:
    words, (answer, effect) = _texts(language), _larger(question)
    facts = {
        "answer": words[answer],
        "barred": format_count(effect.barred, words["municipality"], language),
        "replaced": format_number(effect.replaced, language),
        "name": effect.name,
    }
    return str(words[_effect_key(effect)].format(**facts))


def _larger(question: OpenQuestion) -> tuple[str, AnswerEffect]:
    """Return the answer that changes most, and its effect."""
    if question.no.size > question.yes.size:
        return "no", question.no
    return "yes", question.yes


def _effect_key(effect: AnswerEffect) -> str:
    if effect.first is None:
        return "barred_all"
    first = "other_first" if effect.changes_first else "same_first"
    if effect.barred:
        return f"barred_{first}"
    return f"replaced_{first}" if effect.replaced else "other_first"


def _question(fact: str, language: Language) -> str:
    """Write a fact as a clause after *whether*; that of a need comes from the list of needs."""
    words = _texts(language)
    if fact in words["question"]:
        return str(words["question"][fact])
    need: str = getattr(NEEDS[fact].need, language)
    return f"{words['somebody']} {_lower_first(need).removesuffix('.')}"


def _fact_name(fact: str, language: Language) -> str:
    names, rules = _texts(language)["fact"], load_catalogue().entries
    if fact in names:
        return str(names[fact])
    # The rule of a need has its name, and a title for readers.
    title = rules[fact].title(language) if fact in rules else getattr(NEEDS[fact].need, language)
    return _lower_first(title).removesuffix(".")


def _lower_first(text: str) -> str:
    """Write the first letter small, but not that of an abbreviation such as LAR."""
    return text if text[:2].isupper() else text[:1].lower() + text[1:]


def _texts(language: Language) -> Mapping[str, Any]:
    return texts_in(language, "matcher.ranking", "open_questions.toml")
