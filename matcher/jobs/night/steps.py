"""The steps of a night in order, each with the outputs that it needs and produces."""

from matcher.jobs.night.check_data import check_data
from matcher.jobs.night.digest_predictions import digest_predictions
from matcher.jobs.night.night_run import NightStep
from matcher.jobs.night.rank_queue import rank_queue
from matcher.jobs.night.record_inputs import record_inputs
from matcher.jobs.night.solve_and_price import solve_and_price
from matcher.jobs.night.verify_plan import verify_plan
from matcher.jobs.night.write_report import write_report

STEPS = (
    NightStep("load", (), ("instance", "policy"), record_inputs),
    NightStep("check", ("instance",), ("check",), check_data),
    NightStep("predict", ("instance",), ("predictions",), digest_predictions),
    NightStep("solve", ("instance",), ("plan", "result", "prices"), solve_and_price),
    NightStep("rank", ("plan", "result", "prices"), ("suggestions",), rank_queue),
    NightStep(
        "store", ("instance", "plan", "result", "prices"), ("verification", "changes"), verify_plan
    ),
    NightStep(
        "report",
        (
            "instance",
            "policy",
            "check",
            "predictions",
            "plan",
            "result",
            "prices",
            "verification",
            "changes",
        ),
        ("report.json", "report.html", "report.en.html", "plan.html", "plan.en.html"),
        write_report,
    ),
)
