"""Long jobs outside of requests: a worker claims a run, sends heartbeats, and ends it once."""

from matcher.jobs.job_context import JobContext, JobListener, JobOutput, JobStoppedError
from matcher.jobs.worker import JobHandlers, Worker

__all__ = [
    "JobContext",
    "JobHandlers",
    "JobListener",
    "JobOutput",
    "JobStoppedError",
    "Worker",
]
