"""A spreadsheet of a RAVie becomes facts: whole, once, at their own dates."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from core.clock import SimulatedClock
from core.domain.command import SubjectId
from core.domain.correction import CorrectFact
from core.domain.days import day_of
from core.domain.event import Recorded
from core.importing.desk import CORRECTED_BY_IMPORT
from core.importing.staging import Moved
from plugins.ravie.imports.columns import EXAMPLE
from plugins.ravie.programme.commands import AdoptModel
from plugins.ravie.tests.office import ADMINISTRATION, IMPORT, NOW, Office, office, signatures
from server.assembly import assembled
from server.commands.import_csv import example_as_text

pytestmark = pytest.mark.postgres

__all__ = ["office"]


async def test_the_example_is_imported_at_its_own_dates(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "exemple.csv"
    path.write_text(example_as_text(IMPORT), encoding="utf-8")
    before = await office.head()
    imported = await office.take(path)
    assert (imported.lines, imported.people, imported.corrections) == (len(EXAMPLE), 2, 0)
    facts = await office.history(before)
    assert len(facts) == imported.facts
    assert facts[-1].position == imported.position
    assert {each.correlation for each in facts} == {imported.correlation}
    told = [(each.fact.stored_name, str(day_of(each.occurred_at))) for each in facts]
    assert told == [
        ("ravie.cycle_opened.v1", "2026-01-05"),
        ("directory.person_registered.v1", "2026-03-02"),
        ("ravie.participant_enrolled.v1", "2026-01-06"),
        ("ravie.sessions_planned.v1", "2026-01-08"),
        ("session.planned.v1", "2026-01-08"),
        ("session.held.v1", "2026-01-08"),
        ("session.attendance_recorded.v1", "2026-01-08"),
        ("directory.person_registered.v1", "2026-03-02"),
        ("ravie.participant_enrolled.v1", "2026-01-06"),
        ("session.attendance_recorded.v1", "2026-01-08"),
        ("ravie.sessions_planned.v1", "2026-01-15"),
        ("session.planned.v1", "2026-01-15"),
        ("session.held.v1", "2026-01-15"),
        ("session.attendance_recorded.v1", "2026-01-15"),
        ("session.attendance_recorded.v1", "2026-01-15"),
        ("ravie.production_recorded.v1", "2026-01-15"),
        ("ravie.cycle_closed.v1", "2026-01-15"),
    ]
    assert {each.recorded_at for each in facts} == {NOW}
    held = [each.fact for each in facts if each.fact.stored_name == "session.held.v1"]
    assert [each.modality for each in held] == ["in_person", "remote"]
    assert held[0].started_at == datetime(2026, 1, 8, 13, tzinfo=UTC), "14 h à Paris"


async def test_the_same_file_again_writes_nothing(office: Office) -> None:
    rows = list(signatures("C-1", people=3, sessions=2))
    first = await office.take(
        [*rows, {"cycle": "C-1", "production": "Livret", "clos_le": "2026-01-07"}]
    )
    again = await office.take(
        [*rows, {"cycle": "C-1", "production": "Livret", "clos_le": "2026-01-07"}]
    )
    assert first.written
    assert (again.written, again.facts, again.people) == (False, 0, 0)
    assert await office.head() == first.position


async def test_a_longer_file_adds_what_is_new(office: Office) -> None:
    rows = list(signatures("C-1", people=3, sessions=3))
    first = await office.take(rows[:5])
    longer = await office.take(rows)
    whole = await office.take(signatures("C-2", people=3, sessions=3))
    # Three people are known already when the second cycle comes.
    assert first.facts + longer.facts == whole.facts + 3


async def test_figures_are_those_of_the_file(office: Office) -> None:
    await office.take(signatures("C-1", people=4, sessions=2, minutes="135"))
    assert await office.figure("ravie.hours_signed") == 4 * 2 * 135


async def test_a_dry_run_says_the_same_and_writes_nothing(office: Office) -> None:
    rows = list(signatures("C-1", people=2, sessions=2))
    before = await office.head(), await office.count("data_keys"), await office.count("people")
    tried = await office.take(rows, dry_run=True)
    assert before == (
        await office.head(),
        await office.count("data_keys"),
        await office.count("people"),
    )
    assert not tried.written
    done = await office.take(rows)
    assert (done.lines, done.facts, done.people) == (tried.lines, tried.facts, tried.people)


async def test_a_cycle_of_another_shape_is_imported_outside_of_the_model(office: Office) -> None:
    adopt = AdoptModel(
        model="national-5x3", version=1, occurred_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    await office.parts.application.execute("05D", adopt, actor=ADMINISTRATION)
    short = {"cycle": "C-1", "theme": "sommeil", "ouvert_le": "2026-01-05", "seances_prevues": "2"}
    (fault,) = (await office.refused([short])).faults
    assert (fault.column, fault.rule) == ("seances_prevues", "shape_deviates_from_model")
    await office.take([{**short, "modele": "hors modèle"}])
    (opened,) = [each.fact for each in (await office.history())[-1:]]
    assert (opened.sessions, opened.model) == (2, None)


async def test_a_later_line_that_says_otherwise_is_a_correction(office: Office) -> None:
    rows = list(signatures("C-1", people=2, sessions=1))
    await office.take(rows)
    before = await office.head()
    later = await office.take(
        [
            {**rows[0], "minutes": "120"},
            {**rows[1], "nom": "Dupond", "role": "proche aidant", "fin": "17:15"},
            {"cycle": "C-1", "theme": "repos"},
        ]
    )
    assert later.corrections == 5
    facts = await office.history(before)
    corrected = [each.fact for each in facts if each.fact.stored_name == "core.fact_corrected.v1"]
    assert sorted(each.corrected_name for each in corrected) == [
        "ravie.cycle_opened.v1",
        "ravie.participant_enrolled.v1",
        "session.attendance_recorded.v1",
        "session.held.v1",
    ]
    assert {each.reason for each in corrected} == {CORRECTED_BY_IMPORT}
    (identity,) = [each.fact for each in facts if each.fact.stored_name.startswith("directory.")]
    assert identity.fields == ("family_name",)
    assert await office.figure("ravie.hours_signed") == 120 + 180


async def test_two_lines_of_one_file_that_disagree_leave_both_on_record(office: Office) -> None:
    (row,) = signatures("C-1", people=1, sessions=1)
    imported = await office.take([row, {**row, "minutes": "90"}])
    assert imported.corrections == 1
    recorded = [
        each.fact.minutes
        for each in await office.history()
        if each.fact.stored_name == "session.attendance_recorded.v1"
    ]
    assert recorded == [180], "what was told first stays"
    assert await office.figure("ravie.hours_signed") == 90


async def test_without_an_identifier_the_same_identity_is_the_same_person(office: Office) -> None:
    rows = [{**row, "participant": ""} for row in signatures("C-1", people=2, sessions=2)]
    rows[-1] = {**rows[-1], "nom": rows[-1]["nom"].upper(), "prenom": "prenom"}
    assert (await office.take(rows)).people == 2


async def test_another_source_has_other_things_under_the_same_identifiers(office: Office) -> None:
    rows = list(signatures("C-1", people=1, sessions=1))
    first = await office.take(rows)
    other = await office.take(rows, source="autre")
    assert (other.facts, other.people, other.likenesses) == (first.facts, 1, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
async def test_a_file_is_read_as_spreadsheets_write_it(
    office: Office, encoding: str, separator: str
) -> None:
    rows = [
        {**row, "nom": "Élodie-Zoé", "production": 'Un livret ; « fait, ensemble »\n"deux pages"'}
        for row in signatures("C-1", people=1, sessions=1)
    ]
    path = office.file(rows, separator=separator, encoding=encoding)
    assert (await office.take(path)).people == 1


async def test_others_write_while_a_file_is_read_and_it_does_not_write_over_them(
    office: Office,
) -> None:
    rows = list(signatures("C-1", people=1, sessions=2))
    await office.take(rows[:1])
    (opened,) = [
        each for each in await office.history() if each.fact.stored_name == "ravie.cycle_opened.v1"
    ]

    def meanwhile(done: int, _lines: int) -> None:
        if done == 3:
            # On a loop of its own, as another process would: this one is in the midst of the file.
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(lambda: asyncio.run(_correct(office, opened))).result()

    with pytest.raises(Moved):
        await office.take(rows, progress=meanwhile)
    names = [each.fact.stored_name for each in await office.history(opened.position)]
    assert names[-1] == "core.fact_corrected.v1", "what came from elsewhere stands"
    assert names.count("session.held.v1") == 1, "nothing of the file does"


async def _correct(office: Office, opened: Recorded[Any]) -> None:
    async with assembled(office.parts.site, clock=SimulatedClock(NOW)) as parts:
        command = CorrectFact(
            stream=SubjectId(opened.stream),
            fact=SubjectId(opened.id),
            replacement={**msgspec.to_builtins(opened.fact), "theme": "autre"},
            reason="essai",
        )
        await parts.application.execute("05D", command, actor=ADMINISTRATION)
