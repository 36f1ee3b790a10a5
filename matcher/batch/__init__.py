"""The night: steps from the store to ranked suggestions and a report, each stored when done."""

from typing import TYPE_CHECKING

from matcher.lazily import lazily

if TYPE_CHECKING:
    from matcher.batch.findings import must_look
    from matcher.batch.night import Hands, Night
    from matcher.batch.nightly import do_night
    from matcher.batch.question import NIGHT_SECONDS, Question
    from matcher.batch.replaying import Comparison, replay
    from matcher.batch.starting import Busy, Done, Taken, ask_night, begin

__getattr__ = lazily(
    __name__,
    {
        "matcher.batch.findings": ("must_look",),
        "matcher.batch.night": ("Hands", "Night"),
        "matcher.batch.nightly": ("do_night",),
        "matcher.batch.question": ("NIGHT_SECONDS", "Question"),
        "matcher.batch.replaying": ("Comparison", "replay"),
        "matcher.batch.starting": ("Busy", "Done", "Taken", "ask_night", "begin"),
    },
)

__all__ = [
    "NIGHT_SECONDS",
    "Busy",
    "Comparison",
    "Done",
    "Hands",
    "Night",
    "Question",
    "Taken",
    "ask_night",
    "begin",
    "do_night",
    "must_look",
    "replay",
]
