"""Schemas of runs, and of requests for them."""

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, Field

from api.access.disclosure import ShownHousehold
from api.params import IsoDay
from api.schemas import request_example, response_example
from matcher.store.runs import Output, Run, RunStatus


class StartNightRequest(BaseModel):
    """A request for a plan of the whole queue."""

    model_config = request_example(seconds=120, gap=0.1)

    day: IsoDay | None = Field(None, description="The day to plan for; today unless given.")
    policy: str | None = Field(
        None, max_length=60, description="A policy by name; the one in force unless given."
    )
    seconds: float = Field(120, ge=1, le=3600, description="Time limit of the solver.")
    gap: float = Field(0.1, ge=0, le=100, description="Good enough, in per cent.")
    seed: int = Field(1, ge=0, lt=2**31, description="Same seed and events, same plan.")


class RunOutput(BaseModel):
    """An output of a run."""

    name: str = Field(description="As in the path to it.", examples=["result"])
    media_type: str = Field(description="What it is.", examples=["application/json"])
    hash: str = Field(description="SHA-256 of its bytes.")
    at: datetime = Field(description="When it was kept.")

    @classmethod
    def from_output(cls, output: Output) -> "RunOutput":
        """Build the description of an output."""
        return cls(name=output.name, media_type=output.media_type, hash=output.hash, at=output.at)


class RunSummary(BaseModel):
    """A run."""

    model_config = response_example(
        id="night-2026-11-22-1",
        kind="night",
        day="2026-11-22",
        status="running",
        asked_by="system:planner",
        asked_at="2026-11-22T01:00:00Z",
        started_at="2026-11-22T01:00:01Z",
        ended_at=None,
        attempts=1,
        cancel_asked=False,
        progress={"step": "solving", "level": 2},
        asked=None,
        error=None,
    )

    id: str = Field(description="Kind, day and a number.")
    kind: str = Field(description="`night` or `what-if`.")
    day: date = Field(description="The day that it plans for.")
    status: RunStatus = Field(description="How far it has come.")
    asked_by: str = Field(description="Who asked for it.")
    asked_at: datetime
    started_at: datetime | None = Field(description="When a worker first took it.")
    ended_at: datetime | None = Field(description="When it was over.")
    attempts: int = Field(description="How often a worker began it.")
    cancel_asked: bool = Field(description="Whether someone has cancelled it.")
    progress: dict[str, Any] = Field(description="The step it is at, and where a solve stands.")
    asked: dict[str, Any] | None = Field(
        description="What was asked; null for those who must not see households."
    )
    error: str | None = Field(
        description="Why it failed; without the reason for those who must not see households."
    )


class RunDetail(RunSummary):
    """A run with its outputs."""

    outputs: list[RunOutput] = Field(description="Nothing until a step is done.")


class RunPage(BaseModel):
    """A page of runs, the latest request first."""

    items: list[RunSummary]
    next: str | None = Field(description="Cursor of the next page; null on the last.")


class PlacementDifference(BaseModel):
    """A household that two plans treat differently."""

    household: ShownHousehold
    kind: str = Field(description="`moved`, `placed` or `left out`, in the second plan.")
    first: str | None = Field(description="Municipality in the first plan; null when unplaced.")
    second: str | None = Field(description="Municipality in the second.")


class RunComparison(BaseModel):
    """Two runs side by side."""

    first: dict[str, Any] = Field(description="What the first plan brings, as its run found.")
    second: dict[str, Any] = Field(description="What the second brings.")
    same_instance: bool = Field(description="Whether both planned the same queue and places.")
    same_policy: bool = Field(description="Whether points mean the same in both.")
    target_shift: dict[str, float] | None = Field(
        description="Points, by term, that the first plan gets on the second run's targets of "
        "dispersion more than on its own, although nobody moves; take them off before points are "
        "compared. Null where the policies differ, or the first plan has households that the "
        "second queue has not: then points cannot be compared."
    )
    moved: int = Field(description="Households that get another municipality in the second.")
    placed: int = Field(description="Households placed only in the second.")
    left_out: int = Field(description="Households placed only in the first.")
    changes: list[PlacementDifference] | None = Field(
        description="Each of them; null for those who must not see households."
    )


def run_fields(run: Run, detailed: bool) -> dict[str, Any]:
    """Return the fields of a run.

    Parameters
    ----------
    detailed : bool
        Whether to include what can name households: the request and the reason of a failure.
    """
    public_error = None if run.error is None else "failed; a caseworker or an operator sees why"
    names = RunSummary.model_fields.keys() - {"asked", "error", "progress"}
    return {
        **{name: getattr(run, name) for name in names},
        "progress": dict(run.progress),
        "asked": dict(run.question) if detailed else None,
        "error": run.error if detailed else public_error,
    }
