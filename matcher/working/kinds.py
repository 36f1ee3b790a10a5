"""The function that handles each kind of run."""

from matcher.batch import do_night
from matcher.store.database.runs import NIGHT
from matcher.working.what_if import WHAT_IF, answer_what_if
from matcher.working.worker import Kinds

KINDS: Kinds = {NIGHT: do_night, WHAT_IF: answer_what_if}
