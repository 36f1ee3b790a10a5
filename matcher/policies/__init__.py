"""Policies that come with the project, one TOML file each: rules, weights, and who decided."""
