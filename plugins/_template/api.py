"""
Notebooks over HTTP, under `/api/v1/tenants/{code}/carnet`.

A handler turns the address and the body into a command, and seals free text on the way; the rules
are in `decisions.py`. What is read comes from the read models.
"""

from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody

from core.domain.command import Code, Moment
from core.domain.event import Subject
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.request import ApiRequest, PathId
from core.http.times import AsOf, KnownAt
from core.http.writing import Written, new_id, run
from plugins._template.commands import OpenNotebook, WriteNote
from plugins._template.module import READ, WRITE
from plugins._template.projections.notebook_register import NOTEBOOK_REGISTER, NotebookRegister
from plugins._template.state import NOTEBOOK
from projections.reading import reading
from projections.records import record


class NotebookToOpen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Les sujets du carnet."""

    topics: Annotated[
        tuple[Code, ...], msgspec.Meta(min_length=1, max_length=20, examples=[["jardin"]])
    ]
    occurred_at: Moment | None = None


class NoteToWrite(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Une note, en toutes lettres : elle est scellée sous la clé du carnet."""

    topic: Annotated[Code, msgspec.Meta(examples=["jardin"])]
    text: Annotated[str, msgspec.Meta(min_length=1, max_length=10_000)]
    occurred_at: Moment | None = None


@post("/notebooks", opt=needs(WRITE.code), summary="Ouvrir un carnet")
async def open_notebook(request: ApiRequest, data: JSONBody[NotebookToOpen]) -> Written:
    notebook = Subject(await new_id(request))
    command = OpenNotebook(notebook=notebook, topics=data.topics, occurred_at=data.occurred_at)
    return await run(request, command)


@post(
    "/notebooks/{notebook:str}/notes",
    opt=needs(WRITE.code, by_command=True),
    summary="Écrire une note",
)
async def write_note(request: ApiRequest, notebook: PathId, data: JSONBody[NoteToWrite]) -> Written:
    text = await request.house.vault.seal(request.tenant, notebook, "text", data.text)
    command = WriteNote(
        notebook=notebook, topic=data.topic, text=text, occurred_at=data.occurred_at
    )
    return await run(request, command)


@get("/notebooks", opt=needs(READ.code), summary="Les carnets, du plus ancien au plus récent")
async def list_notebooks(
    request: ApiRequest,
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[NotebookRegister]:
    async with reading(request, NOTEBOOK_REGISTER, at_least=at_least) as models:
        return await models.page(NOTEBOOK_REGISTER, order=("opened_at",), after=after, limit=limit)


@get(
    "/notebooks/{notebook:str}",
    opt=needs(READ.code, related=NOTEBOOK, by="notebook"),
    summary="Un carnet",
)
async def read_notebook(
    request: ApiRequest,
    notebook: PathId,
    at_least: AtLeast = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
) -> NotebookRegister:
    return await record(
        request, NOTEBOOK_REGISTER, notebook, at_least=at_least, as_of=as_of, known_at=known_at
    )


ROUTES = (open_notebook, write_note, list_notebooks, read_notebook)
