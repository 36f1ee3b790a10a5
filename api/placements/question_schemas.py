"""Schemas of what is not known of a household, and of what each answer would change."""

from datetime import date

from pydantic import BaseModel, Field

from api.schemas import response_example

ANSWER_EXAMPLE = {
    "barred": 214,
    "replaced": 4,
    "first": "1506",
    "name": "Molde",
    "changes_first": True,
    "loss": None,
}
QUESTION_EXAMPLE = {
    "fact": "lar",
    "yes": ANSWER_EXAMPLE,
    "no": ANSWER_EXAMPLE
    | {"barred": 0, "replaced": 0, "first": "0301", "name": "Oslo", "changes_first": False}
    | {"loss": 0.0},
    "text": "Ask the reception centre whether anyone needs opioid substitution treatment (LAR):"
    " if yes, 214 municipalities would fall away, and Molde comes first.",
}


class AnswerChange(BaseModel):
    """What one answer would do to a household's ranking."""

    barred: int = Field(description="Municipalities that are allowed now and would fall away.")
    replaced: int = Field(description="Of the five best now, those that would not be among them.")
    first: str | None = Field(description="Which would be best; null when none would be allowed.")
    name: str | None = Field(description="Its name.")
    changes_first: bool = Field(description="Another one is best now.")
    loss: float | None = Field(
        description="Points for everyone lost by choosing what is best now; null when that is"
        " barred, or nothing is allowed now."
    )


class PlacementQuestion(BaseModel):
    """A fact that is not known, and what either answer would change."""

    model_config = response_example(**QUESTION_EXAMPLE)

    fact: str = Field(description="Field of a member or household; upbringing: from countryside.")
    yes: AnswerChange = Field(description="If it holds for all of whom it is not known.")
    no: AnswerChange = Field(description="If it holds for none of them.")
    text: str | None = Field(
        description="Whom to ask what, and why; null when no answer would change the five best or"
        " bar a municipality."
    )


class PlacementQuestions(BaseModel):
    """What is not known of a household, and which answer would change its ranking most."""

    model_config = response_example(
        household="H-0042",
        linked=[],
        day="2026-11-22",
        version=1042,
        unmapped={"age": 1, "lar": 2},
        has_probability=True,
        questions=[QUESTION_EXAMPLE],
    )

    household: str = Field(description="The one asked about.")
    linked: list[str] = Field(description="Households that must come along.")
    day: date = Field(description="Today.")
    version: int = Field(description="The latest event that was taken in.")
    unmapped: dict[str, int] = Field(
        description="Persons, or households, of whom a fact is not known, by fact."
    )
    has_probability: bool = Field(
        description="False where nothing is known that a probability of staying rests on."
    )
    questions: list[PlacementQuestion] = Field(
        description="What would change the ranking most comes first."
    )
