"""The fields of an option are listed once, and everything that shows options follows."""

from dataclasses import fields
from datetime import date

from api.placements.schemas import OPTION_EXAMPLE, PlacementRanking, RankingOption
from api.proposals.decision_schemas import DecisionOption
from matcher.domain.option import OPTION_FIELDS, Option
from matcher.domain.trace import TracedOption
from matcher.store.traces import TRACE_ADAPTER

OPTION = Option(
    municipality="0301",
    name="Oslo",
    county="Oslo",
    allowed=True,
    rank=1,
    own_rank=3,
    net=2011.40004,
    points=2431.0,
    by_term={"stay": 2764.00006},
    dispersion={"plan_adherence": -0.00001},
    cost={"places_this_year": 407.0},
    stay=0.69004,
    stay_low=None,
    stay_high=None,
    open_places=120,
    asked_for=11,
    left=3,
    earliest=date(2026, 12, 22),
    wishes_met=(0,),
)
STORED = """{"household":"H1","municipality":"0301","day":"2026-11-22","run":"night-1",
"suggested":"0301","priced":true,"considered":357,"allowed":212,"barred":{"lar":80},
"options":[{"municipality":"0301","name":"Oslo","county":"Oslo","allowed":true,"rank":1,
"own_rank":3,"points":2431.0,"net":2011.4,"by_term":{"stay":2764.0},
"dispersion":{"plan_adherence":-12.6},"cost":{"places_this_year":407.0},"stay":0.69,
"stay_low":0.64,"stay_high":0.74,"open_places":120,"left":3,"earliest":"2026-12-22",
"broken":[],"cautions":[{"of":"lar","code":"lar.unknown","facts":{"municipality":"Oslo"},
"protects":false}],"reasons":[],"in_its_way":["H7"]}]}"""
"""A trace as it was stored before options had one list of fields."""


def test_all_that_shows_options_has_the_fields_of_an_option_first():
    """In the same order, with more behind them."""
    for shape in (TracedOption, RankingOption, DecisionOption):
        assert tuple(f.name for f in fields(shape))[: len(OPTION_FIELDS)] == OPTION_FIELDS
    assert tuple(OPTION_EXAMPLE)[: len(OPTION_FIELDS)] == OPTION_FIELDS
    assert tuple(OPTION.json_values()) == tuple(OPTION.values()) == OPTION_FIELDS


def test_the_schema_describes_every_field_of_an_option():
    """With the description that stands beside the field."""
    shown = PlacementRanking.model_json_schema()["$defs"]["RankingOption"]
    assert shown["examples"] == [OPTION_EXAMPLE]
    assert set(shown["required"]) == set(shown["properties"])
    for field in fields(Option):
        assert shown["properties"][field.name]["description"] == field.metadata["description"]


def test_points_and_probabilities_are_rounded_for_readers_alone():
    """Three and four decimals, no signed zero; the day is written as ISO 8601."""
    rounded = OPTION.json_values(rounded=True)
    assert (rounded["net"], rounded["by_term"]) == (2011.4, {"stay": 2764.0})
    assert str(rounded["dispersion"]["plan_adherence"]) == "0.0"
    assert (rounded["stay"], rounded["stay_low"]) == (0.69, None)
    assert OPTION.json_values()["net"] == 2011.40004
    assert OPTION.json_values()["earliest"] == rounded["earliest"] == "2026-12-22"


def test_traces_of_earlier_days_are_read():
    """Their options are written flat, with net behind points."""
    trace = TRACE_ADAPTER.validate_json(STORED)
    option = trace.option("0301")
    assert option is not None and (option.net, option.in_its_way) == (2011.4, ("H7",))
    assert (option.asked_for, option.wishes_met) == (None, ())
    assert option.cautions[0].reason.facts == {"municipality": "Oslo"}
    assert TRACE_ADAPTER.validate_json(TRACE_ADAPTER.dump_json(trace)) == trace
