"""Structures, professionals and conventions over HTTP, and who sees which of them."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from core.access.actor import KnownAs
from core.clock import SimulatedClock
from core.testing.scenario import an_id
from server.tests.house import Api, served
from tests.installation import Installation

pytestmark = pytest.mark.postgres

NOWHERE = an_id(0x77)


class Registers:
    """Who keeps the registers of a tenant."""

    def __init__(self, api: Api) -> None:
        self.api = api
        self.keeper = api.as_actor("registres", {"05D": ["registres.gestion", "accueil"]})

    def standing_for(self, structure: str, *roles: str) -> dict[str, str]:
        ids = KnownAs(structures=frozenset({structure}))
        return self.api.as_actor(f"compte-{structure}", {"05D": roles}, {"05D": ids})

    async def post(
        self, path: str, body: Any = None, *, by: Mapping[str, str] | None = None
    ) -> httpx.Response:
        return await self.api.post(path, body or {}, headers=self.keeper if by is None else by)

    async def done(self, path: str, body: Any = None, **by: Any) -> str:
        """The id of what a request made or changed."""
        answer = await self.post(path, body, **by)
        assert answer.status_code in (200, 201), answer.text
        made: str = answer.json()["id"]
        return made

    async def read(
        self, path: str, *, by: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        await self.api.follow()
        return await self.api.get(path, headers=self.keeper if by is None else by, **query)

    async def ids(self, path: str, key: str, **query: Any) -> list[str]:
        answer = await self.read(path, **query)
        assert answer.status_code == 200, answer.text
        return [row[key] for row in answer.json()["items"]]

    async def structure(self, name: str, **fields: Any) -> str:
        body = {"kinds": ["association"], "name": name, **fields}
        return await self.done("structures", body)

    async def person(self, name: str) -> str:
        identity = {"family_name": name, "given_name": "Claire", "birth_date": "1980-05-04"}
        answer = await self.post("people", identity)
        assert answer.status_code == 201, answer.text
        person: str = answer.json()["person"]
        return person

    async def assignment(self, professional: str, structure: str) -> str:
        """The assignment of a professional to a structure, as the register tells it."""
        row = (await self.read(f"professionals/{professional}")).json()
        (found,) = [a for a in row["assignments"] if a["structure"] == structure]
        id_: str = found["assignment"]
        return id_


@pytest.fixture
async def registers(installation: Installation, tmp_path: Path) -> AsyncIterator[Registers]:
    clock = SimulatedClock(datetime(2026, 3, 1, tzinfo=UTC))
    async with served(installation, tmp_path, clock) as api:
        yield Registers(api)


async def test_a_structure_is_registered_changed_and_closed(registers: Registers) -> None:
    structure = await registers.structure("Aidants 05", siret="73282932000074", finess="750712185")
    for path, body in (
        ("name", {"name": "Aider 05"}),
        ("kinds", {"kinds": ["partenaire", "association"]}),
        ("data-roles", {"purpose": "ravie", "role": "controller"}),
        ("data-roles/end", {"purpose": "ravie"}),
    ):
        await registers.done(f"structures/{structure}/{path}", body)
    row = (await registers.read(f"structures/{structure}")).json()
    assert (row["name"], row["kinds"]) == ("Aider 05", ["association", "partenaire"])
    assert (row["siren"], row["flags"]) == ("732829320", ["finess_key"])
    assert [part["role"] for part in row["data_roles"]] == ["controller"]
    await registers.done(f"structures/{structure}/identifiers", {"siren": "356000000"})
    await registers.done(f"structures/{structure}/closing", {"reason": "fusion"})
    row = (await registers.read(f"structures/{structure}")).json()
    assert (row["siren"], row["flags"], row["open"]) == ("356000000", [], False)


async def test_a_wrong_siren_is_refused_with_its_field_and_its_rule(registers: Registers) -> None:
    body = {"kinds": ["association"], "name": "Aidants 05", "siren": "123456789"}
    answer = await registers.post("structures", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "siren_is_invalid")
    assert "clé de Luhn" in answer.json()["detail"]
    assert "siren" in answer.text


async def test_structures_are_listed_by_name_and_found_by_siren_and_kind(
    registers: Registers,
) -> None:
    second = await registers.structure("Beta", siren="732829320")
    first = await registers.structure("Alpha", kinds=["employeur", "partenaire"])
    await registers.done(f"structures/{second}/closing", {"reason": "fusion"})
    listed = ("structures", "structure")
    assert await registers.ids(*listed) == [first, second]
    assert await registers.ids(*listed, kind="partenaire") == [first]
    assert await registers.ids(*listed, siren="732829320") == [second]
    assert await registers.ids(*listed, open="true") == [first]
    assert (await registers.read(f"structures/{NOWHERE}")).status_code == 404


async def test_a_professional_works_is_trained_and_leaves(registers: Registers) -> None:
    structure, person = await registers.structure("Alpha"), await registers.person("Martin")
    work = {"structure": structure, "function": "animateur", "etp_percent": 80}
    professional = await registers.done("professionals", {"person": person, **work})
    assignment, at = await registers.assignment(professional, structure), "professionals"
    steps: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"assignments/{assignment}/working-time", {"etp_percent": 60}),
        ("assignments", {"structure": structure, "function": "apv"}),
        ("qualifications", {"qualification": "deaes"}),
        ("trainings", {"training": "animation", "minutes": 840, "by": structure}),
        ("account", {"account": an_id(9)}),
        (f"assignments/{assignment}/end", {"reason": "transfer"}),
    )
    for path, body in steps:
        await registers.done(f"{at}/{professional}/{path}", body)
    row = (await registers.read(f"{at}/{professional}")).json()
    assert (row["person"], row["functions"]) == (person, ["apv"])
    assert (row["account"], row["trained_in"]) == (an_id(9), ["animation"])
    listed = (at, "professional")
    for query in (
        {"structure": structure},
        {"function": "apv"},
        {"trained_in": "animation"},
        {"person": person},
        {"engaged": "true"},
    ):
        assert await registers.ids(*listed, **query) == [professional], query
    assert await registers.ids(*listed, function="animateur") == []
    await registers.done(f"{at}/{professional}/account/end")
    await registers.done(f"{at}/{professional}/end", {"reason": "retirement"})
    assert await registers.ids(*listed, engaged="true") == []


async def test_a_structure_sees_its_professionals_and_only_what_they_do_for_it(
    registers: Registers,
) -> None:
    ours, theirs = await registers.structure("Alpha"), await registers.structure("Beta")
    shared, other = [
        await registers.done(
            "professionals",
            {
                "person": await registers.person(name),
                "structure": theirs,
                "function": "job_coach",
                "etp_percent": 50,
            },
        )
        for name in ("Martin", "Durand")
    ]
    work = {"structure": ours, "function": "animateur", "etp_percent": 20}
    await registers.done(f"professionals/{shared}/assignments", work)
    us = registers.standing_for(ours, "registres.structure")
    listed = ("professionals", "professional")
    assert await registers.ids(*listed, by=us) == [shared]
    assert await registers.ids(*listed, by=us, function="job_coach") == []
    assert await registers.ids(*listed, by=us, structure=theirs) == []
    row = (await registers.read(f"professionals/{shared}", by=us)).json()
    assert [each["structure"] for each in row["assignments"]] == [ours]
    assert (row["structures"], row["functions"], row["etp_percent"]) == ([ours], ["animateur"], 20)
    for nobody in (other, NOWHERE):
        assert (await registers.read(f"professionals/{nobody}", by=us)).status_code == 403


async def test_a_structure_keeps_what_its_professionals_do_for_it_and_nothing_else(
    registers: Registers,
) -> None:
    ours, theirs = await registers.structure("Alpha"), await registers.structure("Beta")
    us = registers.standing_for(ours, "registres.structure")
    body = {"person": await registers.person("Martin"), "structure": ours, "function": "animateur"}
    professional = await registers.done("professionals", body, by=us)
    at = f"professionals/{professional}"
    mine = await registers.assignment(professional, ours)
    elsewhere = {"structure": theirs, "function": "animateur"}
    for path, refused in (
        ("professionals", {**body, "structure": theirs}),
        ("professionals", {"person": body["person"]}),
        (f"{at}/assignments", elsewhere),
    ):
        assert (await registers.post(path, refused, by=us)).status_code == 403
    await registers.done(f"{at}/assignments", elsewhere)
    not_mine = await registers.assignment(professional, theirs)
    others: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"{at}/assignments/{not_mine}/end", {"reason": "transfer"}),
        (f"{at}/assignments/{not_mine}/working-time", {"etp_percent": 10}),
        (f"{at}/end", {"reason": "retirement"}),
    )
    for path, change in others:
        assert (await registers.post(path, change, by=us)).status_code == 403
    await registers.done(f"{at}/trainings", {"training": "animation"}, by=us)
    await registers.done(f"{at}/assignments/{mine}/end", {"reason": "transfer"}, by=us)
    # Once gone they are another structure's business.
    assert (await registers.read(at, by=us)).status_code == 403


async def test_a_structure_corrects_no_register_it_does_not_keep(registers: Registers) -> None:
    """Correcting what one records is granted for all modules at once: it opens nothing more."""
    ours = await registers.structure("Alpha")
    body = {"person": await registers.person("Martin"), "structure": ours, "function": "animateur"}
    professional = await registers.done("professionals", body)
    trained = {"training": "animation"}
    answer = await registers.post(f"professionals/{professional}/trainings", trained)
    annul = {"stream": professional, "fact": answer.json()["facts"][0], "reason": "mistake"}
    runs_cycles = registers.standing_for(ours, "ravie.structure")
    assert (await registers.post("corrections/annul", annul, by=runs_cycles)).status_code == 403
    keeps_both = registers.standing_for(ours, "ravie.structure", "registres.structure")
    answer = await registers.post("corrections/annul", annul, by=keeps_both)
    assert answer.status_code == 200, answer.text


async def test_a_structure_corrects_nothing_of_who_works_for_others_too(
    registers: Registers,
) -> None:
    ours, theirs = await registers.structure("Alpha"), await registers.structure("Beta")
    body = {"person": await registers.person("Martin"), "structure": ours, "function": "animateur"}
    professional = await registers.done("professionals", body)
    answer = await registers.post(
        f"professionals/{professional}/assignments", {"structure": theirs, "function": "apv"}
    )
    annul = {"stream": professional, "fact": answer.json()["facts"][0], "reason": "mistake"}
    us = registers.standing_for(ours, "ravie.structure", "registres.structure")
    assert (await registers.post("corrections/annul", annul, by=us)).status_code == 403


async def test_a_professional_reads_what_is_told_of_them(registers: Registers) -> None:
    structure = await registers.structure("Alpha")
    body = {
        "person": await registers.person("Martin"),
        "structure": structure,
        "function": "animateur",
    }
    professional = await registers.done("professionals", body)
    roles = {"05D": ["registres.professionnel"]}
    ids = {"05D": KnownAs(professionals=frozenset({professional}))}
    themselves = registers.api.as_actor("compte-1", roles, ids)
    row = (await registers.read(f"professionals/{professional}", by=themselves)).json()
    assert [each["structure"] for each in row["assignments"]] == [structure]
    someone = registers.api.as_actor("compte-2", roles)
    answer = await registers.read(f"professionals/{professional}", by=someone)
    assert answer.status_code == 403


async def test_a_convention_is_signed_amended_kept_and_ended(registers: Registers) -> None:
    ours, theirs = await registers.structure("Alpha"), await registers.structure("Beta")
    body = {
        "kind": "lieu_partenaire",
        "parties": [ours],
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "amount_cents": 1_500_000,
    }
    convention = await registers.done("conventions", body)
    at = f"conventions/{convention}"
    await registers.done(f"{at}/avenants", {"ends_on": "2027-12-31"})
    await registers.done(f"{at}/premises", {"place": an_id(5), "by": ours})
    await registers.done(f"{at}/premises/{an_id(5)}/return")
    await registers.done(f"{at}/targets", {"target": "cycles_ravie", "value": 12})
    for code, due_on in (("bilan_annuel", "2027-01-31"), ("bilan_final", "2026-06-30")):
        owed = {"code": code, "due_on": due_on, "by": ours}
        await registers.done(f"{at}/deliverables", owed)
    owed_by_day = await registers.ids("deliverables", "deliverable", owed_by=ours)
    final, yearly = owed_by_day
    path = f"{at}/deliverables"
    await registers.done(f"{path}/{yearly}/due-day", {"due_on": "2027-02-28"})
    await registers.done(f"{path}/{yearly}/delivery")
    await registers.done(f"{path}/{final}/waiver", {"reason": "accord"})
    assert await registers.ids("deliverables", "deliverable", open="true") == []
    await registers.done(f"{at}/end", {"reason": "terme"})
    row = (await registers.read(at)).json()
    assert (row["state"], row["ends_on"], len(row["avenants"])) == ("ended", "2027-12-31", 1)
    denounced = await registers.done("conventions", {**body, "parties": [theirs]})
    await registers.done(f"conventions/{denounced}/denunciation", {"reason": "desaccord"})
    listed = ("conventions", "convention")
    assert await registers.ids(*listed, state="denounced") == [denounced]
    assert await registers.ids(*listed, party=ours) == [convention]
    assert len(await registers.ids(*listed, kind="lieu_partenaire")) == 2


async def test_a_structure_reads_the_conventions_it_has_signed_only(registers: Registers) -> None:
    ours, theirs = await registers.structure("Alpha"), await registers.structure("Beta")
    body = {"kind": "lieu_partenaire", "starts_on": "2026-01-01"}
    signed, not_signed = [
        await registers.done("conventions", {**body, "parties": [party]})
        for party in (ours, theirs)
    ]
    for convention, party in ((signed, ours), (not_signed, theirs)):
        owed = {"code": "bilan", "due_on": "2027-01-31", "by": party}
        await registers.done(f"conventions/{convention}/deliverables", owed)
    us = registers.standing_for(ours, "registres.structure")
    assert await registers.ids("conventions", "convention", by=us) == [signed]
    assert await registers.ids("deliverables", "convention", by=us) == [signed]
    assert (await registers.read(f"conventions/{signed}", by=us)).status_code == 200
    for unseen in (not_signed, NOWHERE):
        assert (await registers.read(f"conventions/{unseen}", by=us)).status_code == 403
    end = {"reason": "terme"}
    assert (await registers.post(f"conventions/{signed}/end", end, by=us)).status_code == 403


async def test_a_record_is_read_as_it_was(registers: Registers) -> None:
    before, then = "2026-01-15T12:00:00+01:00", "2026-02-15T12:00:00+01:00"
    structure = await registers.structure("Aidants 05", occurred_at="2026-01-01T12:00:00+01:00")
    renaming = {"name": "Aider 05", "occurred_at": "2026-02-01T12:00:00+01:00"}
    await registers.done(f"structures/{structure}/name", renaming)
    names = [
        (await registers.read(f"structures/{structure}", as_of=moment)).json()["name"]
        for moment in (before, then)
    ]
    assert names == ["Aidants 05", "Aider 05"]
