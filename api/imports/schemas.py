"""Schemas of an import: what was new, and what is wrong or looks wrong."""

from pydantic import BaseModel, ConfigDict, Field

from matcher.files import Fault
from matcher.texts import Language


class FileFault(BaseModel):
    """One thing that is wrong, or looks wrong, in one place of the files."""

    file: str
    row: int | None = Field(description="As a person sees it in the file: the header is row 1.")
    column: str | None
    value: str = Field(description="What the cell holds.")
    code: str = Field(description="What kind of fault.")
    severity: str = Field(description="error, or warning.")
    message: str = Field(description="What is wrong.")
    advice: str = Field(description="What to do about it.")


class ImportResult(BaseModel):
    """The result of an import: what was new in the files."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"recorded": {"listed": 120, "counted": 3}, "warnings": []}]
        }
    )

    recorded: dict[str, int] = Field(description="How many events of each kind.")
    warnings: list[FileFault] = Field(description="What looks wrong and was taken in anyway.")


def file_fault(fault: Fault, language: Language) -> FileFault:
    """Convert a fault to the form that the service shows."""
    return FileFault(
        file=fault.file,
        row=fault.row,
        column=fault.column,
        value=fault.value,
        code=fault.code,
        severity=fault.severity,
        message=fault.message(language),
        advice=fault.advice(language),
    )
