"""Webhooks over HTTP: who is told of what, what became of it, and another try."""

from collections.abc import Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Annotated

import msgspec
from litestar import get, post
from litestar.params import JSONBody, QueryParameter
from litestar.status_codes import HTTP_200_OK

from core.directory.vault import Plain
from core.domain.command import Code
from core.domain.event import Subject
from core.event_store.cloud_event import JSON, CloudEvent, encoded, source_of
from core.http.guard import needs
from core.http.paging import AtLeast, Page, PageAfter, PageLimit
from core.http.problem import NotFound
from core.http.request import ApiRequest, PathId
from core.http.writing import Written, new_id, run
from core.webhooks import commands
from core.webhooks.commands import AfterPosition, Names, OverlapHours
from core.webhooks.refusals import refusal
from core.webhooks.sending import Message
from core.webhooks.signing import new_secret
from core.webhooks.targets import LIMIT, TargetRefused
from core.webhooks.vocabulary import Status
from core.webhooks.wiring import MANAGE_WEBHOOKS, READ_WEBHOOKS
from projections.reading import reading
from projections.webhooks import shown
from projections.webhooks.register import WEBHOOK_REGISTER, Subscription
from projections.webhooks.shown import Delivery, DeliveryState, Standing

_MANAGE = needs(MANAGE_WEBHOOKS.code)
_READ = needs(READ_WEBHOOKS.code)


StateAsked = Annotated[
    DeliveryState | None, QueryParameter(name="state", description="Ceux qui en sont là.")
]


class _Body(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pass


class WebhookToSubscribe(_Body, frozen=True, kw_only=True):
    """Quels faits, et où les envoyer ; avec `after`, aussi ceux qui suivent cette position."""

    names: Annotated[Names, msgspec.Meta(description="Faits envoyés.", examples=[["ravie.*"]])]
    url: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            max_length=LIMIT,
            description="Adresse qui reçoit, en https.",
            examples=["https://exemple.fr/jalon"],
        ),
    ]
    after: AfterPosition | None = None


class Rotation(_Body, frozen=True, kw_only=True):
    """Combien d'heures l'ancien secret signe encore, à côté du nouveau."""

    overlap_hours: Annotated[OverlapHours, msgspec.Meta(examples=[24])] = 24


class Pause(_Body, frozen=True, kw_only=True):
    """Pourquoi rien n'est plus envoyé pour l'instant."""

    reason: Annotated[Code, msgspec.Meta(examples=["maintenance"])] = "asked"


class Replay(_Body, frozen=True, kw_only=True):
    """Tout ce qui suit cette position est envoyé à nouveau, sous les mêmes identifiants."""

    after: Annotated[AfterPosition, msgspec.Meta(examples=[0])]


class SecretShown(msgspec.Struct, frozen=True, kw_only=True):
    """Le secret n'est montré qu'ici. Il vérifie les signatures de ce qui est reçu."""

    id: str
    secret: Annotated[str | None, msgspec.Meta(examples=["whsec_…"])]
    position: int
    repeated: bool


class WebhookView(msgspec.Struct, frozen=True, kw_only=True):
    """Un abonnement et où il en est ; sans `standing` tant que rien n'a été envoyé."""

    webhook: str
    status: Status
    names: Sequence[str]
    url: str | None
    subscribed_at: datetime
    paused_for: str | None
    former_secret_until: datetime | None
    standing: Standing | None


class DeadLetters(_Body, frozen=True, kw_only=True):
    """Les positions à renvoyer ; toutes celles qui ont été mises de côté si rien n'est dit."""

    positions: (
        Annotated[list[AfterPosition], msgspec.Meta(min_length=1, max_length=1_000)] | None
    ) = None


class AskedAgain(msgspec.Struct, frozen=True):
    """Combien de faits mis de côté vont être renvoyés."""

    count: int


class PingAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Si le destinataire a répondu, et le code de sa réponse ou de l'échec."""

    delivered: bool
    code: Annotated[str, msgspec.Meta(examples=["http_204"])]


@post("/", opt=_MANAGE, summary="Abonner un logiciel à des faits")
async def subscribe(request: ApiRequest, data: JSONBody[WebhookToSubscribe]) -> SecretShown:
    """Le secret rendu ici vérifie ce qui sera envoyé ; la même clé d'idempotence le redonne."""
    _refuse_unknown(request, data.names)
    try:
        await request.house.outbound.check(data.url)
    except TargetRefused as error:
        raise refused(error) from None
    webhook = Subject(await new_id(request))
    target, secret = await request.house.vault.seal_many(
        request.tenant,
        [
            Plain(key_subject=webhook, field="target", text=data.url),
            Plain(key_subject=webhook, field="secret", text=new_secret()),
        ],
    )
    command = commands.SubscribeWebhook(
        webhook=webhook, names=data.names, target=target, secret=secret, after=data.after
    )
    return await _shown(request, webhook, await run(request, command))


@get("/", opt=_READ, summary="Les abonnements")
async def read_webhooks(
    request: ApiRequest,
    after: PageAfter = None,
    limit: PageLimit = 50,
    at_least: AtLeast = None,
) -> Page[WebhookView]:
    async with reading(request, WEBHOOK_REGISTER, at_least=at_least) as models:
        page = await models.page(WEBHOOK_REGISTER, after=after, limit=limit)
        stand = await shown.standings(
            models.connection, request.tenant, [row.webhook for row in page.items]
        )
    return Page(await _views(request, page.items, stand), page.next)


@get("/{webhook:str}", opt=_READ, summary="Un abonnement")
async def read_webhook(
    request: ApiRequest, webhook: PathId, at_least: AtLeast = None
) -> WebhookView:
    async with reading(request, WEBHOOK_REGISTER, at_least=at_least) as models:
        row = await models.one(WEBHOOK_REGISTER, webhook)
        stand = await shown.standings(models.connection, request.tenant, [webhook])
    if row is None:
        raise NotFound
    return (await _views(request, [row], stand))[0]


@post("/{webhook:str}/secret", opt=_MANAGE, summary="Changer le secret", status_code=HTTP_200_OK)
async def rotate(request: ApiRequest, webhook: PathId, data: JSONBody[Rotation]) -> SecretShown:
    """L'ancien et le nouveau signent ensemble le temps que le destinataire en change."""
    secret = await request.house.vault.seal(request.tenant, webhook, "secret", new_secret())
    command = commands.RotateWebhookSecret(
        webhook=webhook, secret=secret, overlap_hours=data.overlap_hours
    )
    return await _shown(request, webhook, await run(request, command))


@post("/{webhook:str}/pause", opt=_MANAGE, summary="Mettre en pause", status_code=HTTP_200_OK)
async def pause(request: ApiRequest, webhook: PathId, data: JSONBody[Pause]) -> Written:
    return await run(request, commands.PauseWebhook(webhook=webhook, reason=data.reason))


@post("/{webhook:str}/resumption", opt=_MANAGE, summary="Reprendre", status_code=HTTP_200_OK)
async def resume(request: ApiRequest, webhook: PathId) -> Written:
    """Ce qui s'est passé pendant la pause est envoyé."""
    return await run(request, commands.ResumeWebhook(webhook=webhook))


@post("/{webhook:str}/replay", opt=_MANAGE, summary="Tout renvoyer", status_code=HTTP_200_OK)
async def replay(request: ApiRequest, webhook: PathId, data: JSONBody[Replay]) -> Written:
    return await run(request, commands.ReplayWebhook(webhook=webhook, after=data.after))


@post("/{webhook:str}/removal", opt=_MANAGE, summary="Supprimer", status_code=HTTP_200_OK)
async def remove(request: ApiRequest, webhook: PathId) -> Written:
    return await run(request, commands.RemoveWebhook(webhook=webhook))


@get("/{webhook:str}/deliveries", opt=_READ, summary="Les envois, du plus récent au plus ancien")
async def read_deliveries(
    request: ApiRequest,
    webhook: PathId,
    only: StateAsked = None,
    after: PageAfter = None,
    limit: PageLimit = 50,
) -> Page[Delivery]:
    """Les mille derniers délivrés, et tous ceux qui ont été mis de côté (`dead`)."""
    async with reading(request, WEBHOOK_REGISTER) as models:
        if await models.one(WEBHOOK_REGISTER, webhook) is None:
            raise NotFound
        return await shown.deliveries(
            models.connection, request.tenant, webhook, state=only, after=after, limit=limit
        )


@post(
    "/{webhook:str}/deliveries/retry",
    opt=_MANAGE,
    summary="Renvoyer ce qui a été mis de côté",
    status_code=HTTP_200_OK,
)
async def retry(request: ApiRequest, webhook: PathId, data: JSONBody[DeadLetters]) -> AskedAgain:
    async with reading(request, WEBHOOK_REGISTER) as models:
        if await models.one(WEBHOOK_REGISTER, webhook) is None:
            raise NotFound
        return AskedAgain(
            await shown.ask_again(models.connection, request.tenant, webhook, data.positions)
        )


@post("/{webhook:str}/ping", opt=_MANAGE, summary="Envoyer un essai", status_code=HTTP_200_OK)
async def ping(request: ApiRequest, webhook: PathId) -> PingAnswer:
    """Un message signé d'un type à lui, qui n'est pas un fait."""
    async with reading(request, WEBHOOK_REGISTER) as models:
        row = await models.one(WEBHOOK_REGISTER, webhook)
    if row is None:
        raise NotFound
    url, secret = await request.house.vault.open_many(
        request.tenant, [("target", row.target), ("secret", row.secret)]
    )
    if url is None or secret is None:
        return PingAnswer(delivered=False, code="key_is_destroyed")
    event = CloudEvent(
        specversion="1.0",
        id=request.house.application.new_id(),
        source=source_of(request.tenant),
        type="jalon.ping",
        subject=webhook,
        time=datetime.now(UTC),
        datacontenttype=JSON,
        data=msgspec.Raw(b"{}"),
    )
    message = Message(url=url, secrets=[secret], id=event.id, body=encoded(event))
    # The transaction of the read is over: nothing is held while the receiver thinks.
    outcome = await request.house.outbound.send(message)
    return PingAnswer(delivered=outcome.delivered, code=outcome.code)


def refused(error: TargetRefused) -> Exception:
    """The refusal of an address, with its sentence."""
    match error.code:
        case "target_is_not_https":
            return refusal("target_is_not_https", "url")
        case "target_is_not_resolved":
            return refusal("target_is_not_resolved", "url")
        case "target_is_not_public":
            return refusal("target_is_not_public", "url")
        case _:
            return refusal("target_is_malformed", "url")


def _refuse_unknown(request: ApiRequest, names: Sequence[str]) -> None:
    known = request.house.catalogue.registry.known_names
    for each in names:
        if not any(fnmatchcase(name, each) for name in known):
            raise refusal("facts_are_unknown", "names")


async def _shown(request: ApiRequest, webhook: Subject, written: Written) -> SecretShown:
    """The secret as it was recorded: a request sent twice is given the first one again."""
    history = (await request.house.store.load(request.tenant, [webhook]))[webhook]
    recorded = next(each for each in history if each.id == written.facts[0])
    secret = await request.house.vault.open(request.tenant, "secret", recorded.fact.secret)
    return SecretShown(
        id=webhook, secret=secret, position=written.position, repeated=written.repeated
    )


async def _views(
    request: ApiRequest, rows: Sequence[Subscription], stand: dict[str, Standing]
) -> list[WebhookView]:
    urls = await request.house.vault.open_many(
        request.tenant, [("target", row.target) for row in rows]
    )
    return [
        WebhookView(
            webhook=row.webhook,
            status=row.status,
            names=row.names,
            url=url,
            subscribed_at=row.subscribed_at,
            paused_for=row.paused_for,
            former_secret_until=row.former_until,
            standing=stand.get(row.webhook),
        )
        for row, url in zip(rows, urls, strict=True)
    ]


ROUTES = (
    subscribe,
    read_webhooks,
    read_webhook,
    rotate,
    pause,
    resume,
    replay,
    remove,
    read_deliveries,
    retry,
    ping,
)
