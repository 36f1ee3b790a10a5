"""Cases, solvers and seeds, measured and printed."""
