"""What a municipality is asked for in the year in which households can come."""

from collections.abc import Sequence
from datetime import date

from matcher.store.asked_for import explain_over_asking
from matcher.store.checks import load_joint_states
from matcher.store.events import EventKind
from matcher.store.household_state import HouseholdState
from matcher.store.move_in_year import move_in_year
from matcher.store.unit_of_work import UnitOfWork


def explain_over_asking_in_year(
    work: UnitOfWork,
    number: str,
    states: Sequence[HouseholdState],
    share: float,
    today: date,
) -> str | None:
    """Say by how much proposing households asks for more than a municipality has when they come.

    Those who come in another year take places of another decision, and are not counted.

    Parameters
    ----------
    work : UnitOfWork
        Keeps other writers out.
    number : str
        Four-digit number.
    states : sequence of HouseholdState
        The households to propose.
    share : float
        How much may be asked for at a time, as a share of the open places.
    today : date
        Day of the proposal.

    Returns
    -------
    str or None
        None when there are places enough.
    """
    year = move_in_year(work, number, states, None, today)

    def is_same_year(asked: HouseholdState) -> bool:
        # A yes to one of linked households is one to all; they come together.
        joint = load_joint_states(work, asked, EventKind.PROMISED)
        return move_in_year(work, number, joint, None, today) == year

    ledger = work.get_municipality_state(number).ledger_of(year, today)
    return explain_over_asking(
        work, number, states, share, ledger, today=today, is_same_year=is_same_year
    )
