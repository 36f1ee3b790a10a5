"""Tables and program of a whole year, 17 000 households: time and memory before any solving."""

from benchmarks.case_kinds import BuildProgram

CASE = BuildProgram("year")
