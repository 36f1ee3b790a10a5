"""What-ifs: tonight's queue planned under changed circumstances, and what would be different."""

from typing import TYPE_CHECKING

from matcher.lazily import lazy_getattr

if TYPE_CHECKING:
    from matcher.analysis.what_if.changes import WhatIfChanges, parse_parameter
    from matcher.analysis.what_if.result import MunicipalityShift, WhatIfResult, solve_what_if

__getattr__ = lazy_getattr(
    __name__,
    {
        "matcher.analysis.what_if.result": ("MunicipalityShift", "WhatIfResult", "solve_what_if"),
        "matcher.analysis.what_if.changes": ("WhatIfChanges", "parse_parameter"),
    },
)

__all__ = ["MunicipalityShift", "WhatIfChanges", "WhatIfResult", "parse_parameter", "solve_what_if"]
