"""Draw languages by origin, shared within a household, and needs for an interpreter."""

import numpy as np

from instances.people.answers import draw_answers, draw_unknown
from instances.people.origins import ORIGINS
from instances.people.population import AnswerCodes, Population
from instances.profile import Profile
from instances.random_stream import BoolMask, Int64Array, RandomStream

LANGUAGE_SETS_BY_ORIGIN: dict[str, dict[tuple[str, ...], int]] = {
    "Ukraine": {("uk", "ru"): 58, ("ru", "uk"): 30, ("uk",): 12},
    "Syria": {("ar",): 80, ("ku", "ar"): 17, ("hy", "ar"): 1, ("ar", "tr"): 2},
    "Eritrea": {("ti",): 68, ("ti", "ar"): 17, ("ti", "am"): 12, ("ar", "ti"): 3},
    "Somalia": {("so",): 82, ("so", "ar"): 12, ("so", "sw"): 6},
    "Afghanistan": {("prs",): 55, ("ps",): 20, ("ps", "prs"): 12, ("prs", "fa"): 10,
                    ("uz", "prs"): 3},
    "Iran": {("fa",): 76, ("ku", "fa"): 15, ("az", "fa"): 9},
    "Iraq": {("ar",): 48, ("ku",): 32, ("ku", "ar"): 17, ("tk", "ar"): 3},
    "DR Congo": {("sw", "fr"): 50, ("sw",): 25, ("rw", "sw"): 20, ("ln", "fr"): 5},
    "Ethiopia": {("am",): 42, ("om", "am"): 35, ("ti", "am"): 13, ("so", "am"): 10},
    "Sudan": {("ar",): 100},
    "Turkey": {("tr",): 62, ("ku", "tr"): 38},
    "Myanmar": {("my",): 62, ("rhg",): 22, ("my", "cnh"): 16},
    "Russia": {("ru",): 85, ("ce", "ru"): 15},
    "other country": {("ar",): 30, ("es",): 16, ("fr",): 14, ("ur",): 14, ("ru",): 12,
                      ("rn", "sw"): 14},
}  # fmt: skip
"""ISO 639 codes, the strongest language first, and the per cent who speak them; made up."""
LANGUAGE_SETS: tuple[tuple[str, ...], ...] = tuple(
    dict.fromkeys(spoken for by_origin in LANGUAGE_SETS_BY_ORIGIN.values() for spoken in by_origin)
)
LANGUAGES: tuple[str, ...] = tuple(
    dict.fromkeys(word for spoken in LANGUAGE_SETS for word in spoken)
)


def draw_languages(
    people: Population, profile: Profile, draws: RandomStream
) -> tuple[list[tuple[str, ...]], AnswerCodes]:
    """Draw the languages of each person, and whether an interpreter is needed.

    Members of a household with the same origin share languages; some also speak English.
    """
    needs, unknown = profile.needs, profile.unknown
    teen = people.age >= 13
    english = draws.substream("english").sample_share(teen, needs.english)
    lost = draw_unknown(
        unknown.languages,
        people.under_collective_protection,
        unknown.collective_factor,
        draws.substream("lost"),
    )
    sets = _language_set(people, draws.substream("sets"))
    codes = np.where(lost, -1, sets * 2 + english)
    spoken = {
        2 * code + e: words + ("en",) * e
        for code, words in enumerate(LANGUAGE_SETS)
        for e in (0, 1)
    }
    words = [spoken[code] if code >= 0 else () for code in codes.tolist()]
    return words, _interpreter(people, english, teen, profile, draws.substream("interpreter"))


def _language_set(people: Population, draws: RandomStream) -> Int64Array:
    lot = draws.integers_below(100, people.households)[people.structure.household]
    chosen = np.zeros(len(people), dtype=np.int64)
    for code, origin in enumerate(ORIGINS):
        table = LANGUAGE_SETS_BY_ORIGIN[origin]
        place = np.searchsorted(np.cumsum(list(table.values())), lot, side="right")
        set_codes = np.array([LANGUAGE_SETS.index(words) for words in table])
        of_origin = people.origin == code
        chosen[of_origin] = set_codes[place[of_origin]]
    return chosen


def _interpreter(
    people: Population, english: BoolMask, teen: BoolMask, profile: Profile, draws: RandomStream
) -> AnswerCodes:
    """Draw the answers of persons of 13 and over; younger children need no interpreter."""
    needs, unknown = profile.needs, profile.unknown
    lost = draw_unknown(
        unknown.interpreter,
        people.under_collective_protection,
        unknown.collective_factor,
        draws.substream("lost"),
    )
    without = draw_answers(teen & ~english, lost, needs.interpreter, draws.substream("without"))
    having = draw_answers(teen & english, lost, needs.interpreter / 2, draws.substream("having"))
    return np.where(english, having, without)
