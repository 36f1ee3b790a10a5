"""Ranked placements from the last complete night's prices and the current ledgers."""

from matcher.live.follower import Follower
from matcher.live.live import Live
from matcher.live.loading import UnusableNightError, load_night
from matcher.live.night import Night
from matcher.live.notes import Note, told
from matcher.live.tracing import trace

__all__ = [
    "Follower",
    "Live",
    "Night",
    "Note",
    "UnusableNightError",
    "load_night",
    "told",
    "trace",
]
