"""Policies that come with the project: which rules apply, with what weight, and who decided."""
