"""CSV files as they come: line ends, stray columns, open quotation marks, odd bytes."""

import shutil
from pathlib import Path

import pytest

from matcher.files import check, read
from tests.files.broken import VALID

FAULTLESS = {
    "only_a_header_without_line_end": b"household,linked_to",
    "no_line_end_at_the_end": b"household,linked_to\r\nH-1,H-5",
    "old_line_ends": b"household,linked_to\rH-1,H-5\r",
    "columns_without_names": b"household,linked_to,,\nH-1,H-5,,\n,,,\n",
    "everything_in_quotation_marks": b'"household","linked_to"\n"H-1","H-5"\n',
}
FAULTY: dict[str, tuple[bytes, list[tuple[int | None, str]]]] = {
    "open_quotation_mark": (b'household,linked_to\n"H-1,H-5\n', [(2, "row.ragged")]),
    "blank_rows_before_the_names": (b"\nhousehold,linked_to\nH-1,H-5\n", [(None, "file.empty")]),
    "a_zero_byte": (b"household,linked_to\nH-1,H\x00-5\n", [(2, "text.hidden")]),
    "utf_16_without_mark": (
        "household,linked_to\nH-1,H-5\n".encode("utf-16-le"),
        [(None, "file.encoding_utf16")],
    ),
    "a_line_break_in_a_cell": (
        b'household,linked_to\n"H-1\nx",H-5\nH-1\n',
        [(3, "row.ragged"), (2, "text.hidden")],
    ),
}


def _folder(tmp_path: Path, links: bytes) -> Path:
    folder = tmp_path / "in"
    shutil.copytree(VALID, folder)
    (folder / "links.csv").write_bytes(links)
    return folder


@pytest.mark.parametrize("name", FAULTLESS)
def test_reads_csv_as_it_comes(name: str, tmp_path: Path) -> None:
    """The links are read, or none where there are none, without a fault."""
    folder = _folder(tmp_path, FAULTLESS[name])
    assert check(folder) == []
    assert read(folder).links == (() if "only" in name else (("H-1", "H-5"),))


@pytest.mark.parametrize("name", FAULTY)
def test_tells_what_is_wrong_with_csv(name: str, tmp_path: Path) -> None:
    """Each gives the row and the code, and the other files none."""
    data, wanted = FAULTY[name]
    found = [(f.row, f.code) for f in check(_folder(tmp_path, data))]
    assert sorted(found, key=str) == sorted(wanted, key=str)
