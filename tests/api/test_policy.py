"""The policy in force, the policies to choose from, and the rule book."""

import pytest

from matcher.domain.roles import Role
from matcher.policy.catalogue import load_catalogue
from matcher.policy.policy import Policy, list_policy_names
from tests.api.queue import fill
from tests.api.working import a_night


@pytest.fixture
def reader(client_as):
    return client_as(Role.MUNICIPALITY, municipality="0301")


def test_before_the_first_night_the_default_is_in_force(reader):
    """With the values of all its parameters."""
    told = reader.get("/api/v1/policy").json()
    default = Policy.default()
    assert (told["name"], told["hash"], told["source"]) == ("default", default.hash, "project")
    assert told["rules"].keys() == default.rules.keys()
    assert told["terms"]["speed"]["person_days_per_stayer"] == 90


@pytest.mark.slow
def test_the_policy_of_the_last_night_is_in_force(app, client_as, reader):
    """Its source is that night's run; a night that names none takes it over."""
    fill(app)
    a_night(app, client_as, policy="stay-first")
    night = a_night(app, client_as)
    told = reader.get("/api/v1/policy").json()
    assert (told["hash"], told["source"]) == (Policy.named("stay-first").hash, night)


def test_the_policies_of_the_project_are_listed(reader):
    """Each with its hash."""
    told = reader.get("/api/v1/policies").json()
    assert {p["name"]: p["hash"] for p in told} == {
        name: Policy.named(name).hash for name in list_policy_names()
    }


def test_the_rule_book_has_every_rule_in_both_languages(reader):
    """Title, sentence, source, defaults, every reason, and whether it is in force."""
    told = {rule["id"]: rule for rule in reader.get("/api/v1/rules").json()}
    entries = load_catalogue().entries
    assert told.keys() == entries.keys()
    for identifier, entry in entries.items():
        rule = told[identifier]
        assert rule["title"] == {"nb": entry.title("nb"), "en": entry.title("en")}
        assert rule["sentence"]["nb"] == entry.sentence("nb")
        assert rule["source"] == entry.rule_type.source
        assert len(rule["reasons"]) == len(entry.texts["nb"]) - 2
    assert told["lar"]["in_force"] and not told["interpreter"]["in_force"]
    assert told["stability"]["parameters"] == {
        "threshold": 150.0,
        "suggestion_threshold": 40.0,
    }


def test_nobody_unknown_reads_them(anonymous):
    """They are no secret, but the service answers to those who are known."""
    for path in ("policy", "policies", "rules"):
        assert anonymous.get(f"/api/v1/{path}").status_code == 401
