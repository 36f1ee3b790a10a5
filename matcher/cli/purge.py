"""``treffsikker purge``: erase the data of households whose cases have ended."""

from datetime import datetime
from getpass import getuser
from typing import Annotated

import typer

from matcher.cli.sentences import texts
from matcher.cli.shared import (
    JsonOption,
    LanguageOption,
    UsageError,
    print_json,
    print_line,
    show_step,
)
from matcher.cli.store_access import DatabaseOption, open_store, read_store_settings
from matcher.settings import Settings
from matcher.store.erasure import (
    ErasureResult,
    Retention,
    erase_households,
    list_purgeable,
    purge,
    vacuum,
)
from matcher.store.stamp import Stamp
from matcher.store.store import Store

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
    as_json: JsonOption = False,
    language: LanguageOption = "nb",
) -> None:
    """Erase data of households whose cases ended long enough ago; numbers and events stay."""
    settings = read_store_settings(database=database)
    moment = settings.present_moment()
    retention = Retention(
        settings.keep_settled_days, settings.keep_withdrawn_days, settings.keep_answers_days
    )
    words = texts(language)
    with open_store(settings) as store:
        if look:
            due = list_purgeable(store, retention, moment.date())
            _print(as_json, {"households": due}, words["purge.due"].format(count=len(due)))
            return
        erased = _erase(store, settings, retention, moment, household, reason)
        with show_step(words["purge.wiping"]):
            vacuum(store)
    facts = {
        "households": list(erased.households),
        "contents": erased.payloads,
        "outputs": erased.outputs,
        "answers": erased.responses,
    }
    sentence = words["purge.done"].format(**{**facts, "count": len(erased.households)})
    _print(as_json, facts, sentence)


def _erase(
    store: Store,
    settings: Settings,
    retention: Retention,
    moment: datetime,
    household: str | None,
    reason: str | None,
) -> ErasureResult:
    actor = f"command:{getuser()}"
    if household is None:
        return purge(store, retention, at=moment, actor=actor)
    if reason is None:
        raise UsageError("--household takes a --reason, such as: asked to be forgotten on 3 May")
    return erase_households(store, [household], Stamp(moment, actor, reason))


def _print(as_json: bool, facts: dict[str, object], sentence: str) -> None:
    if as_json:
        print_json(facts)
    else:
        print_line(sentence)
