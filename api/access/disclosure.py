"""Which households an answer shows: marked in its schema, and recorded in the audit log.

An endpoint declares either ``disclosure: Disclosure = discloses()`` in its signature, and records
its answer before it returns, or ``dependencies=[discloses_none("why")]``; a test checks that every
endpoint does one of them. A household in the path is recorded anyway, see :mod:`api.access.audit`.
"""

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, get_args

from fastapi import Depends, Request
from fastapi.params import Depends as DependsParam
from pydantic import BaseModel

from api.access.audit import MUNICIPALITY_PARAM, record_entry, request_audit
from matcher.domain.roles import MUNICIPALITY_NUMBER
from matcher.store.service.audit_chain import ALL_HOUSEHOLDS


class _Marker:
    """Marks the fields of schemas that hold identifiers of households."""


MARKER = _Marker()
ShownHousehold = Annotated[str, MARKER]
"""The identifier of a household that an answer shows, as the type of a schema's field.

Identifiers of linked households are plain texts: they say that a link exists, and nothing else.
"""
Answer = BaseModel | Iterable[BaseModel]


def shown_households(answer: Answer) -> list[str]:
    """List the households that an answer shows, in its order and each one once."""
    return list(dict.fromkeys(_identifiers(answer)))


@cache
def marked_fields(schema: type[BaseModel]) -> tuple[str, ...]:
    """Return the names of a schema's own fields that hold identifiers of households."""
    return tuple(
        name
        for name, field in schema.model_fields.items()
        if MARKER in field.metadata or ShownHousehold in get_args(field.annotation)
    )


class Disclosure:
    """Record in the audit log which households an answer shows.

    Parameters
    ----------
    request : Request
        The request that is answered.
    """

    def __init__(self, request: Request) -> None:
        self._request = request

    def record(self, answer: Answer, **facts: Any) -> None:
        """Record the households that an answer shows; there may be none."""
        self.record_identifiers(shown_households(answer), **facts)

    def record_identifiers(self, households: Iterable[str], **facts: Any) -> None:
        """Record households by their identifiers, where the answer is not built from a schema."""
        self._record({**facts, "households": list(households)})

    def record_all(self, **facts: Any) -> None:
        """Record that the answer shows all households, as a whole plan does."""
        self._record({**facts, "households": ALL_HOUSEHOLDS})

    def _record(self, facts: dict[str, Any]) -> None:
        number = str(self._request.path_params.get(MUNICIPALITY_PARAM))
        municipality = number if MUNICIPALITY_NUMBER.fullmatch(number) else None
        principal = self._request.state.principal
        record_entry(self._request, principal, municipality=municipality, facts=facts)
        request_audit(self._request).disclosure_due = False


class DisclosesHouseholds:
    """The endpoint must record which households its answer shows; else the answer is not sent."""

    def __call__(self, request: Request) -> Disclosure:
        """Return the recorder for the request."""
        request_audit(request).disclosure_due = True
        return Disclosure(request)


class DisclosesNone:
    """No answer of the endpoint shows anything about a single household.

    Parameters
    ----------
    reason : str
        Why not, for readers of the code.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason

    def __call__(self) -> None:
        """Do nothing."""


def discloses() -> Disclosure:
    """Declare in a signature that the answer shows households."""
    dependency: Disclosure = Depends(DisclosesHouseholds())
    return dependency


def discloses_none(reason: str) -> DependsParam:
    """Declare among the dependencies of an endpoint that its answer shows no household."""
    dependency: DependsParam = Depends(DisclosesNone(reason))
    return dependency


def _identifiers(value: Any) -> Iterator[str]:
    if isinstance(value, BaseModel):
        marked = marked_fields(type(value))
        for name in marked:
            yield from _texts(getattr(value, name))
        for name in type(value).model_fields:
            if name not in marked:
                yield from _identifiers(getattr(value, name))
    elif isinstance(value, Iterable) and not isinstance(value, str | bytes | dict):
        for item in value:
            yield from _identifiers(item)


def _texts(value: str | Iterable[str] | None) -> Iterable[str]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else value
