"""A cell of a worksheet that shows no value is a fault, however the workbook is written."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from matcher.files import check
from matcher.files.excel_cells import column_index, column_letters, scan_sheet
from tests.files.broken import VALID

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{TYPES}">'
    f'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships'
    f'+xml"/><Override PartName="/xl/workbook.xml" ContentType="{SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{SHEET}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
    f' Target="xl/workbook.xml" Type="{LINKS}/officeDocument"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>'
    '<sheet name="one" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r1"'
    f' Target="worksheets/sheet1.xml" Type="{LINKS}/worksheet"/></Relationships>',
}
HEADER = "<row><c t='str'><v>id</v></c><c t='str'><v>ready_since</v></c><c t='str'><v>bans</v></c>"
FIRST = "<c t='str'><v>H-1</v></c><c t='str'><v>2024-01-10</v></c>"


def workbook(folder: Path, rows: str, prefix: str = "", slash: str = "/") -> Path:
    """A valid folder whose households are a workbook with these rows, as XML without prefixes."""
    shutil.copytree(VALID, folder, dirs_exist_ok=True)
    (folder / "households.csv").unlink()
    text = f"<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData></worksheet>"
    if prefix:
        text = text.replace("</", f"</{prefix}:").replace("<", f"<{prefix}:")
        text = text.replace(f"<{prefix}:/{prefix}:", f"</{prefix}:")
        text = text.replace("xmlns=", f"xmlns:{prefix}=")
    with ZipFile(folder / "households.xlsx", "w") as archive:
        for name, part in {**PARTS, "xl/worksheets/sheet1.xml": text}.items():
            archive.writestr(name.replace("/", slash), part)
    return folder


def faults(folder: Path) -> list[tuple[int | None, str | None, str, str]]:
    """The faults of the workbook's cells: row, column, value, code."""
    return [
        (f.row, f.column, f.value, f.code)
        for f in check(folder)
        if f.file == "households.xlsx" and f.code.startswith(("cell", "column.un", "file", "sheet"))
    ]


@pytest.mark.parametrize("prefix", ["", "x"])
@pytest.mark.parametrize("slash", ["/", "\\"])
@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("<c t='e'><v>#N/A</v></c>", "#N/A", "cell.excel_error"),
        ("<c t='e'><f>VLOOKUP(A2,Q:R,2,0)</f><v>#N/A</v></c>", "#N/A", "cell.excel_error"),
        ("<c t='e'/>", "#VALUE!", "cell.excel_error"),
        ("<c t='str'><f>A1</f><v>#I/T</v></c>", "#I/T", "cell.excel_error"),
        ("<c><f>A1</f></c>", "#FORMULA!", "cell.formula"),
        ("<c><f>A1</f><v></v></c>", "#FORMULA!", "cell.formula"),
    ],
)
def test_a_cell_without_a_value_is_a_fault(tmp_path, prefix, slash, cell, value, code):
    """With any prefix, in either quotation marks, and without saying where it is."""
    for quoted in (cell, cell.replace("'", '"')):
        rows = f"{HEADER}</row><row>{FIRST}{quoted}</row>"
        folder = workbook(tmp_path / "in", rows, prefix, slash)
        assert faults(folder) == [(2, "bans", value, code)]
        shutil.rmtree(folder)


@pytest.mark.parametrize(
    ("text", "value"),
    [("#GETTING_DATA", "#GETTING_DATA"), ("#SPILL!", "#SPILL!"), ("gone", "#VALUE!")],
)
def test_an_error_that_the_reader_does_not_know_is_a_fault_in_its_place(tmp_path, text, value):
    """The reader refuses the sheet; the place is told all the same, by the column's letter."""
    rows = f"{HEADER}</row><row>{FIRST}<c t='e'><v>{text}</v></c></row>"
    assert faults(workbook(tmp_path / "in", rows)) == [(2, "C", value, "cell.excel_error")]


def test_a_formula_that_gives_an_empty_text_is_an_empty_cell(tmp_path):
    """Its type says that it has been calculated."""
    cell = "<c t='str'><f>IF(1=1,\"\",A1)</f><v></v></c>"
    assert faults(workbook(tmp_path / "in", f"{HEADER}</row><row>{FIRST}{cell}</row>")) == []


def test_a_column_name_that_shows_an_error_is_a_fault(tmp_path):
    """A whole column of bans would be missing without a word."""
    rows = f"{HEADER.replace('<v>bans', '<v>#REF!')}</row><row>{FIRST}</row>"
    assert faults(workbook(tmp_path / "in", rows)) == [(1, None, "#ref!", "cell.excel_error")]
    rows = f"{HEADER}<c t='e'><v>#NAME?</v></c></row><row>{FIRST}</row>"
    folder = workbook(tmp_path / "error", rows)
    assert faults(folder) == [(1, None, "#name?", "cell.excel_error")]


def test_content_under_no_name_is_said(tmp_path):
    """A column without a name is not read, which somebody must know."""
    rows = f"{HEADER}</row><row>{FIRST}<c/><c t='str'><v>0301:security</v></c></row>"
    assert faults(workbook(tmp_path / "in", rows)) == [(1, None, "D", "column.unnamed")]


def test_a_cell_far_outside_the_table_is_a_fault(tmp_path):
    """Memory for all cells up to it would end the process."""
    far = "<row r='1048576'><c r='XFD1048576'><v>2</v></c></row>"
    folder = workbook(tmp_path / "in", f"{HEADER}</row><row>{FIRST}</row>{far}")
    assert faults(folder) == [(None, None, "XFD1048576", "sheet.far_cell")]


def test_places_are_those_of_the_reader_of_values(tmp_path):
    """Where cells or rows do not say where they are, or say it at times."""
    rows = (
        "<row><c><v>1</v></c><c r='D1'><v>2</v></c><c><v>3</v></c></row>"
        "<row r='4'><c><v>4</v></c></row><row><c r='B5'><v>5</v></c><c><v>6</v></c></row>"
    )
    for kind, value in (("<c t='e'", "#N/A"), ("<c", "7")):
        text = rows.replace("<c", kind)
        file = (
            workbook(tmp_path / value[-1], text.replace("<v>", f"<v>{value}")) / "households.xlsx"
        )
        scan = scan_sheet(file, 0)
        if kind != "<c":
            places = set(scan.unusable)
            continue
        sheet = CalamineWorkbook.from_path(str(file)).get_sheet_by_index(0).to_python()
        filled = {(r + 1, c) for r, row in enumerate(sheet) for c, cell in enumerate(row) if cell}
        assert (filled, scan.rows, scan.columns) == (places, 5, 5)


def test_columns_have_letters():
    """As spreadsheets count them."""
    assert [column_letters(k) for k in (0, 25, 26, 701, 702, 16_383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD"
    ]  # fmt: skip
    assert all(column_index(column_letters(k)) == k for k in range(2000))


@pytest.mark.parametrize("text", ["#N/A", "#n/a", " #I/T ", "#VERDI!", "#DIV/0!", "Err:502"])
@pytest.mark.parametrize(
    ("table", "column"),
    [("households", "bans"), ("households", "pinned_to"), ("members", "hospital_name"),
     ("members", "id"), ("municipalities", "hospitals"), ("municipalities", "decided")],
)  # fmt: skip
def test_an_error_in_text_is_a_fault_in_every_column(tmp_path, text, table, column):
    """A CSV file keeps what the spreadsheet showed, alone or within a list."""
    shutil.copytree(VALID, tmp_path / "in")
    file = tmp_path / "in" / f"{table}.csv"
    names, first, *rest = file.read_text(encoding="utf-8").splitlines()
    cells = first.split(",")
    cells[names.split(",").index(column)] = text
    file.write_text("\n".join([names, ",".join(cells), *rest]), encoding="utf-8")
    told = [(f.row, f.column) for f in check(tmp_path / "in") if f.code == "cell.excel_error"]
    assert told == [(2, column)]
