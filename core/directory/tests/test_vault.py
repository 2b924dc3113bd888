from collections.abc import Callable

import pytest

from core.database.pool import Database
from core.directory.keyring import Keyring
from core.directory.people import People
from core.directory.refusals import UnknownPerson
from core.directory.tests.sample import CAMILLE, NADIA, READING, destroy_key
from core.directory.vault import Plain, Vault
from core.domain.refusal import Refusal
from core.domain.sealed import Sealed
from core.ids import uuid7
from core.keys.sealing import TEXT_LIMIT, NotAToken, WrongBinding
from core.keys.tags import TAG_SIZE
from core.tenancy import Tenant
from tests.installation import Installation


async def test_what_one_process_seals_another_opens(
    tenant: Tenant, vault: Vault, another_process: Callable[[], Keyring]
) -> None:
    token = await vault.seal(tenant, uuid7(), "question", "Comment déclarer mes heures ?")
    assert "heures" not in token
    opened = await Vault(another_process()).open(tenant, "question", token)
    assert opened == "Comment déclarer mes heures ?"


async def test_a_whole_page_of_tokens_opens_in_order(
    tenant: Tenant, vault: Vault, another_process: Callable[[], Keyring]
) -> None:
    streams = [uuid7() for _ in range(40)]
    plains = [
        Plain(key_subject=stream, field="question", text=f"question {number}")
        for number, stream in enumerate(streams * 2)
    ]
    tokens = await vault.seal_many(tenant, plains)
    opened = await Vault(another_process()).open_many(
        tenant, [("question", token) for token in tokens]
    )
    assert opened == [plain.text for plain in plains]


async def test_a_text_about_a_person_goes_under_their_own_key(
    tenant: Tenant, vault: Vault, people: People
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    token = await vault.seal(tenant, camille, "need", "aide au lever", person=True)
    assert await vault.open(tenant, "need", token) == "aide au lever"


async def test_nothing_is_sealed_about_an_unknown_person(tenant: Tenant, vault: Vault) -> None:
    stream = uuid7()
    await vault.seal(tenant, stream, "question", "à personne")
    for nobody in (uuid7(), stream):
        with pytest.raises(UnknownPerson) as refused:
            await vault.seal(tenant, nobody, "need", "aide", person=True)
        assert refused.value.refused.code == "person_is_unknown"
        assert "annuaire" in refused.value.sentence


async def test_a_token_whose_key_is_gone_is_erased_and_its_neighbours_stay(
    tenant: Tenant,
    vault: Vault,
    people: People,
    serve_database: Database,
    another_process: Callable[[], Keyring],
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    nadia = (await people.register(tenant, NADIA, READING)).person
    tokens = [
        ("need", await vault.seal(tenant, person, "need", "aide", person=True))
        for person in (camille, nadia)
    ]
    await destroy_key(serve_database, tenant, camille)
    afterwards = Vault(another_process())
    assert await afterwards.open_many(tenant, tokens) == [None, "aide"]
    with pytest.raises(UnknownPerson):
        await afterwards.seal(tenant, camille, "need", "encore", person=True)
    with pytest.raises(Refusal, match="key_is_destroyed"):
        await afterwards.seal(tenant, camille, "need", "encore")
    with pytest.raises(UnknownPerson):
        await afterwards.tagger(tenant, [camille])


async def test_a_token_does_not_open_elsewhere(
    installation: Installation, tenant: Tenant, vault: Vault
) -> None:
    stream = uuid7()
    token = await vault.seal(tenant, stream, "question", "texte")
    with pytest.raises(WrongBinding):
        await vault.open(tenant, "note", token)
    with pytest.raises(NotAToken):
        await vault.open(tenant, "question", Sealed("jalon1.'; drop table people.x.y"))
    # In another tenant there is no such key: nothing is said of what the token is.
    assert await vault.open(installation.tenant("69D"), "question", token) is None


async def test_a_text_too_long_is_refused_with_its_field(tenant: Tenant, vault: Vault) -> None:
    with pytest.raises(Refusal, match="text_is_too_long") as refused:
        await vault.seal(tenant, uuid7(), "note", "é" * (TEXT_LIMIT // 2 + 1))
    assert refused.value.refused.field == "note"
    assert str(TEXT_LIMIT) in refused.value.sentence


async def test_a_key_subject_that_is_no_id_is_refused_before_any_query(
    tenant: Tenant, vault: Vault
) -> None:
    with pytest.raises(ValueError, match=r"05D\.1"):
        await vault.seal(tenant, "05D.1", "note", "texte")


async def test_tags_are_the_same_in_every_process_and_under_the_person(
    tenant: Tenant, vault: Vault, people: People, another_process: Callable[[], Keyring]
) -> None:
    camille = (await people.register(tenant, CAMILLE, READING)).person
    nadia = (await people.register(tenant, NADIA, READING)).person
    fact, stream = uuid7(), uuid7()
    here = await vault.tagger(tenant, {camille, nadia})
    there = await Vault(another_process()).tagger(tenant, {camille})
    about_camille = here(fact, stream, "animatrice", camille)
    assert about_camille == there(fact, stream, "animatrice", camille)
    assert len(about_camille) == 3 * TAG_SIZE
    about_nobody = here(fact, stream, "animatrice", None)
    assert about_nobody == there(fact, stream, "animatrice", None)
    for tags in (about_nobody, here(fact, stream, "animatrice", nadia)):
        assert tags[:TAG_SIZE] != about_camille[:TAG_SIZE]


async def test_a_stream_is_not_a_person_to_the_ledger(tenant: Tenant, vault: Vault) -> None:
    stream = uuid7()
    await vault.seal(tenant, stream, "question", "texte")
    with pytest.raises(UnknownPerson):
        await vault.tagger(tenant, [stream])


async def test_an_id_given_to_the_same_parts_is_the_same_in_this_tenant_only(
    installation: Installation, tenant: Tenant, vault: Vault, another_process: Callable[[], Keyring]
) -> None:
    made = await vault.id_for(tenant, "import", "ligne 1")
    assert made == await Vault(another_process()).id_for(tenant, "import", "ligne 1")
    assert made != await vault.id_for(tenant, "import", "ligne 2")
    assert made != await vault.id_for(tenant, "importligne", " 1")
    assert made != await vault.id_for(installation.tenant("69D"), "import", "ligne 1")
    assert await vault.seal(tenant, made, "note", "texte")
