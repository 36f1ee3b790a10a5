"""The function that handles each kind of run."""

from matcher.jobs.night.night import run_night
from matcher.jobs.what_if import WHAT_IF, run_what_if
from matcher.jobs.worker import JobHandlers
from matcher.store.runs import NIGHT_KIND

JOB_HANDLERS: JobHandlers = {NIGHT_KIND: run_night, WHAT_IF: run_what_if}
