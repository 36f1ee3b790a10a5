"""``python -m benchmarks``: the same as ``treffsikker bench``."""

from benchmarks.command import group

if __name__ == "__main__":
    group(prog_name="python -m benchmarks")
