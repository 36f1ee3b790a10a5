"""Cases, backends and seeds: measured one process a cell, printed, and kept in RESULTS.md.

``python -m benchmarks --help`` tells how; :func:`benchmarks.run.run` is the same from Python.
"""
