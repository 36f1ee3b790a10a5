"""Logs: one JSON object on each line, without any information about a person.

A log line has a fixed text and the fields named in ``LOG_FIELDS``; other fields are left out. Of an
error, only its class and its place in the code are logged, never its message. In the texts of
libraries, ``…`` replaces each value. Messages and values could name a household.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from logging.config import dictConfig
from pathlib import PurePath
from types import TracebackType
from typing import Any

import structlog
from structlog.stdlib import BoundLogger, ProcessorFormatter
from structlog.typing import WrappedLogger

LOG_FIELDS = frozenset(
    [
        *("event", "level", "time", "logger"),
        *("request", "method", "route", "status", "milliseconds"),
        *("run", "kind", "day", "step", "worker", "attempt", "outcome", "seconds", "count"),
        *("version", "error", "where", "left_out", "signal", "process"),
    ]
)
"""Names of the fields that a line may have; none of them is about a person."""
MAX_FRAMES = 12
"""Number of innermost frames of an error that are logged."""
FORMAT_SPECIFIER = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[hlL]?([a-zA-Z%])")
"""A placeholder for a value in a library's text; ``%%`` stands for a percent sign."""
LOG_LEVELS = ("debug", "info", "warning", "error")


def get_logger(name: str) -> BoundLogger:
    """Return a logger that takes a fixed text and fields: ``log.info("run ended", run=run.id)``."""
    logger: BoundLogger = structlog.wrap_logger(
        logging.getLogger(name),
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=BoundLogger,
    )
    return logger


def configure_logging(level: str = "info") -> None:
    """Write the logs of this process to the error stream."""
    dictConfig(build_logging_config(level))


def build_logging_config(level: str = "info") -> dict[str, Any]:
    """Return the logging configuration, in the form of :mod:`logging.config`.

    Parameters
    ----------
    level : str
        The lowest level that is written, from ``LEVELS``; for libraries it is always warning.
    """
    project = {"level": level.upper()}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": build_json_formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"matcher": project, "api": project, "uvicorn": {"level": level.upper()}},
    }


def build_json_formatter() -> ProcessorFormatter:
    """Build the formatter that writes each line as JSON."""
    return ProcessorFormatter(
        foreign_pre_chain=[
            structlog.stdlib.add_logger_name,
            structlog.stdlib.add_log_level,
            _without_values,
        ],
        processors=[
            ProcessorFormatter.remove_processors_meta,
            _place_of_error,
            _known_fields,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
        ],
        use_get_message=False,
        pass_foreign_args=True,
    )


def list_error_frames(error: BaseException) -> list[str]:
    """List where an error was raised: file, line and function, the innermost frame last."""
    return _frames(error.__traceback__)


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-MAX_FRAMES:]
    return [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames]


def _without_values(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace each value in a library's text by ``…``."""
    if event.pop("positional_args"):
        text = str(event["event"])
        event["event"] = FORMAT_SPECIFIER.sub(lambda match: "%" if match[1] == "%" else "…", text)
    return event


def _place_of_error(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace an error by its class and its place in the code."""
    info = event.pop("exc_info", None)
    error = info[1] if isinstance(info, tuple) else sys.exception() if info is True else info
    if isinstance(error, BaseException):
        event["error"], event["where"] = type(error).__name__, list_error_frames(error)
    return event


def _known_fields(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Remove all fields that are not in ``LOG_FIELDS``, and count them in ``left_out``."""
    known = {name: value for name, value in event.items() if name in LOG_FIELDS}
    removed = len(event) - len(known)
    return {**known, "left_out": removed} if removed else known
