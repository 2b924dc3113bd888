"""What is wrong with a spreadsheet is told at once, names nobody, and leaves nothing."""

from pathlib import Path

import pytest

from core.importing.faults import FAULTS
from plugins.ravie.tests.office import Office, office, signatures

pytestmark = pytest.mark.postgres

__all__ = ["office"]


async def test_a_fault_in_the_last_line_leaves_nothing(office: Office) -> None:
    rows = list(signatures("C-1", people=3, sessions=3))
    rows[-1] = {**rows[-1], "minutes": "181"}
    before = await office.count("data_keys"), await office.count("people_index")
    refused = await office.refused(rows)
    (fault,) = refused.faults
    assert (fault.line, fault.column, fault.value) == (10, "minutes", "181")
    assert fault.rule == "minutes_exceed_session"
    assert "180" in fault.message
    assert before == (await office.count("data_keys"), await office.count("people_index"))
    # Nothing of it is at hand either: what follows is registered anew.
    assert (await office.take(signatures("C-1", people=3, sessions=3))).people == 3


async def test_every_fault_is_told_at_once_and_names_nobody(office: Office) -> None:
    rows = [
        {**row, **wrong}
        for row, wrong in zip(
            signatures("C-1", people=7, sessions=1),
            (
                {"date": "31/02/2026"},
                {"debut": "Dupont"},
                {"naissance": "Martin le 3 mars"},
                {"role": "Lefèvre"},
                {"minutes": "trois heures"},
                {"cycle": ""},
                {"minutes": "9999"},
            ),
            strict=True,
        )
    ]
    refused = await office.refused(rows)
    assert [(each.line, each.column, each.value, each.rule) for each in refused.faults] == [
        (2, "date", "31/02/2026", "date"),
        (3, "debut", None, "hour"),
        (4, "naissance", None, "date"),
        (5, "role", None, "choice"),
        (6, "minutes", None, "number"),
        (7, "cycle", None, "required"),
        (8, "minutes", "9999", "range"),
    ]
    told = repr(refused.faults)
    assert not any(name in told for name in ("Dupont", "Martin", "Lefèvre", "NomA", "P-1"))
    assert "assistant de vie" in told, "a wrong word is answered with the right ones"


async def test_only_the_first_hundred_faults_are_told(office: Office) -> None:
    rows = [
        {**row, "minutes": "x"}
        for cycle in range(30)
        for row in signatures(f"C-{cycle}", people=4, sessions=1)
    ]
    refused = await office.refused(rows)
    assert len(refused.faults) == FAULTS
    assert refused.others == 20


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "missing_column"),
        (b"cycle;date\n\xff\x81\x8d", "encoding"),
        (b"date;minutes\n", "missing_column"),
        (b"cycle;Dupont\n", "unknown_column"),
        (b"cycle;Cycle\n", "column_twice"),
        (b'cycle;theme\nC-1;"jamais ferm\xc3\xa9\n', "quotes"),
        (b"cycle;theme\nC-1;sommeil;Dupont\n", "too_many_cells"),
    ],
)
async def test_a_file_that_is_not_one_is_refused(
    office: Office, tmp_path: Path, content: bytes, rule: str
) -> None:
    path = tmp_path / "fichier.csv"
    path.write_bytes(content)
    refused = await office.refused(path)
    assert {each.rule for each in refused.faults} == {rule}
    assert "Dupont" not in repr(refused.faults)


async def test_what_is_missing_to_a_line_is_said(office: Office) -> None:
    (row,) = signatures("C-1", people=1, sessions=1)
    known = {"cycle": "C-1", "participant": "P-9", "date": "2026-01-05"}
    refused = await office.refused(
        [
            {**row, "theme": ""},
            row,
            {"cycle": "C-1", "minutes": "60"},
            {**row, "participant": "P-9", "nom": "", "prenom": "", "naissance": ""},
            {**row, "prenom": ""},
            {**row, "participant": "P-8", "role": ""},
            {**row, "debut": ""},
            {**row, "fin": "13:00"},
            {**row, "minutes": ""},
            {**row, **known, "nom": "Nouvelle", "role": "partenaire"},
        ]
    )
    assert [(each.line, each.column, each.rule) for each in refused.faults] == [
        (2, "theme", "required"),
        (4, "date", "required"),
        (5, "nom", "required"),
        (6, "prenom", "required"),
        (7, "role", "required"),
        (8, "debut", "required"),
        (9, "fin", "session_ends_before_it_starts"),
        (10, "minutes", "required"),
        (11, "role", "partner_outside_a_project_cycle"),
    ]


async def test_rules_hold_for_a_file_as_for_anyone(office: Office) -> None:
    rows = list(signatures("C-1", people=1, sessions=1))
    closing = {"cycle": "C-1", "clos_le": "2026-01-06"}
    (fault,) = (await office.refused([*rows, closing])).faults
    assert (fault.line, fault.rule) == (3, "cycle_has_no_production")
    (fault,) = (await office.refused([{**rows[0], "date": "2026-12-24"}])).faults[:1]
    assert fault.rule in {"session_is_not_over", "occurred_in_the_future"}
