"""``python -m benchmarks``: what ``treffsikker bench`` does."""

from benchmarks.command import group

if __name__ == "__main__":
    group(prog_name="python -m benchmarks")
