"""The one-page report of a plan: one HTML document to read on screen or print on A4."""

from matcher.report.page import html
from matcher.report.unplaced import unplaced_reasons

__all__ = ["html", "unplaced_reasons"]
