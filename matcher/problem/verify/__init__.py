"""The independent checker: plans, values and bounds, without any code of the solvers."""
