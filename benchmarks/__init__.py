"""Measure cases, backends and seeds, one process per cell; print and record them in RESULTS.md.

``python -m benchmarks --help`` shows the options; from Python, call
:func:`benchmarks.run.run_benchmarks`.
"""
