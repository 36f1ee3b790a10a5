"""What workers do for each kind of run."""

from matcher.working.worker import Kinds

KINDS: Kinds = {}
