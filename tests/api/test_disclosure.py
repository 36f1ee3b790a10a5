"""Which households an answer shows is read from the marks in its schema, wherever they stand."""

from pydantic import BaseModel

from api.access.disclosure import ShownHousehold, marked_fields, shown_households
from api.app import ROUTERS
from api.events import EventPage
from tests.api.routes import response_models

UNMARKED = {
    ("Decision", "household"),
    ("PlacementRanking", "household"),
    ("PlacementExplanation", "household"),
    ("AnsweredWish", "household"),
    ("PlacementQuestions", "household"),
}
"""A household of the path or linked to it, and the joined names of those proposed together."""


class Home(BaseModel):
    """A home, and who lives there."""

    street: str
    household: ShownHousehold | None


class Town(BaseModel):
    """Homes, and households without one."""

    name: str
    waiting: list[ShownHousehold]
    homes: dict[str, int] | list[Home]
    mayor: ShownHousehold


def test_marks_are_found_at_every_depth():
    """In lists, in parts, and where there may be none; each household once."""
    homes = [Home(street="A", household="H3"), Home(street="B", household=None)]
    town = Town(name="H9", waiting=["H2", "H1"], homes=homes, mayor="H1")
    assert shown_households(town) == ["H2", "H1", "H3"]
    assert shown_households([town, Home(street="C", household="H4")]) == ["H2", "H1", "H3", "H4"]
    assert shown_households(town.model_copy(update={"homes": {"A": 1}})) == ["H2", "H1"]


def test_an_answer_without_marks_shows_nobody():
    """So does an empty one."""
    assert shown_households(EventPage(items=[], next=None)) == []
    assert shown_households(()) == []


def test_every_schema_marks_its_households():
    """Each text of an answer that is called a household is marked, but for the known exceptions."""
    unmarked = {
        (model.__name__, name)
        for model in response_models(ROUTERS)
        for name, field in model.model_fields.items()
        if name in ("household", "households", "proposed")
        and "str" in str(field.annotation)
        and name not in marked_fields(model)
    }
    assert unmarked == UNMARKED
