"""Heavy work away from requests: workers take runs, show that they live, and end them once."""

from matcher.working.errand import Errand, StoppedError
from matcher.working.worker import Kinds, Worker

__all__ = ["Errand", "Kinds", "StoppedError", "Worker"]
