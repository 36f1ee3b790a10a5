"""Ranked placements from the last complete night's prices and the current ledgers."""

from api.live.completed_night import CompletedNight
from api.live.night_loader import UnusableNightError, load_night
from api.live.notes import RankingNote, note_text
from api.live.proposal_trace import trace_proposal
from api.live.snapshot import LiveSnapshot
from api.live.snapshot_cache import SnapshotCache

__all__ = [
    "CompletedNight",
    "LiveSnapshot",
    "RankingNote",
    "SnapshotCache",
    "UnusableNightError",
    "load_night",
    "note_text",
    "trace_proposal",
]
