"""The report of a plan as one HTML page for screen or A4, and a picture of prices."""

from matcher.report.page import html
from matcher.report.prices import ENDINGS, draw_prices
from matcher.report.unplaced import unplaced_reasons

__all__ = ["ENDINGS", "draw_prices", "html", "unplaced_reasons"]
