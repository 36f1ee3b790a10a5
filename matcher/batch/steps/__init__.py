"""The steps of a night in order, each with the outputs that it needs and produces."""

from matcher.batch.night import Step
from matcher.batch.steps.check import check
from matcher.batch.steps.load import load
from matcher.batch.steps.place import place
from matcher.batch.steps.predict import predict
from matcher.batch.steps.rank import rank
from matcher.batch.steps.report import report
from matcher.batch.steps.store import store

STEPS = (
    Step("load", (), ("instance", "policy"), load),
    Step("check", ("instance",), ("check",), check),
    Step("predict", ("instance",), ("predictions",), predict),
    Step("solve", ("instance",), ("plan", "result", "prices"), place),
    Step("rank", ("plan", "result", "prices"), ("suggestions",), rank),
    Step("store", ("instance", "plan", "result", "prices"), ("verification", "changes"), store),
    Step(
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
        report,
    ),
)
