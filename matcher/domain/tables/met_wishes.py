"""Which stated wishes a municipality meets."""

from collections.abc import Iterable

import numpy as np

from matcher.domain.answer import Answer
from matcher.domain.household import WishKind
from matcher.domain.tables.array_types import IntArray, StrArray
from matcher.domain.tables.households import HouseholdTable
from matcher.domain.tables.municipalities import MunicipalityTable
from matcher.domain.tables.vocabulary import LANDSDELER, number_words
from matcher.domain.tables.wish_rows import NOWHERE

NOT_KNOWN = -2
"""Code of a municipality whose county, landsdel or centrality is not known."""
CODED_KINDS = "place codes"
"""Key of the codes in the cache of a table."""


def met_wishes(h: HouseholdTable, m: MunicipalityTable) -> IntArray:
    """Return whether each municipality meets each wish, shape (wishes, municipalities).

    Returns
    -------
    int array
        Values of :class:`Answer`. A wish for a place is met in it, a wish to avoid a place
        everywhere else. Unknown where it is not known to what the municipality belongs.
    """
    wishes = h.wishes
    code = _place_codes(m)[wishes.kind]
    met = (code == wishes.value[:, None]) == wishes.wanted[:, None]
    # A place that there is not lies nowhere, also where a municipality's own is not known.
    unknown = (code == NOT_KNOWN) & (wishes.value != NOWHERE)[:, None]
    return np.where(unknown, int(Answer.UNKNOWN), met.astype(np.int64))


def _place_codes(m: MunicipalityTable) -> IntArray:
    """Code of each municipality for each kind of wish, shape (kinds, municipalities)."""
    if CODED_KINDS not in m.cache:
        columns = {
            WishKind.MUNICIPALITY: np.arange(len(m)),
            WishKind.COUNTY: _codes(m.county_number, m.counties),
            WishKind.LANDSDEL: _codes(m.landsdel, LANDSDELER),
            WishKind.CENTRALITY: np.where(m.centrality > 0, m.centrality, NOT_KNOWN),
        }
        m.cache[CODED_KINDS] = np.stack([columns[kind] for kind in WishKind])
    codes: IntArray = m.cache[CODED_KINDS]
    return codes


def _codes(words: StrArray, vocabulary: Iterable[str]) -> IntArray:
    code = {word: number for word, number in number_words(vocabulary).items() if word}
    return np.array([code.get(str(word), NOT_KNOWN) for word in words], dtype=np.int64)
