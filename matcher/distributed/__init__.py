"""Queues in blocks: passes with prices given need no two households in one memory.

Whoever computes a block builds it there, and only sums come back. See ``plan.place_blocks``.
"""
