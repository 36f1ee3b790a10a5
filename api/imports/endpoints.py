"""The endpoint that imports the files of a queue and its municipalities: all files or nothing."""

from collections import Counter
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from api.access import Principal
from api.answers import LISTED
from api.context import Now, StoreHere
from api.imports.files import BODY, OPERATOR, Files, FilesHere, folder_of
from api.imports.schemas import Imported, fault_facts
from api.once import OnceHere
from api.problems import RefusedError, responses
from matcher import store as files_store
from matcher.domain import Instance
from matcher.store import Fault, FaultsError
from matcher.store.database import import_instance
from matcher.texts import Language

router = APIRouter(prefix="/api/v1/imports", tags=["imports"])
PROBLEMS = LISTED | responses(HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
Languages = Annotated[str, Header(max_length=200, description="nb for Norwegian, else English.")]


@router.post(
    "",
    status_code=HTTPStatus.CREATED,
    response_model=Imported,
    responses=PROBLEMS,
    openapi_extra=BODY,
)
def take_in(
    who: Annotated[Principal, Depends(OPERATOR)],
    files: FilesHere,
    store: StoreHere,
    now: Now,
    once: OnceHere,
    accept_language: Languages = "en",
) -> Response:
    """Import a queue and its municipalities; importing the same files again changes nothing.

    Files with faults are refused, and the answer lists every fault: file, row, column, value and
    advice.
    """
    language: Language = "nb" if accept_language.lower().startswith(("nb", "no", "nn")) else "en"
    instance, warnings = _read(files, language)

    def record_import() -> Imported:
        events = import_instance(store, instance, at=now, actor=who.id)
        return Imported(
            recorded=dict(Counter(str(event.kind) for event in events)),
            warnings=[fault_facts(fault, language) for fault in warnings],
        )

    return once(record_import, HTTPStatus.CREATED)


def _read(files: Files, language: Language) -> tuple[Instance, list[Fault]]:
    with folder_of(files) as folder:
        try:
            return files_store.read_with_warnings(folder)
        except FaultsError as error:
            faults: Any = [fault_facts(f, language).model_dump() for f in error.faults]
            errors = sum(fault["severity"] == "error" for fault in faults)
            raise RefusedError(
                HTTPStatus.UNPROCESSABLE_ENTITY,
                f"{errors} fault(s) in the files; nothing was taken in",
                faults=faults,
            ) from error
