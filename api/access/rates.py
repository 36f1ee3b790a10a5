"""How often someone may ask; whoever asks more often is told when to come back."""

import math
import time
from http import HTTPStatus

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from api.problems import RefusedError
from matcher.settings import Settings


class Rates:
    """Counts requests, of those who are known and of those who are not.

    Parameters
    ----------
    settings : Settings
        With both limits, and where they are counted.
    """

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(settings.rate_limit_storage)
        # Of those who are known only counts are kept, of the few others each moment.
        self._known: RateLimiter = SlidingWindowCounterRateLimiter(storage)
        self._unknown: RateLimiter = MovingWindowRateLimiter(storage)
        self._limit, self._unknown_limit = parse(settings.rate_limit), parse(settings.login_limit)

    def count(self, who: str) -> None:
        """Count a request of someone who is known.

        Raises
        ------
        RefusedError
            429 when there have been too many.
        """
        self._hit(self._known, self._limit, "known", who)

    def count_unknown(self, request: Request) -> None:
        """Count a failed or beginning login, or a key that does not hold, by address.

        Raises
        ------
        RefusedError
            429 when there have been too many.
        """
        address = request.client.host if request.client else ""
        self._hit(self._unknown, self._unknown_limit, "unknown", address)

    @staticmethod
    def _hit(limiter: RateLimiter, limit: RateLimitItem, *whom: str) -> None:
        if limiter.hit(limit, *whom):
            return
        opens = limiter.get_window_stats(limit, *whom).reset_time
        seconds = max(1, math.ceil(opens - time.time()))
        raise RefusedError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many requests: {limit} are allowed; try again in {seconds} s",
            {"Retry-After": str(seconds)},
        )
