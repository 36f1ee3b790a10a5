"""Policies: what is on, with what weight, read from files, refused when wrong."""

from dataclasses import replace
from datetime import date

import pytest

from matcher.domain.errors import PolicyError
from matcher.policy.catalogue import load_catalogue
from matcher.policy.policy import NOT_YET_DECIDED, Policy, list_policy_names


def read(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return Policy.read(path)


@pytest.mark.parametrize("name", list_policy_names())
def test_policies_that_come_along_are_whole(name):
    """Each can be made, says who stands behind it, and has a level 1."""
    policy = Policy.named(name)
    chosen = policy.build_rules()
    assert policy.name == name
    assert policy.decided_by == NOT_YET_DECIDED
    assert isinstance(policy.decided_on, date)
    assert [t.id for t in chosen.terms if t.level == 1] == ["places_first"]


def test_default_policy_names_every_rule_but_the_interpreter():
    """A rule that is added must be decided on."""
    assert set(load_catalogue().section("rules")) - set(Policy.default().rules) == {"interpreter"}
    off = {"concentration", "alone_in_language", "immigrant_share", "language_community"}
    assert set(load_catalogue().section("terms")) - set(Policy.default().terms) == off


def test_defaults_in_code_are_those_of_the_default_policy():
    """Switching a term on without parameters gives what the default policy says."""
    for section in ("rules", "terms"):
        for identifier, given in getattr(Policy.default(), section).items():
            shape = load_catalogue().entries[identifier].rule_type()
            assert {name: getattr(shape, name) for name in given} == dict(given), identifier


def test_extending_replaces_what_is_named_and_keeps_the_rest(tmp_path):
    """One parameter of one term."""
    text = 'extends = "default"\nname = "mine"\n[terms.speed]\nchild = 3.0\n'
    policy = read(tmp_path, text)
    assert policy.terms["speed"] == {**Policy.default().terms["speed"], "child": 3.0}
    assert {**policy.terms, "speed": 0} == {**Policy.default().terms, "speed": 0}
    assert policy.rules == Policy.default().rules
    assert (policy.name, policy.decided_by) == ("mine", Policy.default().decided_by)


def test_without_extending_only_what_is_named_is_on(tmp_path):
    """No hidden default."""
    chosen = read(tmp_path, 'name = "mine"\n[rules.lar]\n').build_rules()
    assert [r.id for r in chosen.pair_rules] == ["lar"]
    assert (chosen.budgets, chosen.terms, chosen.spread_terms) == ((), (), ())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[rules.hospitl]", r"rules.hospitl does not exist; did you mean 'hospital'\?"),
        ("[terms.sped]", r"terms.sped does not exist; did you mean 'speed'\?"),
        ("[terms.lar]", r"terms.lar does not exist"),
        ("[rules.xyzxyz]", r"rules.xyzxyz does not exist; there are address_protection, "),
        ("[rules.hospital]\nminutes = 0", r"rules.hospital.*minutes is 0; give a travel time"),
        ("[rules.hospital]\nminutes = 'far'", r"rules.hospital.minutes = 'far': .*integer"),
        ("[rules.hospital]\nminuts = 9", r"rules.hospital.minuts = 9: "),
        ("[terms.stay]\nyears = 6", r"terms.stay.years = 6: .*5 or 7"),
        ("[terms.speed]\nchild = nan", r"terms.speed.*child is nan"),
        ("[rules]\nlar = 3", r"rules.lar is 3; write \[rules.lar\]"),
        ("[term.speed]", r"unknown keys \['term'\]; known are name, version"),
        ("extends = 'nothing'", r"no policy called 'nothing'; there are default"),
        ("name = ", r"is not TOML"),
        ("rules = 3", r"rules is 3; write sections \[rules.name\]"),
        ("extends = 3", r"no policy called 3"),
    ],
)
def test_what_is_wrong_is_named_with_advice(tmp_path, text, message):
    """Identifier, value, and what to write instead."""
    with pytest.raises(PolicyError, match=message):
        read(tmp_path, text)


def test_a_file_that_is_not_there_is_named():
    """With the policies that are."""
    with pytest.raises(PolicyError, match=r"no policy file nowhere.toml; names are default"):
        Policy.read("nowhere.toml")
    with pytest.raises(PolicyError, match="no policy called 'nowhere'"):
        Policy.read("nowhere")


def test_hash_follows_weights_and_not_names():
    """Who decided and when affects no plan."""
    default = Policy.default()
    other = replace(default, name="x", version="9", decided_by="someone", decided_on=None)
    assert other.hash == default.hash
    assert default.with_term("speed", child=1.6).hash != default.hash
    assert default.with_rule("interpreter").hash != default.hash
    assert default.without("lar").hash != default.hash


def test_hash_does_not_depend_on_the_order_of_writing(tmp_path):
    """Sections in another order."""
    one = read(tmp_path, "[rules.lar]\n[rules.pin]\n[terms.speed]\nchild = 1.0\nminor = 2.0\n")
    other = read(tmp_path, "[terms.speed]\nminor = 2.0\nchild = 1.0\n[rules.pin]\n[rules.lar]\n")
    assert one.hash == other.hash


def test_changing_a_copy_leaves_the_policy_as_it_was():
    """Frozen all the way down."""
    default = Policy.default()
    before = default.hash
    default.with_term("speed", child=9.0)
    default.without("speed")
    assert default.hash == before
    assert "speed" not in default.without("speed").terms
