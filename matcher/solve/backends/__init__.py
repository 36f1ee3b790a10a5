"""Solvers of a whole program: HiGHS, SCIP, CP-SAT, CBC, greedy and random placement."""
