"""The real municipality facts add up to what their owners publish."""

import csv
import tomllib
from collections import Counter
from importlib.resources import files

import pytest

from instances import real_municipalities
from instances.municipalities import municipalities_without_decision, requested_minors
from matcher.domain import Answer

DATA = files("instances") / "data"


def test_there_are_357_municipalities_with_distinct_numbers_of_four_digits() -> None:
    numbers = [m.number for m in real_municipalities()]
    assert len(numbers) == 357 == len(set(numbers))
    assert all(len(number) == 4 and number.isdigit() for number in numbers)
    assert numbers == sorted(numbers)


def test_landsdeler_have_as_many_municipalities_as_in_the_report() -> None:
    counts = Counter(m.landsdel for m in real_municipalities())
    assert counts == {
        "Nord-Norge": 80,
        "Trøndelag": 38,
        "Vestlandet": 93,
        "Sørlandet": 25,
        "Østlandet": 121,
    }


def test_centrality_classes_have_as_many_municipalities_as_in_the_report() -> None:
    counts = Counter(m.centrality for m in real_municipalities())
    assert [counts[c] for c in range(1, 7)] == [5, 21, 54, 65, 104, 108]


def test_size_classes_have_as_many_municipalities_as_in_the_report() -> None:
    bounds = (50_000, 20_000, 10_000, 5_000, 2_000, 0)
    counts = Counter(
        next(b for b in bounds if (m.population or 0) >= b) for m in real_municipalities()
    )
    assert [counts[b] for b in bounds] == [20, 46, 47, 70, 97, 77]


def test_requests_of_2024_add_up() -> None:
    assert sum(m.ledger.requested or 0 for m in real_municipalities()) == 36_985
    minors = requested_minors()
    assert sum(minors.values()) == 610
    assert sum(n > 0 for n in minors.values()) == 57


def test_decisions_of_2024_are_published_for_all_but_six() -> None:
    assert len(municipalities_without_decision()) == 6
    assert sum(m.ledger.decided or 0 for m in real_municipalities()) == 28_327
    assert all(
        m.ledger.decided is None
        for m in real_municipalities()
        if m.number in municipalities_without_decision()
    )


def test_208_have_an_upper_secondary_school_and_47_an_acute_hospital() -> None:
    ms = real_municipalities()
    assert sum(m.upper_secondary is Answer.YES for m in ms) == 208
    assert sum(bool(m.hospitals) for m in ms) == 47
    assert all(name == name.strip() != "" for m in ms for name in m.hospitals)


def test_what_nobody_publishes_is_unknown() -> None:
    for m in real_municipalities():
        made_up_elsewhere = (m.lar, m.step_free, m.specialist_care, m.crisis_setup, m.continuous)
        assert set(made_up_elsewhere) == {Answer.UNKNOWN}
        assert m.quartile is None
        assert m.interpreter_languages is None
        assert m.ledger.receive_now is None


def test_oslo_is_what_everyone_knows_it_to_be() -> None:
    oslo = next(m for m in real_municipalities() if m.number == "0301")
    assert (oslo.name, oslo.county, oslo.landsdel, oslo.centrality) == (
        "Oslo",
        "Oslo",
        "Østlandet",
        1,
    )
    assert (oslo.ledger.requested, oslo.ledger.decided) == (1650, 1648)
    assert len(oslo.hospitals) == 3


@pytest.mark.parametrize("name", ["municipalities.csv", "composition_2010_2023.csv"])
def test_every_column_of_the_data_names_its_source_year_unit_and_check(name: str) -> None:
    sources = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))
    with (DATA / name).open(encoding="utf-8") as file:
        header = next(csv.reader(file))
    columns = sources[name]["columns"]
    assert set(columns) == set(header)
    assert all(set(c) == {"source", "year", "unit", "check"} for c in columns.values())


def test_the_owners_of_the_registers_are_credited() -> None:
    credits = tomllib.loads((DATA / "sources.toml").read_text(encoding="utf-8"))["credits"]
    assert set(credits) == {"ssb", "udir", "geonames", "imdi", "fafo"}
    assert "CC BY 4.0" in credits["geonames"]
