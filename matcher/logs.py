"""Logs: one JSON object a line, and nothing in them that is about a person.

What is logged has a fixed text, and fields of the few names in ``FIELDS``; fields of other names
are left out. Of an error its kind and its place in the code are kept, never its message, and of
what libraries log, the text with ``…`` for each value that they put into it: either may name a
household.
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

FIELDS = frozenset(
    {
        "event", "level", "time", "logger", "request", "method", "route", "status", "milliseconds",
        "run", "kind", "day", "step", "worker", "attempt", "outcome", "seconds", "count", "version",
        "error", "where", "left_out", "signal", "process",
    }
)  # fmt: skip
"""Names of the fields that a line may have; none of them is about a person."""
INNERMOST = 12
"""Frames of an error that are kept."""
VALUE = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[hlL]?([a-zA-Z%])")
"""Where a value goes into a library's text; two percent signs are one."""
LEVELS = ("debug", "info", "warning", "error")


def get_logger(name: str) -> BoundLogger:
    """Give a logger that takes a fixed text, and fields: ``log.info("run ended", run=run.id)``."""
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


def configure_logs(level: str = "info") -> None:
    """Write the logs of this process to the error stream."""
    dictConfig(logs_configuration(level))


def logs_configuration(level: str = "info") -> dict[str, Any]:
    """Give the configuration of logs, in the form of :mod:`logging.config`.

    Parameters
    ----------
    level : str
        One of ``LEVELS``: the least that is written. Of libraries, warnings and errors are.
    """
    chosen = level.upper()
    own = {"level": chosen}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": json_formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {"matcher": own, "api": own, "uvicorn": {"level": chosen}},
    }


def json_formatter() -> ProcessorFormatter:
    """Make a formatter that writes the lines."""
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


def place_of(error: BaseException) -> list[str]:
    """Tell where an error came from: file, line and function, the innermost last."""
    return _frames(error.__traceback__)


def _frames(trace: TracebackType | None) -> list[str]:
    frames = traceback.extract_tb(trace)[-INNERMOST:]
    return [f"{PurePath(f.filename).name}:{f.lineno} {f.name}" for f in frames]


def _without_values(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Write a library's text as it is read, with each of its values left out."""
    if event.pop("positional_args"):
        text = str(event["event"])
        event["event"] = VALUE.sub(lambda found: "%" if found[1] == "%" else "…", text)
    return event


def _place_of_error(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep of an error what kind it is and where it came from."""
    found = event.pop("exc_info", None)
    error = found[1] if isinstance(found, tuple) else sys.exception() if found is True else found
    if isinstance(error, BaseException):
        event["error"], event["where"] = type(error).__name__, place_of(error)
    return event


def _known_fields(
    logger: WrappedLogger, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Leave out fields that are not known to be about no person, and tell how many."""
    kept = {name: value for name, value in event.items() if name in FIELDS}
    missing = len(event) - len(kept)
    return {**kept, "left_out": missing} if missing else kept
