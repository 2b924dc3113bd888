"""
Correcting and annulling: the mistake stays in the history, what stands changes.

What is free text in the fact is plain in the request, and is sealed here under the key of the
person the fact is about, or of the stream; a text that does not change is sent as it was read, as
its token.
"""

from typing import Annotated, Any

import msgspec
from litestar import post
from litestar.params import JSONBody
from litestar.status_codes import HTTP_200_OK

from core.catalogue import CORRECT_FACTS
from core.domain.command import Code, SubjectId
from core.domain.correction import AnnulFact, CorrectFact
from core.http.correction_texts import CorrectionTexts
from core.http.guard import needs
from core.http.request import ApiRequest
from core.http.writing import Written, run

_TAGS = ["Corrections"]


class FactToAnnul(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Le fait qui n'a pas eu lieu tel qu'enregistré, dans quelle histoire, et pourquoi."""

    stream: SubjectId
    fact: SubjectId
    reason: Annotated[Code, msgspec.Meta(examples=["typing_error"])]
    note: str | None = None


class FactToCorrect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Le fait qui s'est passé autrement ; `replacement` est son nouveau corps, entier."""

    stream: SubjectId
    fact: SubjectId
    replacement: dict[str, Any]
    reason: Annotated[Code, msgspec.Meta(examples=["typing_error"])]
    note: str | None = None


@post(
    "/corrections/annul",
    opt=needs(CORRECT_FACTS.code, by_command=True),
    tags=_TAGS,
    summary="Annuler un fait",
    status_code=HTTP_200_OK,
)
async def annul(request: ApiRequest, data: JSONBody[FactToAnnul]) -> Written:
    texts = await CorrectionTexts.of(request, data.stream, data.fact)
    command = AnnulFact(
        stream=data.stream,
        fact=data.fact,
        reason=data.reason,
        note=await texts.note(data.note),
    )
    return await run(request, command)


@post(
    "/corrections/correct",
    opt=needs(CORRECT_FACTS.code, by_command=True),
    tags=_TAGS,
    summary="Corriger un fait",
    status_code=HTTP_200_OK,
)
async def correct(request: ApiRequest, data: JSONBody[FactToCorrect]) -> Written:
    texts = await CorrectionTexts.of(request, data.stream, data.fact)
    command = CorrectFact(
        stream=data.stream,
        fact=data.fact,
        replacement=await texts.replacement(data.replacement),
        reason=data.reason,
        note=await texts.note(data.note),
    )
    return await run(request, command)


ROUTES = (annul, correct)
