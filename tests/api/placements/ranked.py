"""A small queue with room in two municipalities, and how its placements are asked for."""

from dataclasses import replace

from matcher.domain import Answer
from matcher.store import Stamp
from tests.api.conftest import NOON
from tests.api.queue import CASE, queue

PLACEMENTS = f"{CASE}/placements"
EXPLANATION = f"{CASE}/explanation"
QUESTIONS = f"{CASE}/questions"
DAY = NOON.date()
BY = Stamp(NOON, "Caseworker 7", "as agreed")


def both_open(households=3):
    """The small queue, all of them thirty, with room in both municipalities."""
    instance = queue(households)
    aged = (
        replace(h, members=tuple(replace(p, age=30) for p in h.members))
        for h in instance.households
    )
    instance = instance.replace(households=tuple(aged))
    oslo, bergen = instance.municipalities
    places = (oslo, replace(bergen, reports_dwellings=Answer.UNKNOWN))
    return instance.replace(municipalities=places)


def asked(client, path=PLACEMENTS, **query):
    """What is answered, as it is."""
    answer = client.get(path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()
