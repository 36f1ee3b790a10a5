"""Proposals: creating them, answering them, letting them lapse; and earlier decisions."""
