"""Check relations: rows that name rows of other tables, household sizes, links, unique pairs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from matcher.domain.answer import Answer
from matcher.domain.household import WishKind
from matcher.files.faults import FaultLog, log_row_faults
from matcher.files.municipality_reform import new_numbers
from matcher.files.parsed_table import ParsedTable
from matcher.files.schema import ColumnSchema, KindName, schema

ParsedTables = Mapping[str, ParsedTable]
KEYS_OF_CELL: Mapping[KindName, Callable[[Any], list[str]]] = {
    "bans": lambda bans: [ban.municipality for ban in bans],
    "family": lambda ties: [tie.municipality for tie in ties],
    "wishes": lambda wishes: [w.value for w in wishes if w.kind is WishKind.MUNICIPALITY],
}
"""The keys that a cell of each kind refers to; in other kinds the whole value is the key."""


def check_references(tables: ParsedTables, log: FaultLog) -> None:
    """Log every reference to a household or municipality that does not exist."""
    for name, parsed in tables.items():
        for column, described in schema().tables[name].columns.items():
            if described.points_to is not None:
                _check(parsed, column, described, tables, log)


def known_keys(tables: ParsedTables, points_to: str) -> set[str] | None:
    """Return the keys of a table; None when a part of its file cannot be read.

    A key that has a fault of its own counts as known, so that a mistake is reported only once.
    """
    table, _, column = points_to.partition(".")
    if table not in tables or not tables[table].raw.complete:
        return None
    if column not in tables[table].raw.columns:
        return None
    texts = tables[table].raw.columns[column].unique().to_pylist()
    return {key for text in texts if text for key in (text, text.zfill(4))}


def _check(
    parsed: ParsedTable, name: str, column: ColumnSchema, tables: ParsedTables, log: FaultLog
) -> None:
    known = known_keys(tables, column.points_to or "")
    if known is None:
        return
    values = parsed[name]
    missing = [_missing(value, column, known) for value in values.distinct]
    codes = [_code(keys, column) for keys in missing]

    def facts(row: int) -> dict[str, str]:
        return _facts(missing[values.codes[row]])

    for code in sorted(set(filter(None, codes))):
        rows = values.rows_where([c == code for c in codes])
        log_row_faults(log, parsed.raw, code, rows, column=name, facts=facts)


def _missing(value: Any, column: ColumnSchema, known: set[str]) -> tuple[str, ...]:
    if value is None:
        return ()
    if column.kind not in KEYS_OF_CELL:
        return () if value in known else (value,)
    return tuple(key for key in KEYS_OF_CELL[column.kind](value) if key not in known)


def _code(missing: Sequence[str], column: ColumnSchema) -> str:
    """Return the fault code of a cell by its missing keys; empty when no key is missing."""
    if not missing:
        return ""
    if column.points_to == "households.id":
        return "household.not_in_queue" if column.lenient else "household.unknown"
    if any(number in new_numbers() for number in missing):
        return "municipality.old" if column.lenient else "municipality.merged"
    return "municipality.elsewhere" if column.lenient else "municipality.unknown"


def _facts(missing: Sequence[str]) -> dict[str, str]:
    part = next((number for number in missing if number in new_numbers()), missing[0])
    return {"part": part, "better": " / ".join(new_numbers().get(part, ()))}


LARGE_HOUSEHOLD = 12


def check_relations(tables: ParsedTables, log: FaultLog) -> None:
    """Log every contradiction between rows or tables."""
    for check, table_names in CHECKS.items():
        if all(name in tables for name in table_names):
            check(tables, log)


def _rows_present(tables: ParsedTables, log: FaultLog) -> None:
    if not len(tables["municipalities"]):
        log.add(tables["municipalities"].raw.file, "file.no_rows")


def _queue_present(tables: ParsedTables, log: FaultLog) -> None:
    if not len(tables["households"]):
        log.add(tables["households"].raw.file, "queue.empty")


def _household_sizes(tables: ParsedTables, log: FaultLog) -> None:
    households, members = tables["households"], tables["members"]
    if "household" not in members.raw.columns or "id" not in households.raw.columns:
        return
    if not members.raw.complete:
        return
    ids = households.raw.columns["id"].to_pandas()
    sizes = members.raw.columns["household"].to_pandas().value_counts()
    count = ids.map(sizes).fillna(0).to_numpy(dtype=np.int64)
    named = ids.notna().to_numpy()
    log_row_faults(
        log,
        households.raw,
        "household.no_members",
        np.flatnonzero(named & (count == 0)),
        column="id",
    )
    large = np.flatnonzero(count > LARGE_HOUSEHOLD)
    log_row_faults(
        log,
        households.raw,
        "household.large",
        large,
        column="id",
        facts=lambda row: {"size": str(count[row])},
    )


def _links(tables: ParsedTables, log: FaultLog) -> None:
    links = tables["links"]
    household, linked_to = _texts(links, "household"), _texts(links, "linked_to")
    both = (household != "") & (linked_to != "")
    same = household == linked_to
    log_row_faults(log, links.raw, "link.self", np.flatnonzero(both & same), column="linked_to")
    ends = np.sort(np.stack([household, linked_to]), axis=0)
    twice = pd.DataFrame(ends.T).duplicated().to_numpy() & both & ~same
    log_row_faults(log, links.raw, "link.twice", np.flatnonzero(twice))


def _dwelling_reports(tables: ParsedTables, log: FaultLog) -> None:
    municipalities, dwellings = tables["municipalities"], tables["dwellings"]
    says_no = municipalities["reports_dwellings"].rows_where(
        [answer is Answer.NO for answer in municipalities["reports_dwellings"].distinct]
    )
    numbers = set(_texts(municipalities, "number")[says_no])
    rows = np.flatnonzero(np.isin(_texts(dwellings, "municipality"), list(numbers)))
    log_row_faults(log, dwellings.raw, "dwelling.not_reported", rows, column="municipality")


def _hospitals(tables: ParsedTables, log: FaultLog) -> None:
    in_municipalities = {
        hospital
        for names in tables["municipalities"]["hospitals"].distinct
        for hospital in names or ()
    }
    needed = {name for name in tables["members"]["hospital_name"].distinct if name}
    with_travel_time: set[str] = set()
    if "travel_times" in tables:
        times = tables["travel_times"]
        with_travel_time = {name for name in times["hospital"].distinct if name}
        _names_among(times, "hospital", in_municipalities | needed, "hospital.nobody", log)
    _names_among(
        tables["members"],
        "hospital_name",
        in_municipalities | with_travel_time,
        "hospital.no_time",
        log,
    )


def _names_among(parsed: ParsedTable, name: str, known: set[str], code: str, log: FaultLog) -> None:
    wanted = [value is not None and value not in known for value in parsed[name].distinct]
    log_row_faults(log, parsed.raw, code, parsed[name].rows_where(wanted), column=name)


def _county_wishes(tables: ParsedTables, log: FaultLog) -> None:
    municipalities, households = tables["municipalities"], tables["households"]
    known = set(municipalities["county_number"].distinct)
    wanted = [
        any(w.kind == "county" and w.value not in known for w in wishes or ())
        for wishes in households["wishes"].distinct
    ]
    log_row_faults(
        log, households.raw, "wish.county", households["wishes"].rows_where(wanted), column="wishes"
    )


def _pairs_once(name: str, first: str, second: str) -> Callable[[ParsedTables, FaultLog], None]:
    def check(tables: ParsedTables, log: FaultLog) -> None:
        parsed = tables[name]
        first_codes, second_codes = parsed[first].codes, parsed[second].codes
        pair = first_codes.astype(np.int64) * (len(parsed[second].distinct) + 1) + second_codes
        both = (first_codes >= 0) & (second_codes >= 0)
        twice = pd.Series(pair).duplicated().to_numpy() & both
        log_row_faults(log, parsed.raw, "pair.twice", np.flatnonzero(twice))

    return check


def _weeks_once(tables: ParsedTables, log: FaultLog) -> None:
    weeks = tables["weeks"]
    rows = pd.DataFrame(
        {name: weeks[name].to_list(None) for name in ("municipality", "week")}, dtype=object
    )
    # By value: one row may name a week by its number, and another by its Monday.
    twice = rows.duplicated().to_numpy() & rows.notna().all(axis=1).to_numpy()
    log_row_faults(log, weeks.raw, "week.twice", np.flatnonzero(twice), column="week")


def _texts(parsed: ParsedTable, name: str) -> NDArray[np.object_]:
    column = parsed.raw.columns.get(name)
    if column is None:
        return np.full(len(parsed), "", dtype=object)
    texts: NDArray[np.object_] = column.fill_null("").to_numpy(zero_copy_only=False)
    return texts


CHECKS: dict[Callable[[ParsedTables, FaultLog], None], tuple[str, ...]] = {
    _rows_present: ("municipalities",),
    _queue_present: ("households",),
    _household_sizes: ("households", "members"),
    _links: ("links",),
    _dwelling_reports: ("municipalities", "dwellings"),
    _hospitals: ("municipalities", "members"),
    _county_wishes: ("municipalities", "households"),
    _weeks_once: ("weeks",),
    _pairs_once("travel_times", "municipality", "hospital"): ("travel_times",),
    _pairs_once("probabilities", "household", "municipality"): ("probabilities",),
}
