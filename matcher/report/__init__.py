"""The report of a plan as one HTML page for screen or A4, and a picture of prices."""

from typing import TYPE_CHECKING

from matcher.lazily import lazy_getattr

if TYPE_CHECKING:
    from matcher.report.plan_page import html
    from matcher.report.price_picture import PICTURE_ENDINGS, draw_prices
    from matcher.report.unplaced import unplaced_reasons

__getattr__ = lazy_getattr(
    __name__,
    {
        "matcher.report.plan_page": ("html",),
        "matcher.report.price_picture": ("PICTURE_ENDINGS", "draw_prices"),
        "matcher.report.unplaced": ("unplaced_reasons",),
    },
)

__all__ = ["PICTURE_ENDINGS", "draw_prices", "html", "unplaced_reasons"]
