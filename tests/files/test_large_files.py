"""A file of many rows, in order or wholly broken, takes bounded memory and tells enough."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from matcher.files.faults import MAX_FAULTS_PER_CODE
from tests.files.broken import VALID

pytestmark = pytest.mark.slow
ROWS = 250_000
MEGABYTES = 500
"""Most memory of a process that reads them: 190 to begin with, and 0.8 for a thousand rows."""
MEASURED = """
import json, re, sys
from pathlib import Path
from matcher.files import FaultsError, read
try:
    persons, faults = read(sys.argv[1]).persons, ()
except FaultsError as error:
    persons, faults = 0, error.faults
# The peak of this process alone: getrusage would include the one that started it.
status = Path("/proc/self/status").read_text()
print(json.dumps({
    "persons": persons,
    "megabytes": int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024,
    "faults": [(f.column, f.code, f.facts.get("of"), f.facts.get("count")) for f in faults],
}))
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with municipalities and a day, and no queue."""
    folder = tmp_path_factory.mktemp("large")
    for name in ("instance.toml", "municipalities.csv"):
        shutil.copy(VALID / name, folder / name)
    return folder


def _fill(folder: Path, households: int, header: str, member: str) -> None:
    with (folder / "households.csv").open("w") as stream:
        stream.write("id,ready_since\n")
        stream.writelines(f"H-{i},2024-05-01\n" for i in range(households))
    with (folder / "members.csv").open("w") as stream:
        stream.write(header + "\n")
        stream.writelines(member.format(i=i, half=i // 2) + "\n" for i in range(ROWS))


def _measured(folder: Path) -> dict[str, Any]:
    """Persons, megabytes at most and faults of a reading in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder)], capture_output=True, text=True, check=True
    )
    return json.loads(run.stdout)


def test_many_members_are_read_in_bounded_memory(empty: Path) -> None:
    """Members in order are read in little more than their columns take."""
    header = "id,household,age,sex,origin,languages,interpreter,hospital,hospital_minutes,lar"
    row = "P-{i},H-{half},34,woman,Syria,ar;ku,yes,yes,45,no"
    _fill(empty, ROWS // 2, header, row)
    found = _measured(empty)
    assert (found["persons"], found["faults"]) == (ROWS, [])
    assert found["megabytes"] < MEGABYTES


def test_many_broken_rows_are_counted_not_kept(empty: Path) -> None:
    """Each kind of fault is kept a thousand times and then counted, in bounded memory."""
    header = "id,household,age,sex,languages,lar"
    row = "P-{half},H-x{i},{i}00,sex{i},arabic{i},jaa"
    _fill(empty, 1, header, row)
    found = _measured(empty)
    assert found["megabytes"] < MEGABYTES
    told = Counter((column, code) for column, code, of, _ in found["faults"] if of is None)
    assert max(told.values()) == MAX_FAULTS_PER_CODE
    left_out = {(column, of): int(count) for column, _, of, count in found["faults"] if of}
    assert left_out["lar", "word.unknown"] == ROWS - MAX_FAULTS_PER_CODE
    assert left_out["household", "household.unknown"] == ROWS - MAX_FAULTS_PER_CODE
    assert left_out["id", "cell.twice"] == ROWS // 2 - MAX_FAULTS_PER_CODE
