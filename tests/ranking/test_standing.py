"""A plan beside the files it is asked about, as rankings and explanations find it."""

from dataclasses import replace

import numpy as np
import pytest

from matcher import Policy, StopCriteria, read, solve
from matcher.cli.loaded_plan import load_plan
from matcher.cli.shared import UsageError
from matcher.domain.errors import PolicyError
from matcher.files import write
from matcher.policy.policy import HEADER_KEYS
from matcher.problem.problem import Problem
from matcher.report.results import DamagedResultError, ResultNotFoundError, write_result
from matcher.solve import price_places
from tests.policy.rules.asked import town
from tests.ranking.cases import PLAIN, adults, night, place

OWN = PLAIN.with_term("stability", threshold=7.0)
"""The policy of the plan, another than the default one."""


def files(folder, *, places=2, queue=("H", "I", "J"), earlier=()):
    """A folder with a queue of single persons, few places at once and enough later."""
    towns = [place("0001", places), place("0002", 9, 10)]
    towns = [replace(t, latitude=60.0, longitude=10.0) for t in towns]
    write(night([adults(h) for h in queue], towns, earlier), folder)
    return folder


def planned(data, folder=None, policy=OWN):
    """The best plan of the files, with prices, in a folder."""
    problem = Problem.of(read(data), policy)
    result = solve(problem, backend="highs", stop=StopCriteria(60, 0))
    result = replace(result, prices=price_places(problem, result.choice))
    write_result(folder or data / "plan", problem, result)
    return problem, result


@pytest.fixture
def data(tmp_path):
    """Files with a plan of their own."""
    planned(files(tmp_path / "tonight"))
    return tmp_path / "tonight"


def said(stand):
    """Every note has its sentence in both languages; the notes."""
    for language in ("nb", "en"):
        lines = stand.note_sentences(language)
        assert len(lines) == len(stand.note_keys)
        assert all(lines)
    return stand.note_keys


def test_without_a_plan_there_are_no_prices_and_it_is_said(tmp_path):
    """The default policy, no choice."""
    stand = load_plan(files(tmp_path / "d"), None, None)
    assert (stand.choice, stand.prices, said(stand)) == (None, None, ("no_prices",))
    assert stand.problem.policy.hash == Policy.default().hash


def test_a_fresh_plan_stands_with_its_own_policy_and_prices(data):
    """Nothing to say; the prices are those that were saved."""
    _, result = planned(data)
    stand = load_plan(data, None, None)
    assert said(stand) == ()
    assert stand.note_facts == {"notes": [], "broken_rules": 0}
    assert stand.problem.policy.hash == OWN.hash
    assert stand.choice.tolist() == result.choice.tolist()
    for one, other in zip(stand.prices.resources, result.prices.resources, strict=True):
        assert np.array_equal(one, other)
    assert any(p.any() for p in stand.prices.resources)


def test_a_policy_that_is_named_goes_before_the_plans_own(data):
    """It is used, the prices are found anew, and that is said."""
    stand = load_plan(data, None, "speed-first")
    assert stand.problem.policy.hash == Policy.named("speed-first").hash
    assert said(stand) == ("other_policy",)
    assert stand.prices is not None


def test_the_plans_own_policy_is_used_whatever_it_is_called(data, tmp_path):
    """A file with the same content is the same policy: the saved prices hold."""
    path = tmp_path / "same.toml"
    sections = {"rules": OWN.rules, "terms": OWN.terms}
    lines = [
        f"[{section}.{name}]\n" + "".join(f"{k} = {v}\n" for k, v in given.items())
        for section, entries in sections.items()
        for name, given in entries.items()
    ]
    path.write_text("\n".join(lines))
    assert HEADER_KEYS[0] not in path.read_text()
    assert said(load_plan(data, None, str(path))) == ()


def test_files_that_have_changed_are_said_and_priced_anew(data):
    """One place more at once: the plan still keeps the rules, and nothing is scarce now."""
    files(data, places=3)
    stand = load_plan(data, None, None)
    assert said(stand) == ("files_changed",)
    assert stand.broken_rules == 0
    assert not any(p.any() for p in stand.prices.resources)


def test_both_are_said_when_files_and_policy_have_changed(data):
    """Files first."""
    files(data, places=3)
    assert said(load_plan(data, None, "default")) == ("files_changed", "other_policy")


def test_a_plan_that_breaks_rules_now_gives_no_prices_and_says_how_many(data):
    """Two are planned where no place is left: one rule, for one municipality."""
    files(data, places=0)
    stand = load_plan(data, None, None)
    assert said(stand) == ("broken",)
    assert stand.prices is None
    assert stand.broken_rules == 1
    assert stand.note_facts == {"notes": ["broken"], "broken_rules": 1}
    assert all("1" in line for language in ("nb", "en") for line in stand.note_sentences(language))
    assert (stand.choice == 0).sum() == 2


def test_a_household_more_in_the_queue_is_unplaced_in_the_plan(data):
    """The plan says nothing of it; the others stand."""
    files(data, queue=("H", "I", "J", "K"))
    stand = load_plan(data, None, None)
    assert stand.choice[3] == -1
    assert (stand.choice[:3] >= 0).all()
    assert said(stand) == ("files_changed",)


def test_a_plan_of_other_households_is_refused(data):
    """The files and the household that they lack are named."""
    files(data, queue=("X", "Y"))
    with pytest.raises(UsageError, match=r"not of the files in .*tonight.*'[HIJ]'"):
        load_plan(data, None, None)


def test_a_plan_of_other_municipalities_is_refused(data):
    """The municipality that the files lack is named."""
    write(night([adults(h) for h in "HIJ"], [town("0007", latitude=60.0, longitude=9.0)]), data)
    with pytest.raises(UsageError, match=r"not of the files in .*tonight.*'000[12]'"):
        load_plan(data, None, None)


def test_a_plan_that_parts_linked_households_is_refused(data):
    """They have been linked since and are planned apart."""
    towns = [place("0001", 2), place("0002", 9, 10)]
    towns = [replace(t, latitude=60.0, longitude=10.0) for t in towns]
    links = [("H", "I"), ("I", "J")]
    write(night([adults(h) for h in "HIJ"], towns, links=tuple(links)), data)
    with pytest.raises(UsageError, match=r"H\+I\+J are placed apart"):
        load_plan(data, None, None)


def test_a_plan_in_a_folder_of_its_own_is_read_there_and_must_be_there(data, tmp_path):
    """Named, it is used instead of the one beside the files; missing, it is an error."""
    other = tmp_path / "other"
    planned(data, other, PLAIN)
    assert load_plan(data, other, None).problem.policy.hash == PLAIN.hash
    with pytest.raises(ResultNotFoundError, match="nowhere"):
        load_plan(data, tmp_path / "nowhere", None)


@pytest.mark.parametrize("name", ["result.json", "prices.csv"])
def test_a_damaged_plan_is_not_taken_for_none(data, name):
    """The file is named, though no plan was asked for by name."""
    (data / "plan" / name).write_text("")
    with pytest.raises(DamagedResultError, match=name.replace(".", r"\.")):
        load_plan(data, None, None)


def test_a_policy_that_does_not_exist_is_named(data):
    """With the ones that do."""
    with pytest.raises(PolicyError, match="nope"):
        load_plan(data, None, "nope")
