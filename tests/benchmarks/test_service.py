"""The benchmark of the service: what it sums up, what it writes, and that it runs."""

import pytest
from typer.testing import CliRunner

from benchmarks.service.__main__ import app
from benchmarks.service.latency import (
    LatencyRow,
    ServiceReport,
    format_service_section,
    write_service_section,
)
from benchmarks.service.load_client import TimedResponse

ANSWERS = [TimedResponse(k / 1000, 200, 2048) for k in range(1, 100)] + [TimedResponse(0.5, 503, 0)]
ROW = LatencyRow.of("best", 50, ANSWERS, cpu_seconds=0.8)


def test_answers_are_summed_up():
    """1 to 99 ms and one of half a second that tells of a problem; 8 ms of processor each."""
    assert (ROW.answers, ROW.failed) == (100, 1)
    assert ROW.median_ms == pytest.approx(50.5)
    assert 99 <= ROW.p99_ms < ROW.worst_ms == 500
    assert ROW.cpu_ms == pytest.approx(8)
    assert ROW.kilobytes == pytest.approx(2 * 99 / 100)


def test_a_run_is_written_beneath_what_is_there(tmp_path):
    """With every number of the row, the starts in order, and the machine."""
    report = ServiceReport(
        [ROW], [4.5, 3.25], 321.0, 5000, 2, "2031-02-03", {"cores": "2"}, "Idle."
    )
    page = write_service_section(report, tmp_path)
    write_service_section(report, tmp_path)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("# Measured") and text.count(format_service_section(report)) == 2
    assert "| best | 50 | 100 | 1 | 50.5 |" in text
    assert "3.2, 4.5 s" in text and "321 MB" in text and "Note: Idle." in text


@pytest.mark.slow
def test_it_starts_the_service_and_asks_it(tmp_path):
    """A small queue for a second: every question is answered, and the page is written."""
    command = (
        "--households 30 --profile small --seconds 1 --rate 10 --workers 1 --starts 1"
        f" --write --date 2031-02-03 --into {tmp_path}"
    )
    told = CliRunner().invoke(app, command.split())
    assert told.exit_code == 0, told.output
    text = (tmp_path / "RESULTS.md").read_text(encoding="utf-8")
    assert "| best | 10 | 10 | 0 |" in text and "| all | 1 | 1 | 0 |" in text


def test_writing_takes_a_day():
    """Without one it says so, before anything is measured."""
    told = CliRunner().invoke(app, ["--write"])
    assert told.exit_code == 2 and "--date" in told.output
