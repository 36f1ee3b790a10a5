"""The store: dated events in a database, and what they say of households and ledgers."""

from matcher.store.database.alarm import Alarm, alarms
from matcher.store.database.audit import differences, rebuild
from matcher.store.database.backup import backup, restore
from matcher.store.database.changes import (
    decline,
    lapse,
    lapse_overdue,
    promise,
    propose,
    settle,
    withdraw,
)
from matcher.store.database.erasing import Erased, Retention, erase, purge, wipe
from matcher.store.database.errors import (
    BackupError,
    ChangedSinceError,
    ChangeError,
    ErasedError,
    LostRunError,
    NoRoomError,
    OutOfDateError,
    OutOfOrderError,
    ProtectedError,
    ReasonNeededError,
    TakenDwellingError,
    UnknownRunError,
    UnusableInstanceError,
    UnusableNumberError,
    WrongStatusError,
)
from matcher.store.database.events import Event, EventKind
from matcher.store.database.homes import revise_dwellings
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.importing import import_instance
from matcher.store.database.ledger import (
    begin_year,
    household_events,
    ledger_changes,
    ledger_events,
    revise,
)
from matcher.store.database.listing import Listed, Wanted, list_households
from matcher.store.database.marks import MarkError, ban, describe, filed, pin, unban, unpin
from matcher.store.database.municipality_state import MunicipalityState
from matcher.store.database.planning import instance_at
from matcher.store.database.states import (
    HouseholdNow,
    MunicipalityNow,
    household_now,
    household_state,
    municipalities_now,
    municipality_now,
    municipality_state,
    proposed_now,
)
from matcher.store.database.store import Store
from matcher.store.database.traces import NoDecisionError, decision
from matcher.store.database.undoing import NothingToUndoError, undo
from matcher.store.database.upgrading import upgrade
from matcher.store.database.work import Work

__all__ = [
    "Alarm",
    "BackupError",
    "ChangeError",
    "ChangedSinceError",
    "Erased",
    "ErasedError",
    "Event",
    "EventKind",
    "HouseholdNow",
    "HouseholdState",
    "Listed",
    "LostRunError",
    "MarkError",
    "MunicipalityNow",
    "MunicipalityState",
    "NoDecisionError",
    "NoRoomError",
    "NothingToUndoError",
    "OutOfDateError",
    "OutOfOrderError",
    "ProtectedError",
    "ReasonNeededError",
    "Retention",
    "Status",
    "Store",
    "TakenDwellingError",
    "UnknownRunError",
    "UnusableInstanceError",
    "UnusableNumberError",
    "Wanted",
    "Work",
    "WrongStatusError",
    "alarms",
    "backup",
    "ban",
    "begin_year",
    "decision",
    "decline",
    "describe",
    "differences",
    "erase",
    "filed",
    "household_events",
    "household_now",
    "household_state",
    "import_instance",
    "instance_at",
    "lapse",
    "lapse_overdue",
    "ledger_changes",
    "ledger_events",
    "list_households",
    "municipalities_now",
    "municipality_now",
    "municipality_state",
    "pin",
    "promise",
    "propose",
    "proposed_now",
    "purge",
    "rebuild",
    "restore",
    "revise",
    "revise_dwellings",
    "settle",
    "unban",
    "undo",
    "unpin",
    "upgrade",
    "wipe",
    "withdraw",
]
