"""Imports: the files of a queue and its municipalities, taken in whole."""
