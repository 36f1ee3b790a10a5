"""Rate limits: a caller above the limit is refused and told when to ask again."""

import math
import time
from http import HTTPStatus

from fastapi import Request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter, RateLimiter, SlidingWindowCounterRateLimiter

from api.problems import RefusedError
from matcher.settings import Settings


class RateLimits:
    """Count the requests of identified callers, and those of unidentified ones by address.

    Parameters
    ----------
    settings : Settings
        Holds both limits, and where requests are counted.
    """

    def __init__(self, settings: Settings) -> None:
        storage = storage_from_string(settings.rate_limit_storage)
        # For identified callers only counts are stored; for the few unidentified, every moment.
        self._known: RateLimiter = SlidingWindowCounterRateLimiter(storage)
        self._unknown: RateLimiter = MovingWindowRateLimiter(storage)
        self._limit, self._unknown_limit = parse(settings.rate_limit), parse(settings.login_limit)

    def count_request(self, caller: str) -> None:
        """Count a request of an identified caller.

        Raises
        ------
        RefusedError
            429 when there have been too many requests.
        """
        self._hit(self._known, self._limit, "known", caller)

    def count_unauthenticated(self, request: Request) -> None:
        """Count, by address, a login that begins or fails, or a key that is not valid.

        Raises
        ------
        RefusedError
            429 when there have been too many requests.
        """
        address = request.client.host if request.client else ""
        self._hit(self._unknown, self._unknown_limit, "unknown", address)

    @staticmethod
    def _hit(limiter: RateLimiter, limit: RateLimitItem, *identifiers: str) -> None:
        if limiter.hit(limit, *identifiers):
            return
        reset_time = limiter.get_window_stats(limit, *identifiers).reset_time
        seconds = max(1, math.ceil(reset_time - time.time()))
        raise RefusedError(
            HTTPStatus.TOO_MANY_REQUESTS,
            f"too many requests: {limit} are allowed; try again in {seconds} s",
            {"Retry-After": str(seconds)},
        )
