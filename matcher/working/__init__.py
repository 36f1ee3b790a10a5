"""Long jobs outside of requests: a worker claims a run, sends heartbeats, and ends it once."""

from matcher.working.errand import Errand, StoppedError
from matcher.working.worker import Kinds, Worker

__all__ = ["Errand", "Kinds", "StoppedError", "Worker"]
