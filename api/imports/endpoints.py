"""The endpoint that imports the files of a queue and its municipalities: all files or nothing."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Query, Response

from api.access.principal import Principal
from api.dependencies import NowDep, SettingsDep, StoreDep
from api.imports.schemas import ImportResult, file_fault
from api.imports.uploads import (
    OPERATOR_GUARD,
    UPLOAD_REQUEST_BODY,
    UploadedFiles,
    UploadedFilesDep,
    temporary_folder,
)
from api.problems import LIST_ERRORS, RefusedError, problem_responses
from api.writes import IdempotentWriterDep
from matcher import files as files_store
from matcher.domain.instance import Instance
from matcher.files import Fault, FaultsError
from matcher.jobs.in_force import policy_in_force
from matcher.problem.problem import Problem
from matcher.problem.refused_pins import find_refused_pins
from matcher.settings import Settings
from matcher.store.events import Event
from matcher.store.import_losses import LargeLossError, LossLimit, describe_losses
from matcher.store.importing import import_instance
from matcher.store.stamp import Stamp
from matcher.store.store import Store
from matcher.texts import Language

router = APIRouter(prefix="/api/v1/imports", tags=["imports"])
IMPORT_ERRORS = LIST_ERRORS | problem_responses(
    HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
)
MEANT: Mapping[Language, str] = {
    "nb": "Er det meningen, si det med withdraw_many=true.",
    "en": "If this is meant, say so with withdraw_many=true.",
}
WithdrawMany = Annotated[
    bool,
    Query(description="Say that it is meant that many households, or much else, are gone."),
]
AcceptLanguage = Annotated[
    str, Header(max_length=200, description="nb for Norwegian, else English.")
]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=ImportResult,
    responses=IMPORT_ERRORS,
    openapi_extra=UPLOAD_REQUEST_BODY,
)
def create_import(
    principal: Annotated[Principal, Depends(OPERATOR_GUARD)],
    files: UploadedFilesDep,
    store: StoreDep,
    at: NowDep,
    apply_once: IdempotentWriterDep,
    settings: SettingsDep,
    withdraw_many: WithdrawMany = False,
    accept_language: AcceptLanguage = "en",
) -> Response:
    """Import a queue and its municipalities; importing the same files again changes nothing.

    Files with faults are refused, and the answer lists every fault: file, row, column, value and
    advice. So are files from which much is gone, unless the request says that this is meant.
    """
    language: Language = "nb" if accept_language.lower().startswith(("nb", "no", "nn")) else "en"
    instance, warnings = _read(files, at.date(), language)

    problem = Problem.of(instance, policy_in_force(store)[0])
    refused_pins = [refused.fault() for refused in find_refused_pins(problem)]

    def record_import() -> ImportResult:
        events = _import(
            store, instance, Stamp(at, principal.id, "import"), settings, withdraw_many, language
        )
        return ImportResult(
            recorded=dict(Counter(str(event.kind) for event in events)),
            warnings=[file_fault(fault, language) for fault in (*warnings, *refused_pins)],
        )

    return apply_once(record_import, HTTPStatus.CREATED)


def _import(
    store: Store,
    instance: Instance,
    stamp: Stamp,
    settings: Settings,
    withdraw_many: bool,
    language: Language,
) -> list[Event]:
    limit = LossLimit(settings.withdraw_share, settings.withdraw_minimum)
    try:
        return import_instance(
            store, instance, stamp, loss_limit=limit, withdraw_many=withdraw_many
        )
    except LargeLossError as error:
        told = f"{describe_losses(error.losses, language)} {MEANT[language]}"
        raise LargeLossError(told, error.losses) from error


def _read(files: UploadedFiles, today: date, language: Language) -> tuple[Instance, list[Fault]]:
    with temporary_folder(files) as folder:
        try:
            return files_store.read_with_warnings(folder, present_day=today)
        except FaultsError as error:
            faults: Any = [file_fault(f, language).model_dump() for f in error.faults]
            errors = sum(fault["severity"] == "error" for fault in faults)
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"{errors} fault(s) in the files; nothing was taken in",
                faults=faults,
            ) from error
