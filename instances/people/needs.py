"""Draw needs for services and care by age, with unknown answers."""

import numpy as np

from instances.listed_needs import share_parameter
from instances.people.answers import draw_answers, draw_unknown
from instances.people.population import AnswerCodes, Population
from instances.profile import Profile
from instances.random_stream import BoolMask, Int64Array, RandomStream
from matcher.domain.answer import Answer
from matcher.domain.need_entry import Need
from matcher.domain.needs import PERSON_NEEDS

ShareBands = list[tuple[BoolMask, float]]
"""Persons of a band, and the share of them with the need."""
STATED_MINUTES = (30, 45, 60, 60, 90, 90, 120)
"""Longest acceptable travel times that persons may state; made up."""


class NeedDraws:
    """Draw the needs of one queue, each need from a separate stream."""

    def __init__(self, people: Population, profile: Profile, draws: RandomStream) -> None:
        self._people = people
        self._rates = profile.needs
        self._profile = profile
        self._draws = draws

    def draw_columns(self) -> dict[str, AnswerCodes]:
        """Draw the answers by column of the members' table."""
        age, rates = self._people.age, self._rates
        return {
            "study_hopes": self._asked("study_hopes", age >= 17, [(age <= 40, rates.study_hopes)]),
            "hospital": self._asked("hospital", age >= 0, self._hospital_bands()),
            "licence": self._asked("licence", age >= 18, [(age >= 20, rates.licence)]),
            **{need.id: self._listed(need) for need in PERSON_NEEDS},
        }

    def _hospital_bands(self) -> ShareBands:
        age, rates = self._people.age, self._rates
        return [
            (age < 18, rates.hospital_child),
            ((age >= 18) & (age < 60), rates.hospital_adult),
            (age >= 60, rates.hospital_old),
        ]

    def _listed(self, need: Need) -> AnswerCodes:
        """Draw a need of the list by its entry; two needs depend on more than bands of age."""
        shares, age = self._profile.listed_needs, self._people.age
        bands = [
            (self._of_age(s.first, s.last), shares[share_parameter(need, s)])
            for s in need.synthetic.shares
        ]
        if need.id == "upper_secondary":
            bands += [(age == 15, 0.1), (age == 20, shares[need.id] / 3)]
        if need.id == "special_schooling":
            bands = [(band & ~self._people.unaccompanied, share) for band, share in bands]
        return self._asked(need.id, self._of_age(*need.synthetic.ages), bands)

    def _of_age(self, first: int, last: int) -> BoolMask:
        return np.asarray((self._people.age >= first) & (self._people.age <= last))

    def _asked(self, need: str, concerned: BoolMask, bands: ShareBands) -> AnswerCodes:
        """Draw the answers of persons concerned; the share of unknown is the same in all bands."""
        draws = self._draws.substream(need)
        lost = self._unknown(getattr(self._profile.unknown, need), draws.substream("unknown"))
        answers = np.full(len(self._people), int(Answer.NO), dtype=np.int64)
        answers[concerned & lost] = int(Answer.UNKNOWN)
        for number, (band, rate) in enumerate(bands):
            drawn = draw_answers(concerned & band, lost, rate, draws.substream(f"band {number}"))
            answers[drawn == Answer.YES] = int(Answer.YES)
        return answers

    def _unknown(self, rate: float, draws: RandomStream) -> BoolMask:
        factor = self._profile.unknown.collective_factor
        return draw_unknown(rate, self._people.under_collective_protection, factor, draws)


def draw_hospital_limits(
    hospital: AnswerCodes, hospitals: tuple[str, ...], profile: Profile, draws: RandomStream
) -> tuple[list[int | None], list[str | None]]:
    """Draw the longest travel time or the required hospital of persons in follow-up.

    Persons with neither follow the policy; a person with a named hospital has no travel time.
    """
    needing = hospital == Answer.YES
    named = draws.substream("named").sample_share(
        needing, profile.needs.hospital_named if hospitals else 0.0
    )
    stated = draws.substream("stated").sample_share(needing & ~named, 0.7)
    minutes = np.array(STATED_MINUTES)[
        draws.substream("minutes").integers_below(len(STATED_MINUTES), len(hospital))
    ]
    which = draws.substream("which").integers_below(max(1, len(hospitals)), len(hospital))
    return (
        [int(m) if s else None for m, s in zip(minutes, stated, strict=True)],
        [hospitals[w] if n else None for w, n in zip(which, named, strict=True)],
    )


def draw_education_and_occupation(
    people: Population, profile: Profile, draws: RandomStream
) -> tuple[Int64Array, Int64Array]:
    """Draw education (row of ``EDUCATION_LEVELS``) and occupation (STYRK-08 group, 0 unknown)."""
    unknown, collective = profile.unknown, people.under_collective_protection
    factor = unknown.collective_factor
    education = _education(people, draws.substream("education"))
    no_school = draw_unknown(unknown.education, collective, factor, draws.substream("unmapped"))
    group = np.zeros(len(people), dtype=np.int64)
    for level, weights in enumerate(OCCUPATION_WEIGHTS):
        rows = np.flatnonzero((education == level) & (people.age >= 18))
        group[rows] = 1 + draws.substream(f"level {level}").weighted_indices(weights, len(rows))
    no_work = draw_unknown(unknown.occupation, collective, factor, draws.substream("no work"))
    had_none = (people.age < 20) | draws.substream("never").bernoulli(0.1, len(people))
    education[(people.age >= 18) & no_school] = len(EDUCATION_LEVELS) - 1
    return education, np.where(no_work | had_none, 0, group)


EDUCATION_LEVELS = ("none", "primary", "upper secondary", "higher", "unknown")
UKRAINE_EDUCATION = (1, 9, 40, 50)
OTHER_EDUCATION = (16, 40, 27, 17)
"""Weights of the first four levels among adults; made up."""
OCCUPATION_WEIGHTS = (
    (0, 0, 0, 0, 20, 25, 15, 5, 35),
    (1, 0, 1, 1, 28, 14, 20, 12, 23),
    (3, 1, 10, 7, 30, 4, 22, 14, 9),
    (10, 45, 20, 8, 10, 1, 3, 2, 1),
)
"""Weights of STYRK-08 major groups 1-9 by education level; made up."""


def _education(people: Population, draws: RandomStream) -> Int64Array:
    """Draw education: children by age, adults by origin."""
    lot = draws.integers_below(100, len(people))
    levels = [
        np.searchsorted(np.cumsum(weights), lot, side="right")
        for weights in (UKRAINE_EDUCATION, OTHER_EDUCATION)
    ]
    adults = np.where(people.under_collective_protection, levels[0], levels[1])
    adults = np.where((people.age < 22) & (adults == 3), 2, adults)
    return np.where(people.age >= 18, adults, (people.age >= 16).astype(np.int64)).astype(np.int64)
