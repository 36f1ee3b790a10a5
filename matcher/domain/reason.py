"""Why a rule says no, or what points rest on: a code with the facts of the case."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Fact = str | int | float


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule bars a pair, or what the points of a pair depend on: a code with facts.

    Parameters
    ----------
    code : str
        Key of a text in every language, such as ``"lar.missing"``.
    facts : mapping of str to str, int or float
        Values for the text's placeholders. ``{effect:signed}`` writes a number with its sign
        and two decimals, three when it is tiny: +0.02.
    """

    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
