"""Imports of the files of a queue and its municipalities."""
