"""Profile parameters of the needs in :mod:`matcher.domain.needs`, with the values of entries."""

from collections.abc import Iterator

from matcher.domain.need_entry import EVERY_AGE, AgeShare, Need
from matcher.domain.needs import HOUSEHOLD_NEEDS, NEEDS


def share_parameter(need: Need, share: AgeShare) -> str:
    """Return the name of the parameter of a share: ``lar``, or ``step_free_old``."""
    return f"{need.id}_{share.name}" if share.name else need.id


def default_shares() -> dict[str, float]:
    """Return the share with each need, by name of the parameter."""
    return {share_parameter(n, s): s.share for n in NEEDS.values() for s in n.synthetic.shares}


def default_unknown() -> dict[str, float]:
    """Return the share with an unknown need, by name of the parameter."""
    return {need.id: need.synthetic.unknown for need in NEEDS.values()}


def describe_parameters(section: str) -> Iterator[tuple[str, float, str]]:
    """List the parameters of ``needs`` or ``unknown``: name, value, and of whom it is a share."""
    for need in NEEDS.values():
        if section == "unknown":
            yield need.id, need.synthetic.unknown, _of_whom(need, need.synthetic.ages)
        if section == "needs":
            for share in need.synthetic.shares:
                whom = _of_whom(need, (share.first, share.last))
                yield share_parameter(need, share), share.share, whom


def _of_whom(need: Need, ages: tuple[int, int]) -> str:
    first, last = ages
    if need in HOUSEHOLD_NEEDS:
        return "of households"
    if ages == EVERY_AGE:
        return "of persons"
    if first == EVERY_AGE[0]:
        return f"of those under {last + 1}"
    return f"of those {first} and over" if last == EVERY_AGE[1] else f"of those {first}-{last}"
