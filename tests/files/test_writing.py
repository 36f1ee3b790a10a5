"""Writing: the same bytes every time, whole files only, and nothing that reading would refuse."""

from dataclasses import replace
from pathlib import Path

import pytest

from matcher.domain import Instance
from matcher.files import FaultsError, read, write, writing
from matcher.files.errors import UnwritableError
from matcher.files.writing import FileFormat
from tests.files.broken import VALID


def _instance() -> Instance:
    return read(VALID)


def _renamed(origin: str) -> Instance:
    """The valid instance with another origin for its first member."""
    instance = _instance()
    first, *rest = instance.households
    person = replace(first.members[0], origin=origin)
    changed = replace(first, members=(person, *first.members[1:]))
    return instance.replace(households=(changed, *rest))


@pytest.mark.parametrize("format", ["csv", "xlsx", "parquet"])
def test_the_same_instance_gives_the_same_bytes(format: FileFormat, tmp_path: Path) -> None:
    """Two writings of one instance do not differ in a single byte."""
    for name in ("one", "other"):
        write(_instance(), tmp_path / name, format)
    files = sorted(p.name for p in (tmp_path / "one").iterdir())
    assert f"members.{format}" in files
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()


def test_csv_is_utf8_with_plain_line_ends(tmp_path: Path) -> None:
    """No carriage returns, no byte order mark, Norwegian letters as UTF-8."""
    write(_instance(), tmp_path / "night")
    data = (tmp_path / "night" / "municipalities.csv").read_bytes()
    assert b"\r" not in data
    assert data.startswith(b"number,name")
    assert "Østlandet".encode() in data


def test_writing_again_in_another_format_leaves_no_old_table(tmp_path: Path) -> None:
    """A folder never ends up with the same table twice, and keeps files that are not tables."""
    folder = tmp_path / "night"
    write(_instance(), folder)
    (folder / "notes.txt").write_text("mine")
    write(_instance().replace(links=()), folder, "parquet")
    assert sorted(folder.glob("*.csv")) == []
    assert not (folder / "links.parquet").exists()
    assert (folder / "notes.txt").read_text() == "mine"
    assert read(folder).links == ()


def test_a_failed_writing_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a table cannot be written, the folder is as before and nothing lies beside it."""
    folder = tmp_path / "night"
    write(_instance(), folder)
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def fail(path: Path, cells: object) -> None:
        if path.stem == "municipalities":
            raise OSError("disk full")

    monkeypatch.setattr(writing, "write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        write(_instance().replace(name="another night"), folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["night"]


def test_refuses_what_reading_would_refuse(tmp_path: Path) -> None:
    """An instance with a link to nobody is not written at all."""
    with pytest.raises(FaultsError) as caught:
        write(_instance().replace(links=(("H-1", "H-77"),)), tmp_path / "night")
    assert [fault.code for fault in caught.value.faults] == ["household.unknown"]
    assert not (tmp_path / "night").exists()


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_never_writes_text_that_a_spreadsheet_would_run(start: str, tmp_path: Path) -> None:
    """Text that begins like a formula is refused, in every format alike."""
    with pytest.raises(FaultsError) as caught:
        write(_renamed(f"{start}cmd()"), tmp_path / "night", "xlsx")
    assert [fault.code for fault in caught.value.faults] == ["text.formula"]


def test_refuses_what_would_not_come_back_the_same(tmp_path: Path) -> None:
    """Text with a space before it would lose it, and the error names where it is."""
    with pytest.raises(UnwritableError, match="households H-1, members"):
        write(_renamed(" Syria"), tmp_path / "night")


def test_refuses_a_format_that_is_not_known(tmp_path: Path) -> None:
    """Only csv, xlsx and parquet are written."""
    with pytest.raises(UnwritableError, match="csv, xlsx and parquet"):
        write(_instance(), tmp_path / "night", "ods")  # type: ignore[arg-type]
