"""The night: steps from the store to ranked suggestions and a report, each stored when done."""

from typing import TYPE_CHECKING

from matcher.lazily import lazy_getattr

if TYPE_CHECKING:
    from matcher.jobs.night.attention import needs_attention
    from matcher.jobs.night.claim import (
        NightAlreadyRunning,
        NightClaimed,
        NightUpToDate,
        claim_night,
        enqueue_night,
    )
    from matcher.jobs.night.night_run import NightContext, NightRun
    from matcher.jobs.night.parameters import NIGHT_TIME_LIMIT_SECONDS, NightParameters
    from matcher.jobs.night.replay import ReplayResult, replay_night
    from matcher.jobs.night.runner import run_night

__getattr__ = lazy_getattr(
    __name__,
    {
        "matcher.jobs.night.attention": ("needs_attention",),
        "matcher.jobs.night.night_run": ("NightContext", "NightRun"),
        "matcher.jobs.night.runner": ("run_night",),
        "matcher.jobs.night.parameters": ("NIGHT_TIME_LIMIT_SECONDS", "NightParameters"),
        "matcher.jobs.night.replay": ("ReplayResult", "replay_night"),
        "matcher.jobs.night.claim": (
            "NightAlreadyRunning",
            "NightUpToDate",
            "NightClaimed",
            "enqueue_night",
            "claim_night",
        ),
    },
)

__all__ = [
    "NIGHT_TIME_LIMIT_SECONDS",
    "NightAlreadyRunning",
    "NightClaimed",
    "NightContext",
    "NightParameters",
    "NightRun",
    "NightUpToDate",
    "ReplayResult",
    "claim_night",
    "enqueue_night",
    "needs_attention",
    "replay_night",
    "run_night",
]
