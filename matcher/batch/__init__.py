"""The night: named steps from the store to ranked suggestions and a report, kept as they come."""

from matcher.batch.findings import must_look
from matcher.batch.night import Hands, Night
from matcher.batch.nightly import night
from matcher.batch.question import NIGHT_SECONDS, Question
from matcher.batch.replaying import Comparison, replay
from matcher.batch.starting import Busy, Done, Taken, ask_night, begin

__all__ = [
    "NIGHT_SECONDS", "Busy", "Comparison", "Done", "Hands", "Night", "Question", "Taken",
    "ask_night", "begin", "must_look", "night", "replay",
]  # fmt: skip
