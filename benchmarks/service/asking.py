"""Questions at a steady rate, whether or not earlier ones have been answered."""

import asyncio
import gc
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

import httpx

CLIENTS = 20
"""Connections, as of so many people at work."""
PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer.

    Parameters
    ----------
    seconds : float
        From when the question was due until the whole answer was there: a client that falls
        behind because the service does counts against the service.
    status : int
        0 when none came.
    size : int
        Bytes of the body as it was sent.
    """

    seconds: float
    status: int
    size: int


def ask(address: str, key: str, paths: Sequence[str], rate: float) -> list[Answer]:
    """Ask for paths one after the other, so many a second, and wait for all answers."""
    gc.disable()
    try:
        return asyncio.run(_ask(address, key, paths, rate))
    finally:
        gc.enable()


async def _ask(address: str, key: str, paths: Sequence[str], rate: float) -> list[Answer]:
    headers = {"Authorization": f"Bearer {key}", "Accept-Encoding": "gzip"}
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(
                httpx.AsyncClient(base_url=address, headers=headers, timeout=PATIENCE)
            )
            for _ in range(CLIENTS)
        ]
        # Every connection is there before anything is measured.
        await asyncio.gather(*(client.get("/health/live") for client in clients))
        begun = time.perf_counter()
        asked = []
        for number, path in enumerate(paths):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            asked.append(asyncio.create_task(_one(clients[number % CLIENTS], path, due)))
        return list(await asyncio.gather(*asked))


async def _one(client: httpx.AsyncClient, path: str, due: float) -> Answer:
    try:
        answer = await client.get(path)
    except httpx.TransportError:
        return Answer(time.perf_counter() - due, 0, 0)
    size = answer.num_bytes_downloaded
    return Answer(time.perf_counter() - due, answer.status_code, size)
