"""Who gets in, and where: deny is the default."""

from pathlib import Path

import msgspec
import pytest
from litestar import Litestar, get

from core.access.tokens import InvalidToken, development_issuer, issue_development_token
from core.http.api import api as build
from core.http.guard import PUBLIC, handlers_of, needs
from core.http.house import House
from core.settings import BadSettings, Settings
from server.app import application, tokens
from server.tests.house import EVERYTHING, OWN_ONLY, Api


def house_of(app: Litestar) -> House:
    return House.of(app)


async def test_without_a_token_nothing_is_told(api: Api) -> None:
    answer = await api.get("facts", headers={})
    assert (answer.status_code, answer.json()["code"]) == (401, "no_token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize("scheme", ["Bearer n-importe-quoi", "Basic YTpi", "Bearer"])
async def test_what_is_no_token_of_ours_is_refused(api: Api, scheme: str) -> None:
    assert (await api.get("facts", headers={"Authorization": scheme})).status_code == 401


async def test_a_token_is_asked_before_anything_of_the_body_is_read(api: Api) -> None:
    assert (await api.post("carnet/notebooks", b"{", headers={})).status_code == 401


async def test_a_token_for_one_territory_opens_no_other(api: Api) -> None:
    """Nor says whether the other one exists: a made-up code gives the same answer."""
    for code in ("69D", "99Z"):
        for path in ("facts", "", "carnet/notebooks", "indicators/carnet.notebooks_opened"):
            answer = await api.get(f"/api/v1/tenants/{code}/{path}".rstrip("/"))
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
        answer = await api.post(f"/api/v1/tenants/{code}/people", {"family_name": "Martin"})
        assert answer.status_code == 403


async def test_what_one_territory_made_is_nothing_in_another(api: Api) -> None:
    notebook = await api.notebook()
    headers = api.as_actor("animatrice", {"69D": [EVERYTHING]})
    await api.follow("69D")
    answer = await api.get(f"/api/v1/tenants/69D/carnet/notebooks/{notebook}", headers=headers)
    assert answer.status_code == 404
    answer = await api.post(
        f"/api/v1/tenants/69D/carnet/notebooks/{notebook}/notes",
        {"topic": "jardin", "text": "a"},
        headers=headers,
    )
    assert answer.status_code == 404


async def test_a_granted_territory_that_is_not_here_is_not_found(api: Api) -> None:
    headers = api.as_actor("animatrice", {"38D": [EVERYTHING]})
    answer = await api.get("/api/v1/tenants/38D/facts", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown_tenant")


async def test_an_unknown_role_opens_nothing(api: Api) -> None:
    headers = api.as_actor("animatrice", {"05D": ["roi"]})
    assert (await api.get("facts", headers=headers)).status_code == 403


async def test_a_right_on_ones_own_opens_ones_own_only(api: Api) -> None:
    mine = api.as_actor("auteur", {"05D": [OWN_ONLY]})
    another = api.as_actor("lecteur", {"05D": [OWN_ONLY]})
    opened = await api.post("carnet/notebooks", {"topics": ["jardin"]}, headers=mine)
    path = f"carnet/notebooks/{opened.json()['id']}"
    await api.follow()
    assert (await api.get(path, headers=mine)).status_code == 200
    assert (await api.get(path, headers=another)).status_code == 403
    # A list is not of one's own things, and says nothing of which there are.
    assert (await api.get("carnet/notebooks", headers=mine)).status_code == 403


async def test_a_correction_of_ones_own_is_of_ones_own_only(api: Api) -> None:
    mine = api.as_actor("auteur", {"05D": [OWN_ONLY]})
    another = api.as_actor("lecteur", {"05D": [OWN_ONLY]})
    opened = await api.post("carnet/notebooks", {"topics": ["jardin"]}, headers=mine)
    notebook = opened.json()["id"]
    note = {"topic": "jardin", "text": "a"}
    wrote = await api.post(f"carnet/notebooks/{notebook}/notes", note, headers=mine)
    body = {"stream": notebook, "fact": wrote.json()["facts"][0], "reason": "duplicate"}
    assert (await api.post("corrections/annul", body, headers=another)).status_code == 403
    assert (await api.post("corrections/annul", body, headers=mine)).status_code == 200


async def test_every_route_names_its_permission_or_says_it_is_public(api: Api) -> None:
    app = application(api.parts)
    public = {path for path, handler in handlers_of(app.routes) if handler.opt.get("public")}
    assert public == {
        "/healthz",
        "/readyz",
        "/api",
        "/api/docs",
        "/api/openapi.json",
        "/api/{path:str}",
        "/api/v1/tenants/{code:str}/deadlines.ics",
        "/api/v1/tenants/{code:str}/ravie/attestations/check/{number:str}/{check_code:str}",
    }
    assert all(
        handler.opt["permission"] for path, handler in handlers_of(app.routes) if path not in public
    )


@get("/oubli")
async def forgets() -> None:
    """Names nothing."""


@get("/invente", opt=needs("carnet.invente"))
async def invents() -> None:
    """Names what no module declares."""


@get("/perdu/{notebook:str}", opt=needs("carnet.read", by="carnet"))
async def mistakes() -> None:
    """Names a parameter it has not."""


@pytest.mark.parametrize(
    ("route", "fault"),
    [
        (forgets, "names no permission"),
        (invents, "carnet.invente is declared by no module"),
        (mistakes, "no path parameter carnet"),
    ],
)
async def test_an_application_with_an_open_route_is_not_built(
    api: Api, route: object, fault: str
) -> None:
    house = house_of(application(api.parts))
    with pytest.raises(ValueError, match=fault):
        build(house, [route])


@get("/ouverte", opt=PUBLIC)
async def says_so() -> None:
    """Says that it is open."""


async def test_a_route_that_says_it_is_public_is_built(api: Api) -> None:
    assert build(house_of(application(api.parts)), [says_so])


async def test_production_refuses_the_tokens_of_development(api: Api, tmp_path: Path) -> None:
    """Even when the very key that signed them is given as the issuer's."""
    home = api.parts.site.settings.home
    jwks = msgspec.json.encode(
        {"keys": [key.as_dict(private=False) for key in development_issuer(home).keys]}
    )
    token = issue_development_token(home, "animatrice", {"05D": [EVERYTHING]})

    def production(issuer: str) -> Settings:
        return Settings.from_environment(
            {
                "JALON_ENV": "production",
                "JALON_HOME": str(home),
                "JALON_MASTER_KEY": str(tmp_path / "master.key"),
                "JALON_TOKEN_KEYS": jwks.decode(),
                "JALON_TOKEN_ISSUER": issuer,
                "JALON_TOKEN_AUDIENCE": "jalon",
                "JALON_PUBLIC_URL": "https://jalon.example.fr",
            }
        )

    reader = tokens(production("https://identite.example.fr"), api.parts.catalogue)
    with pytest.raises(InvalidToken):
        reader.actor(token)
    with pytest.raises(BadSettings, match="JALON_TOKEN_ISSUER"):
        tokens(production("jalon-development"), api.parts.catalogue)
