"""Instances are the same for the same seed, point only to what is there, and keep the ledger."""

import hashlib
import json
from dataclasses import MISSING, fields, is_dataclass
from itertools import pairwise

import pytest

from instances import Profile, generate
from instances.profile_files import PROFILE_FOLDER
from matcher.domain import Answer, Instance
from matcher.domain.tables import build_tables

SMALL_SEED_1 = "b45a834188a896d9e067d659fd346ac5ea41f8ddc3a305f17157d764bfca1c82"


def content(value: object) -> object:
    """Give plain lists and words, without fields that are as they would be anyway."""
    if is_dataclass(value):
        return {
            f.name: content(getattr(value, f.name))
            for f in fields(value)
            if f.default is MISSING or getattr(value, f.name) != f.default
        }
    if isinstance(value, tuple):
        return [content(each) for each in value]
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)


def fingerprint(instance: Instance) -> str:
    text = json.dumps(content(instance), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def test_small_with_seed_1_is_what_it_has_always_been(small: Instance) -> None:
    assert fingerprint(small) == SMALL_SEED_1


def test_the_same_seed_gives_the_same_instance_and_another_seed_another(night: Instance) -> None:
    profile = Profile.read("night")
    assert fingerprint(generate(profile, seed=1)) == fingerprint(night)
    assert fingerprint(generate(profile, seed=2)) != fingerprint(night)


def test_services_of_a_municipality_do_not_change_with_the_seed(
    night: Instance, small: Instance
) -> None:
    offered = {m.number: (m.lar, m.interpreter_languages, m.jobs) for m in night.municipalities}
    for m in small.municipalities:
        assert offered[m.number] == (m.lar, m.interpreter_languages, m.jobs)


def test_the_number_of_households_can_be_chosen() -> None:
    for number in (1, 2, 7, 777):
        assert len(generate(Profile.read("night"), seed=1, households=number).households) == number


@pytest.mark.parametrize(("seed", "households"), [(-1, 5), (0, 0), (0, 1_000_001)])
def test_impossible_numbers_are_refused_with_advice(seed: int, households: int) -> None:
    with pytest.raises(ValueError, match="give a whole number"):
        generate(Profile.read("night"), seed=seed, households=households)


def test_a_municipality_that_does_not_exist_is_named(tmp_path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('extends = "_base"\n[places]\ninclude = ["0301", "9999"]\n')
    with pytest.raises(ValueError, match="names 9999, which is no municipality"):
        generate(Profile.read(path), seed=1)


@pytest.mark.slow
def test_every_instance_becomes_tables(each: Instance) -> None:
    tables = build_tables(each)
    assert int(tables.households.size.sum()) == each.persons
    assert not (tables.households.pinned_to == -2).any()


def test_identifiers_are_unique_and_in_the_order_of_waiting(each: Instance) -> None:
    ids = [h.id for h in each.households]
    assert ids == sorted(set(ids))
    assert len({p.id for h in each.households for p in h.members}) == each.persons
    assert all(a.ready_since <= b.ready_since for a, b in pairwise(each.households))
    homes = [d.id for m in each.municipalities for d in m.dwellings]
    assert len(homes) == len(set(homes))


def test_whatever_a_household_points_to_exists(each: Instance) -> None:
    numbers = {m.number for m in each.municipalities}
    hospitals = {name for m in each.municipalities for name in m.hospitals}
    for h in each.households:
        named = {h.lives_in, h.pinned_to} - {None}
        named |= {b.municipality for b in h.bans} | {f.municipality for f in h.family}
        named |= {w.value for w in h.wishes if w.kind.value == "municipality"}
        assert named <= numbers
        assert {p.hospital_name for p in h.members} - {None} <= hospitals


def test_links_join_two_households_that_are_there_and_fit_one_place(each: Instance) -> None:
    size = {h.id: h.size for h in each.households}
    joined = [part for link in each.links for part in link]
    assert len(joined) == len(set(joined))
    assert all(size[one] + size[other] <= 9 for one, other in each.links)
    share = len(joined) / len(each.households)
    assert 0.03 <= share <= (0.1 if len(each.households) == 40 else 0.05)


def test_nothing_that_binds_a_household_contradicts_itself(each: Instance) -> None:
    linked = {part for link in each.links for part in link}
    for h in each.households:
        barred = {b.municipality for b in h.bans}
        assert len(barred) == len(h.bans)
        assert not barred & {h.pinned_to, *(f.municipality for f in h.family)}
        if h.pinned_to or any(f.must_hold for f in h.family):
            assert h.id not in linked
        assert not (h.pinned_to and h.family)
        if h.pinned_to:
            assert not any(p.unaccompanied or p.hospital_name for p in h.members)


def test_ledgers_are_never_negative_and_minors_are_within_the_persons(each: Instance) -> None:
    for m in each.municipalities:
        ledger = m.ledger
        assert min(ledger.settled, ledger.promised, ledger.open, ledger.extra) >= 0
        assert min(ledger.minors_settled, ledger.minors_promised, ledger.minors_open) >= 0
        assert ledger.minors_settled <= ledger.settled
        assert ledger.minors_promised <= ledger.promised
        assert ledger.minors_open <= ledger.open
        assert ledger.receive_now is None or 0 <= ledger.receive_now <= ledger.open


def test_minors_have_a_set_up_where_imdi_requested_places_for_them(each: Instance) -> None:
    for m in each.municipalities:
        assert (m.minors_setup is Answer.YES) == (m.ledger.minors_decided > 0)


def test_decided_places_are_the_councils_where_they_are_published(night: Instance) -> None:
    by_name = {m.number: m.ledger for m in night.municipalities}
    assert (by_name["0301"].requested, by_name["0301"].decided) == (1650, 1648)
    assert by_name["3120"].decided == by_name["3120"].requested == 50
    assert "municipalities.decided" in night.made_up


def test_small_has_twenty_municipalities_with_published_decisions(small: Instance) -> None:
    assert len(small.municipalities) == 20
    assert {m.centrality for m in small.municipalities} == set(range(1, 7))
    assert len({m.landsdel for m in small.municipalities}) == 5
    assert "municipalities.decided" not in small.made_up


def test_tight_has_more_persons_than_places(tight: Instance) -> None:
    assert sum(m.ledger.open for m in tight.municipalities) < 0.85 * tight.persons


def test_november_has_few_places_left(november: Instance) -> None:
    left = sum(m.ledger.open for m in november.municipalities)
    assert left < 0.05 * sum(m.ledger.decided for m in november.municipalities)
    assert left > november.persons


def test_the_year_has_places_for_everyone(year: Instance) -> None:
    assert sum(m.ledger.open for m in year.municipalities) > year.persons
    minors = sum(p.unaccompanied for h in year.households for p in h.members)
    assert sum(m.ledger.minors_open for m in year.municipalities) > minors


def test_a_night_has_places_to_receive_now_for_everyone_but_not_many_more(night: Instance) -> None:
    now = sum(m.ledger.receive_now or 0 for m in night.municipalities)
    assert night.persons < now < 2 * night.persons


def test_about_a_third_list_their_homes_and_only_they_do(night: Instance) -> None:
    lists = [m for m in night.municipalities if m.reports_dwellings is Answer.YES]
    assert 0.33 < len(lists) / len(night.municipalities) < 0.37
    assert all(m.reports_dwellings is Answer.YES for m in night.municipalities if m.dwellings)
    homes = [d for m in lists for d in m.dwellings]
    assert {d.beds for d in homes} <= set(range(1, 9))
    assert 0.1 < sum(d.step_free is Answer.YES for d in homes) / len(homes) < 0.3


def test_who_becomes_ready_later_cannot_move_before_that(year: Instance) -> None:
    for h in year.households:
        if h.ready_since > year.today:
            assert h.earliest_move is not None
            assert h.earliest_move >= h.ready_since


def test_deadlines_are_shorter_for_families_with_children(night: Instance) -> None:
    for h in night.households:
        ages = [p.age_on(night.today) for p in h.members]
        if h.deadline is not None and None not in ages:
            children = any(age < 18 for age in ages if age is not None)
            assert (h.deadline - h.ready_since).days == (90 if children else 180)


def test_some_plan_by_weeks_and_a_family_has_room_in_a_week(night: Instance) -> None:
    plans = [m.weeks for m in night.municipalities if m.weeks]
    assert 0.05 < len(plans) / len(night.municipalities) < 0.25
    assert all(w.week > night.today and w.week.weekday() == 0 for plan in plans for w in plan)
    assert max(w.persons for plan in plans for w in plan) >= 5
    assert any(w.persons == 0 for plan in plans for w in plan)


def test_made_up_columns_are_columns(night: Instance) -> None:
    assert {entry.split(".")[0] for entry in night.made_up} == {
        "households",
        "members",
        "municipalities",
        "dwellings",
        "weeks",
        "links",
    }
    published = {"name", "population", "requested", "immigrant_share", "upper_secondary"}
    assert not {f"municipalities.{column}" for column in published} & set(night.made_up)
    assert len(night.made_up) == len(set(night.made_up))


def test_crisis_is_a_year_with_ten_times_the_households() -> None:
    year, crisis = Profile.read("year"), Profile.read("crisis")
    assert crisis.queue.households == 10 * year.queue.households
    assert crisis.needs == year.needs
    assert (PROFILE_FOLDER / "crisis.toml").read_text(encoding="utf-8").count(
        'extends = "year"'
    ) == 1
    some = generate(crisis, seed=1, households=2000)
    assert all(h.ready_since <= some.today for h in some.households)
