"""What a rule allows when a fact is not known, against all that the fact could be."""

import itertools

import pytest

from matcher.domain import Answer, Dwelling, Person, TravelTime
from matcher.domain.needs import HOUSEHOLD_NEEDS, NEEDS
from tests.ledgers import known
from tests.policy.rules.asked import ask, household, person, town

KNOWN = (Answer.YES, Answer.NO)
OF_HOUSEHOLDS = {need.id for need in HOUSEHOLD_NEEDS}


def worlds(answer: Answer) -> tuple[Answer, ...]:
    """What an answer could be."""
    return KNOWN if answer is Answer.UNKNOWN else (answer,)


def unit(need: str, answer: Answer):
    """A household of one in which a need is so."""
    if need in OF_HOUSEHOLDS:
        return household(**{need: answer})
    return household(person(**{need: answer}))


def asked_of_service(need, answer, service):
    """Whether a pair is allowed, and whether it is marked."""
    asked = ask(need, unit(need, answer), town(**{need: service}))
    return asked.one("allowed"), asked.one("uncertain")


@pytest.mark.parametrize("need", sorted(NEEDS))
def test_a_need_bars_where_it_is_known_and_the_service_may_be_missing(need):
    """Allowed if some answer of the household is, whatever the municipality has; else marked."""
    for answer, service in itertools.product(Answer, Answer):
        allowed, uncertain = asked_of_service(need, answer, service)
        certain = [
            [asked_of_service(need, a, s)[0] for s in worlds(service)] for a in worlds(answer)
        ]
        assert allowed == any(map(all, certain)), (answer, service)
        assert (uncertain and allowed) == (allowed and not all(map(all, certain)))


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize("minutes", [None, 0, 300])
def test_follow_up_bars_where_it_is_known_and_the_way_may_be_long(answer, minutes):
    """A way that is not known could be any; none is as long as no one can go."""

    def asked_of(answer, minutes):
        travel = () if minutes is None else (TravelTime("0001", "H", minutes),)
        asked = ask("hospital", household(person(hospital=answer)), town(), travel=travel)
        return asked.one("allowed"), asked.one("uncertain")

    allowed, uncertain = asked_of(answer, minutes)
    ways = (0, 300) if minutes is None else (minutes,)
    certain = [[asked_of(a, way)[0] for way in ways] for a in worlds(answer)]
    assert allowed == any(map(all, certain))
    assert (uncertain and allowed) == (allowed and not all(map(all, certain)))


@pytest.mark.parametrize(
    ("need", "languages", "interpreters"),
    list(itertools.product(Answer, [(), ("ar",)], [None, (), ("ar",), ("*",)])),
)
def test_an_interpreter_bars_only_where_none_is_known(need, languages, interpreters):
    """The gentler rule: allowed if any world is, and marked if any is not."""

    def asked_of(need, languages, interpreters):
        speaker = household(person(interpreter=need, languages=languages), id="A")
        other = household(person(id="2", languages=("so",)), id="B")
        asked = ask("interpreter", [speaker, other], town(interpreter_languages=interpreters))
        return asked.one("allowed"), asked.one("uncertain")

    allowed, uncertain = asked_of(need, languages, interpreters)
    certain = [
        asked_of(a, spoken, offered)[0]
        for a in worlds(need)
        for spoken in ([languages] if languages else [("ar",), ("so",)])
        for offered in ([(), ("ar",)] if interpreters is None else [interpreters])
    ]
    assert allowed == any(certain)
    if languages and interpreters is not None:
        assert (uncertain and allowed) == (allowed and not all(certain))


@pytest.mark.parametrize("setup", list(Answer))
def test_a_set_up_for_minors_that_may_be_missing_bars(setup):
    """Also where it is the minor's age, or that of those with it, which is not known."""
    minor = person(id="m", age=None, unaccompanied=True)
    for queue in (household(minor), household(minor, Person("x"))):
        asked = ask("minors_setup", queue, town(minors_setup=setup))
        assert asked.one("allowed") == (setup is Answer.YES)


@pytest.mark.parametrize("rule", ["places_this_year", "places_now"])
def test_a_person_of_whom_nothing_is_known_takes_a_place(rule):
    """One of two places is not enough for two blank persons."""
    blank = household(Person("1"), Person("2"))
    for places, fits in ((1, False), (2, True)):
        asked = ask(rule, blank, town(ledger=known(decided=places, receive_now=places)))
        assert asked.one("fits") == fits


@pytest.mark.parametrize("needed", list(Answer))
@pytest.mark.parametrize("step_free", list(Answer))
def test_a_home_not_known_to_be_step_free_houses_no_one_who_needs_that(needed, step_free):
    """And whoever is not known to need it takes any home."""
    place = town(reports_dwellings=Answer.YES, dwellings=(Dwelling("D", 1, step_free),))
    asked = ask("dwellings", household(person(step_free=needed)), place)
    assert asked.one("fits") == (needed is not Answer.YES or step_free is Answer.YES)


def test_where_not_all_free_homes_are_reported_they_limit_nothing():
    """Unknown is not an empty list."""
    for reports in Answer:
        asked = ask("dwellings", household(Person("1")), town(reports_dwellings=reports))
        assert asked.one("fits") == (reports is not Answer.YES)
