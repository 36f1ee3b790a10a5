"""The store: dated events in a database, and what they say of households and ledgers."""

from matcher.store.alarms import LedgerAlarm, list_alarms
from matcher.store.asked_for import AskedFor, count_asked_for
from matcher.store.backup import backup, restore
from matcher.store.consistency import find_differences, rebuild_snapshots
from matcher.store.current import (
    CurrentHousehold,
    CurrentMunicipality,
    get_household,
    get_household_state,
    get_municipality,
    get_municipality_state,
    list_municipalities,
    list_proposed_households,
)
from matcher.store.dwellings import revise_dwellings
from matcher.store.erasure import ErasureResult, Retention, erase_households, purge, vacuum
from matcher.store.errors import (
    BackupError,
    ChangeError,
    ContradictionError,
    DatabaseVersionError,
    ErasedError,
    FutureDayError,
    LostRunError,
    NoCapacityError,
    OutOfOrderError,
    ProtectedError,
    ReasonRequiredError,
    TakenDwellingError,
    UnknownRunError,
    UnusableInstanceError,
    UnusableNumberError,
    UnusableYearError,
    VersionConflictError,
    WrongStatusError,
)
from matcher.store.events import Event, EventKind
from matcher.store.household_list import HouseholdFilter, ListedHousehold, list_households
from matcher.store.household_state import HouseholdState, Status
from matcher.store.import_losses import LargeLossError, LossLimit
from matcher.store.importing import import_instance
from matcher.store.instance_loading import load_instance_at
from matcher.store.ledger import (
    begin_ledger_year,
    read_household_events,
    read_ledger_changes,
    read_municipality_events,
    revise_ledger,
)
from matcher.store.municipality_state import MunicipalityState
from matcher.store.pins_and_bans import (
    PinOrBanError,
    ban,
    get_filed_household,
    pin,
    revise_household,
    unban,
    unpin,
)
from matcher.store.stamp import Stamp
from matcher.store.store import Store, upgrade
from matcher.store.traces import NotAProposalError, get_decision
from matcher.store.transitions import (
    decline,
    lapse,
    lapse_overdue,
    promise,
    propose,
    settle,
    withdraw,
)
from matcher.store.undoing import NothingToUndoError, undo
from matcher.store.unit_of_work import UnitOfWork
from matcher.store.weeks import revise_weeks

__all__ = [
    "AskedFor",
    "BackupError",
    "ChangeError",
    "ContradictionError",
    "CurrentHousehold",
    "CurrentMunicipality",
    "DatabaseVersionError",
    "ErasedError",
    "ErasureResult",
    "Event",
    "EventKind",
    "FutureDayError",
    "HouseholdFilter",
    "HouseholdState",
    "LargeLossError",
    "LedgerAlarm",
    "ListedHousehold",
    "LossLimit",
    "LostRunError",
    "MunicipalityState",
    "NoCapacityError",
    "NotAProposalError",
    "NothingToUndoError",
    "OutOfOrderError",
    "PinOrBanError",
    "ProtectedError",
    "ReasonRequiredError",
    "Retention",
    "Stamp",
    "Status",
    "Store",
    "TakenDwellingError",
    "UnitOfWork",
    "UnknownRunError",
    "UnusableInstanceError",
    "UnusableNumberError",
    "UnusableYearError",
    "VersionConflictError",
    "WrongStatusError",
    "backup",
    "ban",
    "begin_ledger_year",
    "count_asked_for",
    "decline",
    "erase_households",
    "find_differences",
    "get_decision",
    "get_filed_household",
    "get_household",
    "get_household_state",
    "get_municipality",
    "get_municipality_state",
    "import_instance",
    "lapse",
    "lapse_overdue",
    "list_alarms",
    "list_households",
    "list_municipalities",
    "list_proposed_households",
    "load_instance_at",
    "pin",
    "promise",
    "propose",
    "purge",
    "read_household_events",
    "read_ledger_changes",
    "read_municipality_events",
    "rebuild_snapshots",
    "restore",
    "revise_dwellings",
    "revise_household",
    "revise_ledger",
    "revise_weeks",
    "settle",
    "unban",
    "undo",
    "unpin",
    "upgrade",
    "vacuum",
    "withdraw",
]
