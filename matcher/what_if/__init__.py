"""What-ifs: tonight's queue planned under changed circumstances, and what would be different."""

from typing import TYPE_CHECKING

from matcher.lazily import lazily

if TYPE_CHECKING:
    from matcher.what_if.answer import Shift, WhatIf, what_if
    from matcher.what_if.changes import Changes, parameter

__getattr__ = lazily(
    __name__,
    {
        "matcher.what_if.answer": ("Shift", "WhatIf", "what_if"),
        "matcher.what_if.changes": ("Changes", "parameter"),
    },
)

__all__ = ["Changes", "Shift", "WhatIf", "parameter", "what_if"]
