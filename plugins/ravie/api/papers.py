"""The sign-in sheet as paper: printed blank, attached once signed."""

from litestar import Response, get, post

from core.documents.documents import render
from core.domain.days import day_of
from core.http.attachments import FILE, FileOperation, file, receive, send
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, run
from core.session.state import SESSION
from plugins.ravie.papers.sheet import TEMPLATE, sheet_data
from plugins.ravie.permissions import READ, RECORD
from plugins.ravie.projections.attendance_sheet import ATTENDANCE_SHEET, AttendanceSheet
from plugins.ravie.projections.cycle_register import CYCLE_REGISTER
from plugins.ravie.session import commands
from projections.reading import reading
from projections.registers.professional_register import PROFESSIONAL_REGISTER

_ONE_SESSION = needs(READ.code, related=SESSION, by="session")


@get(
    "/sessions/{session:str}/sheet.pdf",
    opt=_ONE_SESSION,
    summary="La feuille d'émargement vierge d'une séance (PDF)",
    media_type="application/pdf",
)
async def print_sheet(
    request: ApiRequest, session: PathId, at_least: AtLeast = None
) -> Response[bytes]:
    """Les noms des inscrits y figurent : le journal des accès dit qui l'a imprimée."""
    house, tenant = request.house, request.tenant
    async with reading(
        request, ATTENDANCE_SHEET, CYCLE_REGISTER, PROFESSIONAL_REGISTER, at_least=at_least
    ) as models:
        sheet = await models.one(ATTENDANCE_SHEET, session)
        cycle = None if sheet is None else await models.one(CYCLE_REGISTER, sheet.cycle)
        animateur = None
        if sheet is not None and sheet.animateur is not None:
            animateur = await models.one(PROFESSIONAL_REGISTER, sheet.animateur)
    if sheet is None or cycle is None:
        raise NotFound
    wanted = [seat.person for seat in cycle.seats if seat.state == "enrolled"]
    who = None if animateur is None else animateur.person
    identities = await house.people.identities(
        tenant, wanted if who is None else [*wanted, who], request.reading
    )
    now = house.application.clock.now(tenant.code)
    known = dict(identities)
    data = sheet_data(tenant.name, cycle, sheet, known, known.get(who or ""), day_of(now))
    content = await render(TEMPLATE, data, made_at=now)
    response = file(content, "application/pdf", file_name=f"feuille-{session}")
    response.headers["Cache-Control"] = "no-store"
    return response


@post(
    "/sessions/{session:str}/sheet/scan",
    # Asked before anything of the body is read: who may not record stores nothing.
    opt=needs(RECORD.code, related=SESSION, by="session"),
    summary="Joindre la feuille d'émargement signée",
    operation_class=FileOperation,
    request_max_body_size=None,
)
async def scan_sheet(request: ApiRequest, session: PathId) -> Written:
    """Le corps est le fichier ; une feuille jointe plus tard remplace la précédente."""
    await _must_be_a_session(request, session)
    attached = await receive(request, session)
    command = commands.ScanSheet(
        session=session,
        sha256=attached.sha256,
        media_type=attached.media_type,
        size=attached.size,
    )
    return await run(request, command)


@get(
    "/sessions/{session:str}/sheet/scan",
    opt={**_ONE_SESSION, **FILE},
    summary="La feuille d'émargement signée, telle qu'elle a été jointe",
    media_type="application/pdf",
)
async def read_scan(
    request: ApiRequest, session: PathId, at_least: AtLeast = None
) -> Response[bytes]:
    async with reading(request, ATTENDANCE_SHEET, at_least=at_least) as models:
        sheet = await models.one(ATTENDANCE_SHEET, session)
    if sheet is None or sheet.scan is None:
        raise NotFound
    return await send(request, session, sheet.scan.sha256, file_name=f"emargement-{session}")


@get(
    "/sheets-to-scan",
    opt=needs(READ.code),
    summary="Les séances tenues et signées dont la feuille signée n'est pas jointe",
)
async def list_sheets_to_scan(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[AttendanceSheet]:
    async with reading(request, ATTENDANCE_SHEET, at_least=at_least) as models:
        return await models.page(
            ATTENDANCE_SHEET,
            where={"scan_missing": True},
            order=("starts_at",),
            after=after,
            limit=limit,
        )


async def _must_be_a_session(request: ApiRequest, stream: str) -> None:
    """No key is made, and no file kept, for what is not there."""
    history = (await request.house.store.load(request.tenant, [stream]))[stream]
    if not history or not isinstance(history[0].fact, SESSION.facts):
        raise NotFound


ROUTES = (print_sheet, scan_sheet, read_scan, list_sheets_to_scan)
