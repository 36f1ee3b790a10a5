"""Decomposed solver: a queue in blocks, which never have to be in one memory together.

At given prices the blocks are independent. The process that works on a block builds it, and
returns only sums and choices. See ``plan.place_blocks``.
"""
