"""What a caseworker was shown when a household was proposed, so that it can be shown again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from matcher.domain.option import Option
from matcher.domain.reason import Fact, Reason


@dataclass(frozen=True, slots=True)
class TracedReason:
    """The reason of a rule or term, as a code with facts; sentences are built when it is read.

    Parameters
    ----------
    of : str
        Identifier of the rule or term.
    code : str
        Identifies a text in every language.
    facts : mapping of str to str, int or float
        Values for the text's placeholders.
    protects : bool
        Whether the rule protects people from harm, so that it cannot be overridden.
    """

    of: str
    code: str
    facts: Mapping[str, Fact] = field(default_factory=dict)
    protects: bool = False

    @property
    def reason(self) -> Reason:
        """The reason, ready to be rendered."""
        return Reason(self.code, self.facts)


@dataclass(frozen=True, slots=True)
class TracedOption(Option):
    """An option as it was shown, with what rules and terms said of it.

    Parameters
    ----------
    broken, cautions, reasons : tuple of TracedReason
        Rules that bar the municipality, rules that were not sure, and the reasons for the points.
    in_its_way : tuple of str or None
        Households of the plan each of which would alone make room; None when there was room.
    asked_for : int or None
        As of an option; None in traces of before it was recorded.
    wishes_met : tuple of int
        As of an option; empty in traces of before it was recorded.
    """

    broken: tuple[TracedReason, ...] = ()
    cautions: tuple[TracedReason, ...] = ()
    reasons: tuple[TracedReason, ...] = ()
    in_its_way: tuple[str, ...] | None = None
    asked_for: int | None = field(default=None, kw_only=True)
    wishes_met: tuple[int, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Trace:
    """What was known and shown when a household was proposed.

    Parameters
    ----------
    household, municipality : str
        Who was proposed, linked households as ``A+B``, and where.
    day : date
        The day for which the options were computed.
    run : str or None
        The night whose plan and prices were in force; None when no night was complete, so that
        no options were shown.
    policy, stay_model : mapping of str to str
        Name and hash.
    versions : mapping of str to str
        Versions of the program and its libraries.
    suggested : str or None
        Municipality that the plan suggests, else the best option; None when all are barred.
    priced : bool
        Whether prices were used.
    considered, allowed : int
        Number of municipalities, and number of those that every rule allowed.
    barred : mapping of str to int
        Number of municipalities barred by each rule.
    options : tuple of TracedOption
        The best options, and always the one proposed and the one suggested.
    """

    household: str
    municipality: str
    day: date
    run: str | None = None
    policy: Mapping[str, str] = field(default_factory=dict)
    stay_model: Mapping[str, str] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    suggested: str | None = None
    priced: bool = False
    considered: int = 0
    allowed: int = 0
    barred: Mapping[str, int] = field(default_factory=dict)
    options: tuple[TracedOption, ...] = ()

    def option(self, municipality: str | None) -> TracedOption | None:
        """Return the option of a municipality; None when it was not shown."""
        return next((o for o in self.options if o.municipality == municipality), None)

    @property
    def points_lost(self) -> float | None:
        """Points for everyone lost by not proposing the suggested municipality; None if unknown."""
        suggested, proposed = self.option(self.suggested), self.option(self.municipality)
        return None if suggested is None or proposed is None else suggested.net - proposed.net
