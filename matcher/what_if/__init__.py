"""What if: tonight's queue under other circumstances, and what would be different."""

from matcher.what_if.answer import Shift, WhatIf, what_if
from matcher.what_if.changes import Changes, parameter
from matcher.what_if.sentences import sentences

__all__ = ["Changes", "Shift", "WhatIf", "parameter", "sentences", "what_if"]
