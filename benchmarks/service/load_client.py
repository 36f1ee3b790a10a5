"""Send requests at a steady rate, whether or not earlier ones have been answered."""

import asyncio
import gc
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

CLIENT_COUNT = 20
"""Number of connections, as if that many people were working."""
RESPONSE_TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class TimedResponse:
    """The measured response to one request.

    Parameters
    ----------
    seconds : float
        From when the request was due until the whole response had arrived: delays of a client
        that waits for the service count as response time.
    status : int
        HTTP status; 0 without a response.
    size : int
        Bytes of the body as sent (compressed).
    """

    seconds: float
    status: int
    size: int


def send_requests(address: str, key: str, paths: Sequence[str], rate: float) -> list[TimedResponse]:
    """Send requests for paths in turn, ``rate`` per second, and wait for all responses."""
    gc.disable()
    try:
        return asyncio.run(_send_all(address, key, paths, rate))
    finally:
        gc.enable()


async def _send_all(
    address: str, key: str, paths: Sequence[str], rate: float
) -> list[TimedResponse]:
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "gzip"}
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=address, headers=headers, timeout=RESPONSE_TIMEOUT)
            )
            for _ in range(CLIENT_COUNT)
        ]
        # Open every connection before the measurement.
        await asyncio.gather(*(client.get("/health/live") for client in clients))
        begun = time.perf_counter()
        requests = []
        for number, path in enumerate(paths):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            requests.append(asyncio.create_task(_send(clients[number % CLIENT_COUNT], path, due)))
        return list(await asyncio.gather(*requests))


async def _send(client: httpx.AsyncClient, path: str, due: float) -> TimedResponse:
    try:
        answer = await client.get(path)
    except httpx.TransportError:
        return TimedResponse(time.perf_counter() - due, 0, 0)
    size = answer.num_bytes_downloaded
    return TimedResponse(time.perf_counter() - due, answer.status_code, size)
