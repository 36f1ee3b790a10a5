"""``treffsikker purge``: what is known of households that are done with is erased."""

from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.service import DatabaseOption, open_store, settings_of_store
from matcher.cli.shared import AsJson, LanguageOption, UsageError, print_json, say, step
from matcher.settings import Settings
from matcher.store.database import Erased, Retention, Store, erase, purge, wipe
from matcher.store.database.erasing import done_with

Household = Annotated[
    str | None, typer.Option("--household", help="Only this one, who asked to be forgotten.")
]
Reason = Annotated[str | None, typer.Option("--reason", help="Why; needed with --household.")]
Look = Annotated[bool, typer.Option("--look", help="Only tell whom it would be; erase nothing.")]


def run(
    household: Household = None,
    reason: Reason = None,
    look: Look = False,
    database: DatabaseOption = None,
    as_json: AsJson = False,
    language: LanguageOption = "nb",
) -> None:
    """Erase what is known of households done with for long enough; numbers and events stay."""
    settings = settings_of_store(database=database)
    now = datetime.now(settings.zone)
    kept = Retention(
        settings.keep_settled_days, settings.keep_withdrawn_days, settings.keep_answers_days
    )
    words = texts(language)
    with open_store(settings) as store:
        if look:
            due = done_with(store, kept, now.date())
            _tell(as_json, {"households": due}, words["purge.due"].format(count=len(due)))
            return
        found = _erased(store, settings, kept, now, household, reason)
        with step(words["purge.wiping"]):
            wipe(store)
    facts = {"households": list(found.households), "contents": found.contents,
             "outputs": found.outputs, "answers": found.answers}  # fmt: skip
    told = words["purge.done"].format(**{**facts, "count": len(found.households)})
    _tell(as_json, facts, told)


def _erased(
    store: Store, settings: Settings, kept: Retention, now: datetime, household: str | None,
    reason: str | None,
) -> Erased:  # fmt: skip
    actor = f"command:{getuser()}"
    if household is None:
        return purge(store, kept, at=now, actor=actor)
    if reason is None:
        raise UsageError("--household takes a --reason, such as: asked to be forgotten on 3 May")
    return erase(store, [household], at=now, actor=actor, reason=reason)


def _tell(as_json: bool, facts: dict[str, object], sentence: str) -> None:
    if as_json:
        print_json(facts)
    else:
        say(sentence)
