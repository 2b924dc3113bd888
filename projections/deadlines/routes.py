"""
What is due, in JSON for whoever signs in, and as a calendar for whoever holds its address.

The address of a calendar holds a token of its own (`core.access.feeds`): it opens one feed, for
what its account could see when it was opened, until it expires or is revoked. Requests are logged
by their template, never by their address.
"""

from datetime import date, timedelta
from typing import Annotated

import msgspec
from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.access import feeds
from core.access.tokens import InvalidToken
from core.calendar_feed.commands import OpenFeed, RevokeFeed
from core.calendar_feed.state import FEED, Feed
from core.catalogue import READ_DEADLINES
from core.deadline import Deadline
from core.domain.correction import effective
from core.domain.days import day_of
from core.domain.decider import fold
from core.domain.event import Subject
from core.http.guard import PUBLIC, needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import FieldError, Malformed, NotFound
from core.http.request import ApiRequest, PathId
from core.http.writing import new_id, run
from projections.deadlines.calendar import MEDIA_TYPE, calendar
from projections.deadlines.due import Due, Seen, Sight, Span, due, projections_of, sight_of
from projections.deadlines.feeds import FEEDS, FeedRow
from projections.deadlines.module import OPEN_FEEDS, REVOKE_FEEDS
from projections.reading import reading

_TAGS = ["Échéances"]

LASTS = timedelta(days=365)
"""How long an address lasts that is asked for without saying."""

PAST, AHEAD = timedelta(days=60), timedelta(days=400)
"""What a calendar shows: what is not done of the past, and what comes."""

MOST = 2_000
"""Deadlines of a calendar."""

FirstDay = Annotated[date | None, QueryParameter(name="from", description="Premier jour.")]
EndDay = Annotated[
    date | None, QueryParameter(name="to", description="Premier jour qui n'en est plus.")
]
Kinds = Annotated[
    list[str] | None, QueryParameter(description="Sortes d'échéances ; aucune : toutes.")
]
Mine = Annotated[bool, QueryParameter(description="Celles qui m'incombent seulement.")]
Done = Annotated[bool, QueryParameter(description="Celles qui sont faites aussi.")]
FeedTokenText = Annotated[
    str, QueryParameter(name="feed", description="Jeton de l'agenda.", max_length=100)
]


class FeedToOpen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """
    L'adresse montre ce que le compte peut voir aujourd'hui ; `mine` : ce qui lui incombe seulement.

    Sans `expires_on`, elle dure un an.
    """

    mine: bool = True
    expires_on: Annotated[date, msgspec.Meta(examples=["2027-06-30"])] | None = None


class FeedAddress(msgspec.Struct, frozen=True, kw_only=True):
    """L'adresse à donner à l'agenda ; elle n'est montrée qu'ici. `feed` sert à la révoquer."""

    feed: str
    address: str
    expires_on: date


class FeedOver(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Rien à dire de plus : l'adresse ne montrera plus rien."""


class FeedRevokedView(msgspec.Struct, frozen=True, kw_only=True):
    """L'adresse qui ne montre plus rien."""

    feed: str
    position: int


@get(
    "/deadlines",
    opt=needs(READ_DEADLINES.code),
    tags=_TAGS,
    summary="Ce qui est à faire, par date, tous modules ensemble",
)
async def list_deadlines(
    request: ApiRequest,
    start: FirstDay = None,
    end: EndDay = None,
    kind: Kinds = None,
    mine: Mine = False,  # noqa: FBT002 - a query parameter
    done: Done = False,  # noqa: FBT002 - a query parameter
    at_least: AtLeast = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[Due]:
    span = Span(start=start or date.min, end=end or date.max, done=done)
    if span.start >= span.end:
        raise Malformed([FieldError("period", "La période finit avant de commencer.", "to")])
    deadlines = await _open_deadlines(request)
    if kind is not None:
        known = {
            each.kind for module in request.house.catalogue.modules for each in module.deadlines
        }
        if unknown := set(kind) - known:
            sentence = f"Sortes d'échéances : {', '.join(sorted(known)) or 'aucune'}."
            raise Malformed([FieldError("choice", sentence, "kind") for _ in unknown])
        deadlines = [each for each in deadlines if each.kind in kind]
    sight = sight_of(request.user, request.tenant.code, deadlines, own=mine)
    return await _due(request, sight, span, at_least=at_least, after=after, limit=limit)


@post(
    "/deadlines/feeds",
    opt=needs(OPEN_FEEDS.code, by_command=True),
    tags=_TAGS,
    summary="Donner une adresse à un agenda",
)
async def open_feed(request: ApiRequest, data: JSONBody[FeedToOpen]) -> FeedAddress:
    """La même clé d'idempotence redonne la même adresse."""
    tenant, house = request.tenant, request.house
    actor, code = request.user, request.tenant.code
    sight = sight_of(actor, code, await _open_deadlines(request), own=data.mine)
    expires_on = data.expires_on or day_of(house.application.clock.now(code)) + LASTS
    feed = Subject(await new_id(request))
    command = OpenFeed(
        feed=feed,
        whole=tuple(seen.deadline.kind for seen in sight.kinds if not seen.own),
        own=tuple(seen.deadline.kind for seen in sight.kinds if seen.own),
        professionals=tuple(Subject(each) for each in sorted(sight.ids - {actor.id})),
        structures=tuple(Subject(each) for each in sorted(sight.structures)),
        expires_on=expires_on,
    )
    await run(request, command)
    token = feeds.written(feed, await house.vault.proof(tenant, feeds.PURPOSE, feed))
    path = request.scope["path"].removesuffix("/feeds")
    return FeedAddress(
        feed=feed, address=f"{house.public_url}{path}.ics?feed={token}", expires_on=expires_on
    )


@get(
    "/deadlines/feeds",
    opt=needs(OPEN_FEEDS.code),
    tags=_TAGS,
    summary="Les adresses que l'on a données à ses agendas",
)
async def list_feeds(
    request: ApiRequest, at_least: AtLeast = None, after: PageAfter = None, limit: PageLimit = 50
) -> Page[FeedRow]:
    async with reading(request, FEEDS, at_least=at_least) as models:
        return await models.page(
            FEEDS, where={"account": request.user.id}, after=after, limit=limit
        )


@post(
    "/deadlines/feeds/{feed:str}/revocation",
    opt=needs(REVOKE_FEEDS.code, by_command=True),
    tags=_TAGS,
    summary="Révoquer l'adresse d'un agenda",
    status_code=HTTP_200_OK,
)
async def revoke_feed(
    request: ApiRequest, feed: PathId, data: JSONBody[FeedOver]
) -> FeedRevokedView:
    del data
    written = await run(request, RevokeFeed(feed=feed))
    return FeedRevokedView(feed=feed, position=written.position)


@get(
    "/deadlines.ics",
    operation_id="deadlines_read_calendar",
    opt=PUBLIC,
    tags=_TAGS,
    summary="Ses échéances, pour un agenda (iCalendar)",
    media_type=MEDIA_TYPE,
)
async def read_calendar(request: ApiRequest, token: FeedTokenText) -> Response[bytes]:
    """Une adresse fausse, expirée ou révoquée ne dit pas laquelle des trois elle est."""
    feed = await _feed(request, token)
    request.exchange.actor, request.exchange.tenant = feed.account, request.tenant.code
    request.house.allowance.spend(feed.account)
    deadlines = {each.kind: each for each in await _open_deadlines(request)}
    kinds = [
        Seen(deadlines[kind], own)
        for kinds, own in ((feed.whole, False), (feed.own, True))
        for kind in kinds
        if kind in deadlines
    ]
    sight = Sight(
        kinds=tuple(kinds),
        ids=frozenset({feed.account, *feed.professionals}),
        structures=frozenset(feed.structures),
    )
    now = request.house.application.clock.now(request.tenant.code)
    span = Span(start=day_of(now) - PAST, end=day_of(now) + AHEAD)
    page = await _due(request, sight, span, limit=MOST)
    content = calendar(request.tenant.code, request.tenant.name, page.items, now)
    headers = {"Cache-Control": "private, no-store"}
    return Response(content, media_type=MEDIA_TYPE, headers=headers)


async def _feed(request: ApiRequest, token: str) -> Feed:
    """The feed that a token opens today; raises `NotFound`."""
    house, tenant = request.house, request.tenant
    try:
        name, proof = feeds.read(token)
        feeds.check(proof, await house.vault.proof(tenant, feeds.PURPOSE, name))
    except InvalidToken:
        raise NotFound from None
    history = (await house.store.load(tenant, [name]))[name]
    feed = fold(FEED, effective(history, house.store.registry))
    if feed is None or not feed.shows_on(day_of(house.application.clock.now(tenant.code))):
        raise NotFound
    return feed


async def _open_deadlines(request: ApiRequest) -> list[Deadline]:
    """The deadlines of the modules that the tenant has enabled."""
    application, tenant = request.house.application, request.tenant
    now = application.clock.now(tenant.code)
    enabled = (await application.settings(tenant, now, fresh=True)).modules
    return [
        deadline
        for module in request.house.catalogue.modules
        if module.always_on or module.name in enabled
        for deadline in module.deadlines
    ]


async def _due(
    request: ApiRequest,
    sight: Sight,
    span: Span,
    *,
    at_least: int | None = None,
    after: str | None = None,
    limit: int,
) -> Page[Due]:
    used = projections_of(sight, request.house.catalogue.projections)
    if not used:
        return Page([], None)
    async with reading(request, *used, at_least=at_least) as models:
        return await due(
            models.connection, models.tenant, sight, used, span, after=after, limit=limit
        )


ROUTES = (list_deadlines, open_feed, list_feeds, revoke_feed, read_calendar)
