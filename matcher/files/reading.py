"""Read and check an instance from a folder, a workbook or data frames."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from matcher.domain.instance import Instance
from matcher.files.contradicting_rows import check_contradictions
from matcher.files.data_frames import raw_from_frame
from matcher.files.faults import Fault, FaultLog, FaultsError, has_errors
from matcher.files.folder import read_raw_tables
from matcher.files.instance_assembly import assemble_instance
from matcher.files.instance_cells import cells_of, raw_table_of
from matcher.files.instance_facts import INSTANCE_FILE, InstanceFacts, read_instance_facts
from matcher.files.parsed_table import ParsedTable, parse_table
from matcher.files.plain_cells import YEARS
from matcher.files.plausibility import check_plausibility
from matcher.files.raw_table import RawTable
from matcher.files.relations import check_references, check_relations
from matcher.files.schema import schema


def read(
    folder: str | Path, *, today: date | None = None, present_day: date | None = None
) -> Instance:
    """Read an instance from a folder, or from a workbook with one sheet per table.

    Parameters
    ----------
    folder : str or Path
        A folder with one ``.csv``, ``.xlsx`` or ``.parquet`` file per table, or an ``.xlsx`` file.
    today : date or None
        The day that the plan is made for; None takes it from ``instance.toml``.
    present_day : date or None
        The present day, after which files that are taken in cannot be dated; None for a plan of
        any day, as of a simulated queue.

    Raises
    ------
    FaultsError
        With every fault in all files; no part of the instance is returned. Warnings alone do
        not raise.
    """
    log = FaultLog()
    facts, tables = _from_folder(Path(folder), today, log, present_day)
    return build_instance(facts, tables, log)


def read_with_warnings(
    folder: str | Path, *, today: date | None = None, present_day: date | None = None
) -> tuple[Instance, list[Fault]]:
    """Read an instance as :func:`read` does, and return its warnings too.

    Raises
    ------
    FaultsError
        With every fault in all files; no part of the instance is returned.
    """
    log = FaultLog()
    facts, tables = _from_folder(Path(folder), today, log, present_day)
    return build_instance(facts, tables, log), log.faults()


def check(
    folder: str | Path, *, today: date | None = None, present_day: date | None = None
) -> list[Fault]:
    """Return every fault, error or warning, in the files of an instance, by file, row and column.

    At most ``MAX_FAULTS_PER_CODE`` are listed for each file, column and code; a summary
    counts the others.

    Parameters
    ----------
    folder : str or Path
        A folder with one file per table, or an ``.xlsx`` file with one sheet per table.
    today : date or None
        The day that the plan is made for; None takes it from ``instance.toml``.
    present_day : date or None
        The present day, after which files that are taken in cannot be dated; None for any day.
    """
    log = FaultLog()
    _from_folder(Path(folder), today, log, present_day)
    return log.faults()


def check_instance(instance: Instance) -> list[Fault]:
    """Return every fault that :func:`check` would find in the files of an instance.

    Parameters
    ----------
    instance : Instance
        Its values become the cells of files in memory; faults name a table as their file.
    """
    log = FaultLog()
    raw = {name: raw_table_of(name, cells) for name, cells in cells_of(instance).items()}
    parse_tables(raw, instance.today, log)
    return log.faults()


def from_frames(
    households: pd.DataFrame,
    members: pd.DataFrame,
    municipalities: pd.DataFrame,
    *,
    today: date,
    next_year: pd.DataFrame | None = None,
    dwellings: pd.DataFrame | None = None,
    weeks: pd.DataFrame | None = None,
    travel_times: pd.DataFrame | None = None,
    links: pd.DataFrame | None = None,
    earlier_plan: pd.DataFrame | None = None,
    suggestions: pd.DataFrame | None = None,
    probabilities: pd.DataFrame | None = None,
    name: str = "instance",
    made_up: tuple[str, ...] = (),
) -> Instance:
    """Build an instance from pandas data frames that have the columns of the files.

    Parameters
    ----------
    households, members, municipalities : pandas.DataFrame
        Cells are text as in the files, or pandas types: numbers, dates, booleans, lists.
    today : date
        The day that the plan is made for.
    next_year, dwellings, weeks, travel_times, links : pandas.DataFrame or None
        Optional tables.
    earlier_plan, suggestions, probabilities : pandas.DataFrame or None
        More optional tables.
    name, made_up
        See :class:`~matcher.domain.Instance`.

    Raises
    ------
    FaultsError
        With every fault; row numbers are positions in the frame plus 2, as if it were a file.
    """
    frames = {
        "households": households,
        "members": members,
        "municipalities": municipalities,
        "next_year": next_year,
        "dwellings": dwellings,
        "weeks": weeks,
        "travel_times": travel_times,
        "links": links,
        "earlier_plan": earlier_plan,
        "suggestions": suggestions,
        "probabilities": probabilities,
    }
    log = FaultLog()
    raw = {
        table: raw_from_frame(table, frame) for table, frame in frames.items() if frame is not None
    }
    facts = InstanceFacts(name, today, made_up)
    return build_instance(facts, parse_tables(raw, today, log), log)


def _from_folder(
    path: Path, today: date | None, log: FaultLog, present_day: date | None
) -> tuple[InstanceFacts, dict[str, ParsedTable]]:
    facts = read_instance_facts(path, log) if path.is_dir() else InstanceFacts()
    day = today or facts.today
    if day is None and not has_errors(log.faults()):
        log.add(INSTANCE_FILE, "today.missing", column="today")
    facts = InstanceFacts(facts.name, day, facts.made_up)
    # The days of households are not compared with one that cannot be right.
    known_day = day if day is not None and _is_possible(day, present_day, log) else None
    return facts, parse_tables(read_raw_tables(path, log), known_day, log)


def _is_possible(day: date, present_day: date | None, log: FaultLog) -> bool:
    """Whether files can be of a day; log the fault when they cannot."""
    if day.year not in YEARS:
        log.add(INSTANCE_FILE, "date.far_off", column="today", value=day.isoformat())
        return False
    if present_day is not None and day > present_day:
        told = present_day.isoformat()
        log.add(INSTANCE_FILE, "today.future", column="today", value=str(day), present=told)
        return False
    return True


def parse_tables(
    raw: Mapping[str, RawTable], today: date | None, log: FaultLog
) -> dict[str, ParsedTable]:
    """Parse the cells of every table and log every fault."""
    tables = {name: parse_table(raw[name], schema().tables[name], log) for name in raw}
    check_references(tables, log)
    check_relations(tables, log)
    check_plausibility(tables, today, log)
    check_contradictions(tables, today, log)
    return tables


def build_instance(facts: InstanceFacts, tables: dict[str, ParsedTable], log: FaultLog) -> Instance:
    """Build an instance from parsed tables.

    Raises
    ------
    FaultsError
        When the log has an error.
    """
    faults = log.faults()
    if has_errors(faults) or facts.today is None:
        raise FaultsError(faults)
    return assemble_instance(tables, facts, facts.today)
