"""Households: taken in, listed, read, changed."""
