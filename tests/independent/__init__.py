"""What a plan is worth, worked out a second time from the frozen values alone.

Nothing here uses the columns, the rules, the terms, the stay model or the score of the project:
plain loops over households and municipalities, homes handed out by true bipartite matching, and
the coefficients read from the published tables themselves. Slow, and easy to check by eye.
"""

from tests.independent.night import Night

__all__ = ["Night"]
