"""Uploaded files, sent as a zip or one by one, and a temporary folder for them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from io import BytesIO
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Annotated
from zipfile import BadZipFile, ZipFile

from fastapi import Depends, Request
from starlette.datastructures import UploadFile

from api.access.guard import RoleGuard
from api.access.principal import Principal
from api.problems import RefusedError
from matcher.domain.roles import Role

MAX_UNPACKED_BYTES = 200_000_000
"""Bytes of all files together, unpacked, at most."""
MAX_FILES = 40
"""Number of files, at most."""
UploadedFiles = Mapping[str, bytes]
FORM_MEDIA_TYPE = "multipart/form-data"
UPLOAD_REQUEST_BODY = {
    "requestBody": {
        "required": True,
        "description": "The files of the folder: one zip, or a part for each file.",
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            FORM_MEDIA_TYPE: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "files": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                    "required": ["files"],
                }
            },
        },
    }
}
"""The OpenAPI description of the request body."""


OPERATOR_GUARD = RoleGuard(Role.OPERATOR)
"""The role that may import files, checked before anything is unpacked."""


async def _uploaded_files(
    request: Request, who: Annotated[Principal, Depends(OPERATOR_GUARD)]
) -> UploadedFiles:
    """Read the files of a request.

    Raises
    ------
    RefusedError
        When there are no files, or they cannot be unpacked, or they are too large.
    """
    body = await request.body()
    if request.headers.get("content-type", "").startswith(FORM_MEDIA_TYPE):
        async with request.form(max_files=MAX_FILES) as form:
            parts = [part for _, part in form.multi_items() if isinstance(part, UploadFile)]
            return _files_by_name([(part.filename or "", await part.read()) for part in parts])
    return _files_by_name(_unpack(body))


UploadedFilesDep = Annotated[UploadedFiles, Depends(_uploaded_files)]
"""The uploaded files of the request, by name without folders."""


@contextmanager
def temporary_folder(files: UploadedFiles) -> Iterator[Path]:
    """Write files to a temporary folder, which exists as long as the block lasts."""
    with TemporaryDirectory() as folder:
        for name, body in files.items():
            (Path(folder) / name).write_bytes(body)
        yield Path(folder)


def _unpack(body: bytes) -> list[tuple[str, bytes]]:
    try:
        with ZipFile(BytesIO(body)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            size = sum(entry.file_size for entry in entries)
            if size > MAX_UNPACKED_BYTES or len(entries) > MAX_FILES:
                raise _refused(
                    f"{len(entries)} files with {size} bytes: at most {MAX_FILES} and "
                    f"{MAX_UNPACKED_BYTES}",
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                )
            return [(entry.filename, archive.read(entry)) for entry in entries]
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise _refused(f"the body is no zip that can be unpacked: {error}") from error


def _files_by_name(parts: list[tuple[str, bytes]]) -> UploadedFiles:
    files: dict[str, bytes] = {}
    for path, body in parts:
        name = PurePosixPath(path.replace("\\", "/")).name
        if name in files:
            raise _refused(f"{name} is there twice; keep one")
        if not name or len(name) > 100 or not name.isprintable():
            raise _refused(f"a file is called {name!r}; give it its name of the folder")
        files[name] = body
    if not files:
        raise _refused("there are no files; send a zip of the folder, or its files as parts")
    return files


def _refused(detail: str, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> RefusedError:
    return RefusedError(status, detail)
