"""Whether the process lives, and whether it can serve now: for who starts and balances it."""

from litestar import Response, get

from core.http.guard import PUBLIC
from core.http.request import ApiRequest

_TAGS = ["Exploitation"]


@get("/healthz", opt=PUBLIC, tags=_TAGS, summary="Le processus est vivant")
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@get("/readyz", opt=PUBLIC, tags=_TAGS, summary="Le processus peut servir")
async def readyz(request: ApiRequest) -> Response[dict[str, str]]:
    await request.house.ready()
    return Response({"status": "ok"}, headers={"Cache-Control": "no-store"})


ROUTES = (healthz, readyz)
