"""The migration model against numbers worked by hand from table 4 of Fafo 2025:14."""

import numpy as np
import pytest

from matcher.domain import Answer, HouseholdType, ImmigrationGround, OutMigrationQuartile, Sex
from matcher.stay import Horizon, StayModel
from tests.policy.rules.asked import person, town
from tests.stay.reference_persons import REFERENCE, REFERENCE_TOWN, everyone, moving, tables

ROUNDING = 0.01**2 / 12


def test_reference_person_in_a_reference_municipality():
    """The constant alone: 0.21 within seven years, 0.13 within five, 0.08 in year six to seven."""
    members, place = [person(**REFERENCE)], town(**REFERENCE_TOWN)
    assert moving(members, place) == pytest.approx(0.21)
    assert moving(members, place, Horizon.FIVE_YEARS) == pytest.approx(0.13)
    assert moving(members, place, Horizon.YEAR_SIX_TO_SEVEN) == pytest.approx(0.08)


def test_a_woman_of_35_from_eritrea_in_a_small_northern_place():
    """Within seven years, by table 4.

    Constant 0.21; woman 0.02; 30-39 -0.06; woman 30-39 -0.01; living alone 0.14; Eritrea -0.11;
    resettlement refugee -0.10; centrality 6 0.06; Nord-Norge -0.01; 2000-4999 0.08; quartile
    high 0.35; does not settle continuously 0.03: together 0.60.

    Within five: 0.13 + 0.01 - 0.07 - 0.02 + 0.11 - 0.10 - 0.12 + 0.04 + 0.01 + 0.06 + 0.20
    + 0.00 = 0.25.
    """
    members = [
        person(age=35, sex=Sex.WOMAN, origin="Eritrea", ground=ImmigrationGround.RESETTLEMENT)
    ]
    place = town(
        centrality=6,
        landsdel="Nord-Norge",
        population=2000,
        quartile=OutMigrationQuartile.HIGH,
        continuous=Answer.NO,
    )
    assert moving(members, place, kind=None) == pytest.approx(0.60)
    assert moving(members, place, Horizon.FIVE_YEARS, None) == pytest.approx(0.25)


def test_a_family_is_the_mean_of_its_members():
    """A reference father (0.21) and his daughter of ten: 0.21 + 0.02 - 0.06 + 0.03 = 0.20.

    The mean is 0.205; in Oslo (centrality 1, -0.08) it is 0.125.
    """
    girl = person(id="2", **{**REFERENCE, "age": 10, "sex": Sex.WOMAN})
    members = [person(id="1", **REFERENCE), girl]
    assert moving(members, town(**REFERENCE_TOWN)) == pytest.approx(0.205)
    oslo = town(**{**REFERENCE_TOWN, "centrality": 1, "population": 700000})
    assert moving(members, oslo) == pytest.approx(0.125)


@pytest.mark.parametrize(
    ("age", "effect"),
    [(0, -0.06), (17, -0.06), (18, 0), (29, 0), (30, -0.06), (39, -0.06), (40, -0.11),
     (49, -0.11), (50, -0.14), (59, -0.14), (60, -0.14), (90, -0.14)],
)  # fmt: skip
def test_age_classes_begin_where_the_table_says(age, effect):
    """Both ends of every class."""
    members = [person(**{**REFERENCE, "age": age})]
    assert moving(members, town(**REFERENCE_TOWN)) == pytest.approx(0.21 + effect)


@pytest.mark.parametrize(
    ("population", "effect"),
    [(0, 0.15), (1999, 0.15), (2000, 0.08), (4999, 0.08), (5000, 0.09), (9999, 0.09),
     (10000, 0.07), (19999, 0.07), (20000, 0.04), (49999, 0.04), (50000, 0), (709037, 0)],
)  # fmt: skip
def test_size_classes_begin_where_the_table_says(population, effect):
    """Both ends of every class."""
    place = town(**{**REFERENCE_TOWN, "population": population})
    assert moving([person(**REFERENCE)], place) == pytest.approx(0.21 + effect)


def test_origins_outside_the_table_are_other_and_unknown_is_not():
    """Ukraine is another country (-0.01); not known is an average over table 5."""
    place = town(**REFERENCE_TOWN)
    assert moving([person(**{**REFERENCE, "origin": "Ukraine"})], place) == pytest.approx(0.20)
    unknown = moving([person(**{**REFERENCE, "origin": "unknown"})], place)
    assert unknown not in (pytest.approx(0.20), pytest.approx(0.21))


def test_unknown_sex_is_averaged_over_the_persons_of_table_5():
    """75 397 men and 66 353 women: 0.21 + 0.02 * 66353 / 141750 at 18-29."""
    members = [person(**{**REFERENCE, "sex": Sex.UNKNOWN})]
    expected = 0.21 + 0.02 * 66353 / 141750
    assert moving(members, town(**REFERENCE_TOWN)) == pytest.approx(expected)


def test_unknown_age_is_averaged_over_the_persons_of_table_5():
    """A man: 48 855 under 18, 37 850 of 18-29, 27 731, 14 603, 6 140 and 6 573 above."""
    members = [person(**{**REFERENCE, "age": None})]
    effects = -0.06 * 48855 - 0.06 * 27731 - 0.11 * 14603 - 0.14 * 6140 - 0.14 * 6573
    assert moving(members, town(**REFERENCE_TOWN)) == pytest.approx(0.21 + effects / 141752)


def test_unknown_ground_and_type_are_averaged_over_the_persons_of_table_5():
    """Grounds 57 228, 29 137, 55 287; the types of table 5 in turn."""
    place = town(**REFERENCE_TOWN)
    ground = moving([person(**{**REFERENCE, "ground": ImmigrationGround.UNKNOWN})], place)
    assert ground == pytest.approx(0.21 + (-0.10 * 29137 - 0.03 * 55287) / 141652)
    types = 0.14 * 17693 + 0.14 * 3944 + 0 * 35047 + 0.15 * 9779 + 0.19 * 411
    pair = [person(id=k, **REFERENCE) for k in "12"]
    assert moving(pair, place, kind=None) == pytest.approx(0.21 + types / 66874)


def test_unknown_origin_is_averaged_over_table_5_with_ukraine_among_other_countries():
    """26 925 of other countries: Sudan, Ethiopia and the rest as 2671 to 2041 to 6404 (table 2)."""
    got = moving([person(**{**REFERENCE, "origin": "unknown"})], town(**REFERENCE_TOWN))
    sudan, ethiopia = (26925 * n / (2671 + 2041 + 6404) for n in (2671, 2041))
    other = 26925 - sudan - ethiopia + 50653
    effects = (
        -0.11 * 13916
        - 0.06 * 7012
        + 0.01 * 7947
        - 0.07 * sudan
        + 0.11 * 3450
        - 0.04 * ethiopia
        + 0.04 * 2783
        - 0.01 * other
    )
    assert got == pytest.approx(0.21 + effects / 141752)


def test_variance_of_one_case_worked_by_hand():
    """A woman of 25, reference in all else, in centrality 1.

    Standard errors 0.01 for the constant, for woman and for centrality 1, each with the rounding
    to hundredths (0.01^2 / 12): the variance is 3 * (0.0001 + 0.00000833) = 0.000325, half the
    interval 1.96 * 0.018028 = 0.035334 around 1 - (0.21 + 0.02 - 0.08) = 0.85.
    """
    members = [person(**{**REFERENCE, "sex": Sex.WOMAN})]
    got = StayModel().predict(*tables(members, town(**{**REFERENCE_TOWN, "centrality": 1})))
    half = 1.96 * np.sqrt(3 * (0.01**2 + ROUNDING))
    assert got.probability[0, 0] == pytest.approx(0.85)
    assert got.low[0, 0] == pytest.approx(0.85 - half)
    assert got.high[0, 0] == pytest.approx(0.85 + half)
    assert half == pytest.approx(0.035334, abs=1e-5)


def test_what_is_not_known_widens_the_interval():
    """Each unknown fact of person or place, and all together most of all."""
    known = interval(REFERENCE, REFERENCE_TOWN)
    blank = {
        "age": None,
        "sex": Sex.UNKNOWN,
        "origin": "unknown",
        "ground": ImmigrationGround.UNKNOWN,
    }
    for name, value in blank.items():
        assert interval({**REFERENCE, name: value}, REFERENCE_TOWN) > known, name
    empty = {"centrality": None, "landsdel": "", "population": None, "quartile": None}
    for name, fact in {**empty, "continuous": Answer.UNKNOWN}.items():
        assert interval(REFERENCE, {**REFERENCE_TOWN, name: fact}) > known, name
    woman = {
        **REFERENCE,
        "sex": Sex.WOMAN,
        "origin": "Iran",
        "ground": ImmigrationGround.RESETTLEMENT,
    }
    assert interval(blank, REFERENCE_TOWN) > interval(woman, REFERENCE_TOWN)


def interval(facts, place):
    got = StayModel().predict(*tables([person(**facts)], town(**place)))
    assert got.low[0, 0] <= got.probability[0, 0] <= got.high[0, 0]
    return got.high[0, 0] - got.low[0, 0]


def test_shown_probabilities_stay_between_nothing_and_certainty():
    """A linear model goes below 0 for those who move most: 0.21 + 0.14 + 0.11 + ... is above 1."""
    mover = [person(**{**REFERENCE, "origin": "Iran"})]
    place = town(
        centrality=6,
        landsdel="Trøndelag",
        population=500,
        quartile=OutMigrationQuartile.HIGH,
        continuous=Answer.NO,
    )
    t = tables(mover, place, HouseholdType.OTHER)
    assert StayModel().predict_moving(*t)[0, 0] > 1
    got = StayModel().predict(*t)
    assert (got.probability[0, 0], got.low[0, 0]) == (0, 0)
    assert 0 <= got.high[0, 0] <= 1


def test_those_the_model_never_saw_are_flagged():
    """Temporary collective protection, of one member of two; not known is not flagged."""
    for answer, flagged in ((Answer.YES, True), (Answer.NO, False), (Answer.UNKNOWN, False)):
        members = [person(id="1"), person(id="2", collective_protection=answer)]
        assert StayModel().predict(*tables(members, town())).outside_range.tolist() == [flagged]


def test_known_quartiles_are_told_from_expected_ones():
    """By municipality."""
    places = [town("0001", quartile=OutMigrationQuartile.HIGH), town("0002")]
    assert StayModel().predict(*tables([person()], places)).quartile_known.tolist() == [True, False]


def test_without_pair_effects_it_does_not_matter_who_goes_where():
    """An additive model: swapping two persons between two places changes no sum of stayers."""
    t = everyone()
    stay = 1 - StayModel().predict_moving(*t)
    one, other = stay[:, None, :, None], stay[None, :, None, :]
    crossed = stay[:, None, None, :], stay[None, :, :, None]
    assert np.allclose(one + other, crossed[0] + crossed[1])
