"""The store: dated events in a database, and what they say of households and ledgers."""

from matcher.store.database.audit import differences, rebuild
from matcher.store.database.backup import backup, restore
from matcher.store.database.changes import decline, lapse, promise, propose, settle, withdraw
from matcher.store.database.errors import (
    BackupError,
    ChangedSinceError,
    ChangeError,
    ErasedError,
    LostRunError,
    NoRoomError,
    OutOfDateError,
    OutOfOrderError,
    TakenDwellingError,
    UnknownRunError,
    UnusableInstanceError,
    UnusableNumberError,
    WrongStatusError,
)
from matcher.store.database.events import Event, EventKind
from matcher.store.database.household_state import HouseholdState, Status
from matcher.store.database.importing import import_instance
from matcher.store.database.ledger import (
    Alarm,
    alarms,
    begin_year,
    household_events,
    ledger_events,
    revise,
)
from matcher.store.database.municipality_state import MunicipalityState
from matcher.store.database.planning import instance_at
from matcher.store.database.states import household_state, municipality_state
from matcher.store.database.store import Store
from matcher.store.database.upgrading import upgrade
from matcher.store.database.work import Work

__all__ = [
    "Alarm",
    "BackupError",
    "ChangeError",
    "ChangedSinceError",
    "ErasedError",
    "Event",
    "EventKind",
    "HouseholdState",
    "LostRunError",
    "MunicipalityState",
    "NoRoomError",
    "OutOfDateError",
    "OutOfOrderError",
    "Status",
    "Store",
    "TakenDwellingError",
    "UnknownRunError",
    "UnusableInstanceError",
    "UnusableNumberError",
    "Work",
    "WrongStatusError",
    "alarms",
    "backup",
    "begin_year",
    "decline",
    "differences",
    "household_events",
    "household_state",
    "import_instance",
    "instance_at",
    "lapse",
    "ledger_events",
    "municipality_state",
    "promise",
    "propose",
    "rebuild",
    "restore",
    "revise",
    "settle",
    "upgrade",
    "withdraw",
]
