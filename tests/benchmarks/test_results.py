"""Tables and the page of results."""

from benchmarks.frames import add_ratios, to_frame
from benchmarks.results import FOLDER, PAGE_HEAD, PAGE_NAME, BenchmarkRun, write_section
from benchmarks.row import Row
from benchmarks.table import COLUMNS, KEY_COLUMNS, format_cells, format_markdown, split_columns
from tests.benchmarks.made import baseline, failed, proved

BUILT = Row("build_year", "", 1, "measured", households=17000, build_seconds=4.0, peak_mb=900.0)


def a_run(*rows, day="2031-02-03"):
    return BenchmarkRun(
        rows, day, {"cores": "2", "Python": "3.11"}, "highs", 60, 0.001, "A shared machine."
    )


def test_a_table_has_a_line_a_cell_and_blanks_for_what_is_not_known():
    """Every line has as many cells as there are headings; no bound gives a blank gap."""
    frame = add_ratios(to_frame([proved(), baseline(), failed(), BUILT]), "highs")
    used, rows = format_cells(frame, COLUMNS, blank=True)
    headings = [column.heading for column in used]
    assert len(rows) == 4
    assert {len(row) for row in rows} == {len(headings)}
    gaps = [row[headings.index("gap 2 %")] for row in rows]
    assert gaps == ["0.100", "", "", ""]


def test_a_wide_table_is_divided_into_parts_that_fit():
    """Every part names its lines; every other column is in one part only."""
    used, rows = format_cells(to_frame([proved(), baseline()]), COLUMNS, blank=True)
    parts = [[used[k].name for k in part] for part in split_columns(used, rows, 80)]
    assert len(parts) > 1
    assert {tuple(part[:3]) for part in parts} == {("case", "backend", "seed")}
    others = [name for part in parts for name in part if name not in KEY_COLUMNS]
    assert others == [column.name for column in used if column.name not in KEY_COLUMNS]
    assert len(split_columns(used, rows, 1000)) == 1


def test_a_page_leaves_wholly_blank_columns_out():
    """No call was measured, so no column for calls."""
    assert "call ms" not in format_markdown(to_frame([proved()]))
    assert "gap 2 %" in format_markdown(to_frame([proved()]))


def test_a_section_says_when_on_what_and_what_came_of_it(tmp_path):
    """Day, machine, note, table, comparison, faults and footnotes are on the page."""
    page = write_section(a_run(proved(), baseline(), failed(), BUILT), tmp_path)
    text = page.read_text(encoding="utf-8")
    for part in (
        "## 2031-02-03: night, build_year",
        "cores 2, Python 3.11",
        "A shared machine.",
        "| night | greedy | 1 |",
        "### Against the best plan",
        "### What went wrong",
        "pulp seed 1: failed",
        "Not comparable",
    ):
        assert part in text


def test_medians_are_on_the_page_where_there_are_several_seeds(tmp_path):
    """One seed has no median of its own."""
    heading = "### Medians over seeds"
    assert heading not in write_section(a_run(proved()), tmp_path).read_text(encoding="utf-8")
    page = write_section(a_run(proved(), proved(seed=2)), tmp_path)
    assert heading in page.read_text(encoding="utf-8")


def test_history_is_kept_also_within_a_day(tmp_path):
    """A second run adds a section and a picture, and changes nothing before them."""
    first = write_section(a_run(proved()), tmp_path).read_text(encoding="utf-8")
    second = write_section(a_run(proved(), baseline()), tmp_path).read_text(encoding="utf-8")
    assert second.startswith(first)
    assert second.count("## 2031-02-03") == 2
    pictures = sorted(path.name for path in (tmp_path / "plots").iterdir())
    assert pictures == ["2031-02-03-1.svg", "2031-02-03-2.svg"]
    assert all(f"(plots/{name})" in second for name in pictures)


def test_a_run_without_plans_has_no_picture(tmp_path):
    """Nothing to draw leaves no link to nothing."""
    text = write_section(a_run(BUILT), tmp_path / "new").read_text(encoding="utf-8")
    assert "](plots/" not in text
    assert not (tmp_path / "new" / "plots").exists()


def test_the_page_begins_with_what_its_columns_mean():
    """The head that new pages get is that of the page there is."""
    assert (FOLDER / PAGE_NAME).read_text(encoding="utf-8").startswith(PAGE_HEAD)
