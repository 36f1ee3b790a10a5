"""The names of problem types are part of the interface: no class of errors is renamed with them."""

import pytest

from api.problems import PROBLEM_NAME_BY_ERROR, problem_name
from matcher.domain.errors import TreffsikkerError, UnknownHouseholdError, UnknownMunicipalityError
from matcher.store import errors
from matcher.store.pins_and_bans import PinOrBanError
from matcher.store.traces import NotAProposalError
from matcher.store.undoing import NothingToUndoError

NAMES = {
    UnknownHouseholdError: "unknown-household",
    UnknownMunicipalityError: "unknown-municipality",
    errors.UnknownRunError: "unknown-run",
    errors.NoCapacityError: "no-room",
    errors.TakenDwellingError: "taken-dwelling",
    errors.WrongStatusError: "wrong-status",
    errors.ProtectedError: "protected",
    errors.ReasonRequiredError: "reason-needed",
    errors.VersionConflictError: "changed-since",
    errors.ErasedError: "erased",
    errors.DatabaseBusyError: "busy",
    errors.DatabaseVersionError: "out-of-date",
    PinOrBanError: "mark",
    NotAProposalError: "no-decision",
    NothingToUndoError: "nothing-to-undo",
}


@pytest.mark.parametrize(("error", "name"), NAMES.items())
def test_a_problem_type_keeps_its_name(error, name):
    """Clients decide by it what to do, so it stays when a class gets a better name."""
    assert problem_name(error) == name


def test_no_two_errors_share_a_problem_type():
    """A name that was set by hand is not that of another class as well."""
    kinds = list(_subclasses(TreffsikkerError))
    names = [problem_name(kind) for kind in kinds]
    assert len(names) == len(set(names))
    assert set(PROBLEM_NAME_BY_ERROR) <= set(kinds)


def _subclasses(kind):
    for inner in kind.__subclasses__():
        yield inner
        yield from _subclasses(inner)
