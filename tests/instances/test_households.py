"""Households hang together: who lives with whom, how old, in which language."""

from collections import Counter
from dataclasses import replace

from matcher.domain import (
    Answer,
    Education,
    Household,
    HouseholdType,
    ImmigrationGround,
    Instance,
    LivingSituation,
    Person,
)


def members(instance: Instance) -> list[Person]:
    return [p for h in households(instance) for p in h.members]


def households(instance: Instance) -> list[Household]:
    """The queue, each person with the age of today."""

    def aged(person: Person) -> Person:
        return replace(person, age=person.age_on(instance.today))

    return [replace(h, members=tuple(map(aged, h.members))) for h in instance.households]


def ages(household: Household) -> list[int]:
    return [p.age for p in household.members if p.age is not None]


def all_ages_known(household: Household) -> bool:
    return len(ages(household)) == household.size


def test_no_child_is_alone_unless_unaccompanied(each: Instance) -> None:
    for household in filter(all_ages_known, households(each)):
        if max(ages(household)) < 18:
            assert household.size == 1
            assert household.members[0].unaccompanied


def test_unaccompanied_minors_are_alone_and_13_to_17(each: Instance) -> None:
    for household in households(each):
        if any(p.unaccompanied for p in household.members):
            assert household.size == 1
            assert household.type in (HouseholdType.ALONE, None)
            assert household.members[0].age in (None, *range(13, 18))


def test_parents_of_children_have_a_child_and_an_adult(each: Instance) -> None:
    parents = [h for h in households(each) if h.type is HouseholdType.PARENT and all_ages_known(h)]
    assert parents
    for household in parents:
        assert min(ages(household)) < 18 <= max(ages(household))
        assert household.size >= 2


def test_those_alone_are_one_and_couples_are_two_with_adult_children_at_most(
    each: Instance,
) -> None:
    for household in households(each):
        if household.type is HouseholdType.ALONE:
            assert household.size == 1
        if household.type is HouseholdType.COUPLE:
            assert 2 <= household.size <= 4
            assert min(ages(household), default=18) >= 18


def test_several_families_are_three_persons_or_more(each: Instance) -> None:
    sizes = [h.size for h in households(each) if h.type is HouseholdType.MULTI_FAMILY]
    assert sizes
    assert min(sizes) >= 3


def test_the_type_that_the_members_make_certain_is_the_type_that_is_given(year: Instance) -> None:
    for household in households(year):
        if household.type is HouseholdType.PARENT:
            bare = Household("H", household.ready_since, household.members)
            assert (
                not all_ages_known(household)
                or bare.stay_model_type_on(year.today) is HouseholdType.PARENT
            )


def test_households_have_one_to_twelve_members_and_most_have_few(year: Instance) -> None:
    sizes = Counter(h.size for h in households(year))
    assert set(sizes) == set(range(1, 13))
    assert sizes[1] > sizes[2] + sizes[3]
    assert sum(n for size, n in sizes.items() if size >= 7) < 0.03 * len(households(year))


def test_every_child_has_someone_18_years_older_in_the_household(year: Instance) -> None:
    strangers = 0
    for household in filter(all_ages_known, households(year)):
        if household.type is HouseholdType.PARENT:
            assert max(ages(household)) - min(ages(household)) >= 18
            strangers += ages(household)[0] - min(ages(household)) < 18
    assert strangers == 0


def test_brothers_and_sisters_are_rarely_born_in_the_same_year(year: Instance) -> None:
    families = [h for h in households(year) if h.type is HouseholdType.PARENT and all_ages_known(h)]
    children = [[a for a in ages(h) if a < 18] for h in families]
    twins = sum(len(set(c)) < len(c) for c in children)
    assert twins < 0.02 * len(families)


def test_members_share_ground_and_nearly_always_origin(year: Instance) -> None:
    mixed = 0
    for household in households(year):
        grounds = {p.ground for p in household.members} - {ImmigrationGround.UNKNOWN}
        assert len(grounds) <= 1
        mixed += len({p.origin for p in household.members} - {"unknown"}) > 1
    assert 0 < mixed < 0.01 * len(households(year))


def test_those_from_ukraine_have_collective_protection_as_other_refugees(each: Instance) -> None:
    for person in members(each):
        if person.origin == "Ukraine":
            assert person.collective_protection is Answer.YES
            assert person.ground in (ImmigrationGround.OTHER, ImmigrationGround.UNKNOWN)
        elif person.origin != "unknown":
            assert person.collective_protection is Answer.NO


def test_languages_are_those_of_the_origin(year: Instance) -> None:
    first = {"Ukraine": {"uk", "ru"}, "Somalia": {"so"}, "Iran": {"fa", "ku", "az"}}
    for origin, languages in first.items():
        spoken = {p.languages[0] for p in members(year) if p.origin == origin and p.languages}
        assert spoken == languages


def test_everyone_of_16_to_19_is_asked_about_school_and_most_want_it(year: Instance) -> None:
    teens = [p.upper_secondary for p in members(year) if p.age in range(16, 20)]
    assert 0.7 < sum(a is Answer.YES for a in teens) / len(teens) < 0.9
    others = {p.upper_secondary for p in members(year) if p.age and not 15 <= p.age <= 20}
    assert others == {Answer.NO}


def test_opioid_treatment_is_for_adults_and_rare(year: Instance) -> None:
    adults = [p for p in members(year) if p.age is None or p.age >= 18]
    having = [p for p in members(year) if p.lar is Answer.YES]
    assert 0 < len(having) < 0.01 * len(adults)
    assert all(p.age is None or p.age >= 18 for p in having)


def test_hospital_limits_go_with_follow_up_only(each: Instance) -> None:
    for person in members(each):
        if person.hospital is not Answer.YES:
            assert person.hospital_minutes is None
            assert person.hospital_name is None
        assert person.hospital_minutes is None or person.hospital_name is None
        assert person.hospital_minutes in (None, 30, 45, 60, 90, 120)


def test_about_half_of_the_adults_lack_education_and_those_protected_collectively_more(
    year: Instance,
) -> None:
    def lacking(people: list[Person]) -> float:
        return sum(p.education is Education.UNKNOWN for p in people) / len(people)

    adults = [p for p in members(year) if p.age is not None and p.age >= 18]
    collective = [p for p in adults if p.collective_protection is Answer.YES]
    others = [p for p in adults if p.collective_protection is not Answer.YES]
    assert 0.45 < lacking(adults) < 0.55
    assert lacking(collective) > lacking(others) + 0.1


def test_unknown_rates_are_those_of_the_profile(year: Instance) -> None:
    people = members(year)
    assert abs(sum(p.origin == "unknown" for p in people) / len(people) - 0.01) < 0.001
    assert abs(sum(p.age is None for p in people) / len(people) - 0.003) < 0.001
    types = sum(h.type is None for h in households(year))
    assert abs(types / len(households(year)) - 0.05) < 0.001
    lost = sum(p.languages == () for p in people) / len(people)
    assert 0.03 < lost < 0.035


def test_resettlement_refugees_wait_abroad_and_minors_in_reception_centres(
    year: Instance,
) -> None:
    for household in households(year):
        first = household.members[0]
        if household.living is LivingSituation.ABROAD:
            assert first.ground in (ImmigrationGround.RESETTLEMENT, ImmigrationGround.UNKNOWN)
            assert household.lives_in is None
        if first.unaccompanied:
            assert household.living is LivingSituation.RECEPTION_CENTRE


def test_small_has_every_kind_of_need(small: Instance) -> None:
    for need in (
        "interpreter",
        "upper_secondary",
        "study_hopes",
        "hospital",
        "lar",
        "step_free",
        "specialist_care",
        "special_schooling",
    ):
        assert any(getattr(p, need) is Answer.YES for p in members(small)), need
    assert any(h.crisis_setup is Answer.YES for h in small.households)
    assert any(h.pinned_to for h in small.households)
    assert any(h.bans for h in small.households)
    assert any(f.must_hold for h in small.households for f in h.family)
    assert any(p.unaccompanied for p in members(small))
