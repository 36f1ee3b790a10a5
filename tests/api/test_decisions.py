"""Decisions over HTTP: what was shown when a household was proposed, to be read years later."""

from dataclasses import replace

import pytest

from api.proposals.decision_endpoints import describe_decision
from instances import Profile, generate
from matcher import Problem
from matcher.domain.option import Option
from matcher.domain.reason import Reason
from matcher.domain.roles import Role
from matcher.domain.trace import Trace, TracedReason
from matcher.policy.policy import Policy
from matcher.policy.reason_texts import render_reason
from matcher.ranking.rank import Ranking, rank
from matcher.ranking.trace import build_trace
from matcher.store import Event, EventKind, Stamp, get_decision, import_instance
from tests.api.conftest import NOON
from tests.api.queue import PROPOSALS, fill, new

DECISIONS = "/api/v1/decisions"


class Night:
    """A small night, ranked as the service would; its tracer."""

    def __init__(self) -> None:
        self.instance = generate(Profile.read("small"), seed=3)
        self.problem = Problem.of(self.instance, Policy.default())

    def ranking(self, household: str) -> Ranking:
        """All options of a household."""
        return rank(self.problem, household)

    def __call__(self, household: str, municipality: str) -> Trace:
        """The trace of proposing a household to a municipality."""
        return build_trace(
            self.ranking(household),
            municipality,
            run="night-1",
            stay_model={"name": "fafo"},
            versions={"treffsikker": "0.1.0"},
            max_options=3,
        )


@pytest.fixture(scope="module")
def night() -> Night:
    """Made once."""
    return Night()


@pytest.fixture
def caseworker(app, client_as, night):
    """A caseworker, with the night's queue in the store and its tracer at hand."""
    client = client_as(Role.CASEWORKER)
    app.state.tracer = night
    import_instance(app.state.store, night.instance, Stamp(NOON, "test", "import"))
    return client


def lone(night, some) -> tuple[str, Option]:
    """A household that goes alone, with an option of which something holds."""
    for household in night.instance.households:
        ranking = night.ranking(household.id)
        found = next((o for o in ranking if some(ranking, o)), None)
        if ranking.household == household.id and found is not None:
            return household.id, found
    raise AssertionError("no such household")


def best(ranking, option) -> bool:
    """The first of the list, with another behind it."""
    return option is ranking.options[0] and option.allowed and len(ranking.allowed) > 1


def test_as_suggested_takes_no_reason_and_keeps_what_was_shown(caseworker, client_as, night):
    """Options, points by term, policy, versions; caseworker and auditor read the same."""
    household, option = lone(night, best)
    made = caseworker.post(PROPOSALS, json=new(household, option.municipality))
    assert made.status_code == 201, made.text
    event = made.json()["proposals"][0]["decision"]
    told = client_as(Role.AUDITOR).get(f"{DECISIONS}/{event}").json()
    assert told == caseworker.get(f"{DECISIONS}/{event}").json()
    assert (told["suggested"], told["override"]) == (option.municipality, None)
    assert told["run"] == "night-1"
    assert told["policy"] == {"name": "default", "hash": night.problem.policy.hash}
    ranking = night.ranking(household)
    assert [o["municipality"] for o in told["options"]] == [
        o.municipality for o in ranking.options[:3]
    ]
    assert told["options"][0]["by_term"] == option.by_term
    assert told["allowed"] == len(ranking.allowed)
    assert "as the plan suggested" in told["summary"]["en"]


def test_other_than_suggested_takes_a_reason_and_has_its_price(caseworker, night):
    """In points for everyone's good, the difference of the two options."""
    household, option = lone(night, lambda ranking, o: o.allowed and o.rank == 2)
    asked = new(household, option.municipality)
    refused = caseworker.post(PROPOSALS, json=asked)
    assert (refused.status_code, refused.json()["overridden"]) == (409, ["suggestion"])
    made = caseworker.post(PROPOSALS, json={**asked, "reason": "brother lives there"})
    told = caseworker.get(f"{DECISIONS}/{made.json()['proposals'][0]['decision']}").json()
    lost = night.ranking(household).options[0].net - option.net
    assert told["override"] == {
        "against": ["suggestion"],
        "reason": "brother lives there",
        "points": pytest.approx(lost),
    }
    assert "Det koster fellesskapet" in told["summary"]["nb"]


def test_a_barred_option_says_why_in_both_languages(caseworker, night):
    """Sentences are those of the rules, made of stored codes and facts."""

    def soft(ranking, option) -> bool:
        broken = ranking.broken_rules(option)
        rules = {v.rule for v in broken}
        return (
            bool(rules)
            and not rules & {"security", "address_protection", "refusal"}
            and not (rules & {"crisis_setup", "minors_setup", "ban", "pin"})
        )

    household, option = lone(night, soft)
    asked = new(household, option.municipality, reason="the council has promised")
    made = caseworker.post(PROPOSALS, json=asked)
    assert made.status_code == 201, made.text
    event = made.json()["proposals"][0]["decision"]
    told = caseworker.get(f"{DECISIONS}/{event}").json()
    chosen = next(o for o in told["options"] if o["municipality"] == option.municipality)
    broken = night.ranking(household).broken_rules(option)
    assert [c["of"] for c in chosen["broken"]] == [v.rule for v in broken]
    for language in ("nb", "en"):
        assert [c["sentence"][language] for c in chosen["broken"]] == [
            render_reason(Reason(v.reason.code, v.reason.facts), language) for v in broken
        ]
    assert set(told["override"]["against"]) == {"suggestion", *(v.rule for v in broken)}


def test_a_rule_that_keeps_people_from_harm_is_not_overridden(caseworker, night):
    """Minors do not come where there is no set-up for them, whatever the reason."""

    def harmful(ranking, option) -> bool:
        return any(v.rule in ("minors_setup", "crisis_setup") for v in ranking.broken_rules(option))

    household, option = lone(night, harmful)
    refused = caseworker.post(PROPOSALS, json=new(household, option.municipality, reason="please"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/protected")
    assert set(refused.json()["rules"]) & {"minors_setup", "crisis_setup"}


def test_without_a_night_the_decision_says_so(app, client_as):
    """No options were shown."""
    caseworker = client_as(Role.CASEWORKER)
    fill(app)
    event = caseworker.post(PROPOSALS, json=new()).json()["proposals"][0]["decision"]
    told = caseworker.get(f"{DECISIONS}/{event}").json()
    assert (told["run"], told["options"]) == (None, [])
    assert "no night was complete" in told["summary"]["en"]
    assert "uten at noen natt var fullført" in told["summary"]["nb"]


def test_a_rule_that_is_no_more_is_told_by_its_code(night):
    """Years later, with its facts."""
    cause = TracedReason("gone", "gone.far", {"km": 7})
    option = night(night.instance.households[0].id, "0301").options[0]
    event = Event(1, NOON, NOON.date(), "a", "b", EventKind.PROPOSED)
    trace = Trace("H", "0301", NOON.date(), options=(replace(option, broken=(cause,)),))
    (told,) = describe_decision(event, trace).options[0].broken
    assert (told.title.en, told.sentence.nb) == ("gone", "gone.far km: 7")


def test_what_is_no_proposal_is_not_found(app, client_as):
    """Another event, or none."""
    caseworker = client_as(Role.CASEWORKER)
    fill(app)
    assert caseworker.get(f"{DECISIONS}/1").status_code == 404
    assert caseworker.get(f"{DECISIONS}/99999").status_code == 404


def test_what_was_kept_reads_back_as_it_was(app, caseworker, night):
    """To the last number."""
    household, option = lone(night, best)
    made = caseworker.post(PROPOSALS, json=new(household, option.municipality)).json()
    _, trace = get_decision(app.state.store, made["proposals"][0]["decision"])
    assert trace == night(household, option.municipality)
