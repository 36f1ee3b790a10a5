"""Runs: heavy work that workers do, asked for, followed, cancelled and compared."""
