"""Placements answer wishes, keep what is asked for, and ask what is not known."""

from dataclasses import replace

from api.placements.question_schemas import PlacementQuestions
from api.placements.schemas import PlacementRanking
from matcher.domain import Wish, WishKind
from matcher.domain.roles import Role
from matcher.ranking.open_questions import find_open_questions
from matcher.store import lapse, propose
from tests.api.placements.ranked import BY, DAY, EXPLANATION, QUESTIONS, asked, both_open
from tests.api.queue import fill, queue


def wishing(app):
    """The queue with a household that would go to 4601, and one that would not."""
    instance = both_open()
    here = Wish(WishKind.MUNICIPALITY, "4601")
    one, other, third = instance.households
    queue = (
        replace(one, wishes=(here, replace(here, wanted=False), replace(here, value="9999"))),
        replace(other, wishes=(Wish(WishKind.COUNTY, "99"),)),
        third,
    )
    fill(app, instance.replace(households=queue))


def test_wishes_are_answered_once_and_options_say_which_they_meet(app, caseworker):
    """One small list for the household; each option names its wishes by their place in it."""
    wishing(app)
    found = asked(caseworker, language="en")
    assert PlacementRanking.model_validate(found).model_dump(mode="json") == found
    assert [w["outcome"] for w in found["wishes"]] in (
        ["met", "possible", "nowhere"],
        ["possible", "met", "nowhere"],
    )
    assert found["wishes"][0]["wish"] == "Wishes to go to Place 4601."
    assert "no municipality in the list has the number 9999" in found["wishes"][2]["answer"]
    assert {o["municipality"]: o["wishes_met"] for o in found["options"]} == {
        "0301": [1],
        "4601": [0],
    }
    explained = asked(caseworker, EXPLANATION, language="en")
    assert explained["wishes"] == found["wishes"]
    assert asked(caseworker, "/api/v1/households/H2/placements")["wishes"] == []


def test_places_that_are_asked_for_are_not_open_to_others(app, caseworker, night):
    """Ten are open in 0301, of which eight are asked for: two fit, and then none."""
    store = app.state.store
    fill(app, both_open(6))
    for name in ("H1", "H2", "H3", "H4"):
        propose(store, name, "0301", BY, answer_by=DAY)
    (option,) = asked(caseworker, municipality="0301")["options"]
    assert (option["open_places"], option["asked_for"], option["allowed"]) == (10, 8, True)
    (own,) = asked(caseworker, "/api/v1/households/H4/placements", municipality="0301")["options"]
    assert (own["open_places"], own["asked_for"], own["allowed"]) == (10, 6, True)
    propose(store, "H5", "0301", BY, answer_by=DAY)
    (option,) = asked(caseworker, municipality="0301", language="en")["options"]
    assert (option["open_places"], option["asked_for"], option["allowed"]) == (10, 10, False)
    assert [cause["code"] for cause in option["broken"]] == ["places_asked_for.short"]
    lapse(store, "H5", BY)
    assert "0301" in {o["municipality"] for o in asked(caseworker)["options"]}


def test_what_is_not_known_is_asked_about(app, caseworker, night):
    """Each answer of each question, in words where it matters, as OpenAPI describes it."""
    found = asked(caseworker, QUESTIONS, language="en")
    assert PlacementQuestions.model_validate(found).model_dump(mode="json") == found
    live = app.state.snapshot_cache.snapshot(DAY)
    expected = find_open_questions(live.problem, "H0", live.prices)
    assert [q["fact"] for q in found["questions"]] == [q.fact for q in expected.questions]
    assert "age" not in found["unmapped"]
    assert found["unmapped"]["lar"] == 2
    assert found["has_probability"]
    matter = [q["text"] for q in found["questions"] if q["text"]]
    assert matter
    assert all(text.startswith("Find out whether") for text in matter)
    tag = caseworker.get(QUESTIONS).headers["etag"]
    assert caseworker.get(QUESTIONS, headers={"If-None-Match": tag}).status_code == 304


def test_no_probability_where_nothing_is_known_of_the_persons(app, client_as):
    """Null in every option, a note that says why, and points all the same."""
    fill(app, queue())
    client = client_as(Role.CASEWORKER)
    found = asked(client, language="en")
    assert [note["code"] for note in found["notes"]] == ["no night", "nothing known"]
    assert "Nothing is known of the persons" in found["notes"][1]["text"]
    for option in found["options"]:
        assert [option[name] for name in ("stay", "stay_low", "stay_high")] == [None] * 3
        assert option["by_term"]["stay"] > 0
    assert not asked(client, QUESTIONS)["has_probability"]
    (option,) = asked(client, municipality="0301", language="en")["options"]
    codes = {reason["code"] for reason in option["reasons"]}
    assert "stay.nothing_known" in codes
