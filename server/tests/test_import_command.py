"""`jalon import-csv`, as a command of its own."""

import csv
import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from plugins.ravie.imports.columns import COLUMNS
from server.tests.workers import Stand, eventually

pytestmark = pytest.mark.postgres

NAME = "Delacroix-Inventée"


@pytest.fixture
async def opened(own_stand: Stand) -> Stand:
    """An installation whose tenants use RAVie."""
    async with own_stand.parts():
        pass
    return own_stand


def imported(stand: Stand, *words: str) -> tuple[int, str]:
    """The exit code of an import, and all it said."""
    with stand.jalon("import-csv", "--module", "ravie", *words) as process:
        said, _ = process.communicate(timeout=120)
        return process.returncode, said


def file(folder: Path, rows: Iterator[dict[str, str]]) -> str:
    path = folder / "cycles.csv"
    with path.open("w", encoding="cp1252", newline="") as written:
        writer = csv.DictWriter(written, [column.name for column in COLUMNS], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def rows(cycles: int, last: str = "180") -> Iterator[dict[str, str]]:
    for cycle in range(cycles):
        for person in range(8):
            yield {
                "cycle": f"C-{cycle}",
                "theme": "Fin de vie",
                "date": "08/01/2026",
                "debut": "14h",
                "fin": "17h",
                "participant": f"P-{cycle}-{person}",
                "nom": NAME,
                "prenom": "Zoé",
                "naissance": f"0{1 + person}/05/1970",
                "role": "assistant de vie",
                "minutes": last if cycle == cycles - 1 and person == 7 else "180",
            }


def left(stand: Stand) -> tuple[int, int, int]:
    """How many facts, keys and people there are."""
    ((facts, keys, people),) = stand.do(
        "select (select count(*) from facts_05d.facts), (select count(*) from facts_05d.data_keys),"
        " (select count(*) from facts_05d.people)"
    )
    return facts, keys, people


def test_the_columns_and_an_example_are_there_to_begin_with(opened: Stand, tmp_path: Path) -> None:
    code, said = imported(opened, "--columns")
    assert code == 0
    assert all(f"  {column.name} " in said for column in COLUMNS)
    code, example = imported(opened, "--example")
    assert code == 0
    path = tmp_path / "exemple.csv"
    path.write_text(example, encoding="utf-8")
    code, said = imported(opened, "--tenant", "05D", str(path))
    assert (code, "5 lignes lues, 17 faits écrits" in said) == (0, True), said


def test_what_was_done_is_said_in_json_and_twice_the_same_is_once(
    opened: Stand, tmp_path: Path
) -> None:
    path = file(tmp_path, rows(2))
    code, said = imported(opened, "--tenant", "05D", "--json", "--dry-run", path)
    tried = json.loads(said[said.index("{") :])
    assert (code, tried["written"], tried["lines"]) == (0, False, 16)
    before = left(opened)
    code, said = imported(opened, "--tenant", "05D", "--json", path)
    done = json.loads(said[said.index("{") :])
    assert (code, done["written"], done["facts"]) == (0, True, tried["facts"])
    assert left(opened)[0] == before[0] + done["facts"]
    code, said = imported(opened, "--tenant", "05D", path)
    assert (code, "16 lignes lues, 0 faits écrits" in said) == (0, True), said


def test_a_refused_file_says_where_and_names_nobody(opened: Stand, tmp_path: Path) -> None:
    before = left(opened)
    path = file(tmp_path, rows(1, last="200"))
    code, said = imported(opened, "--tenant", "05D", path)
    assert code == 2
    assert "ligne 9, colonne minutes, « 200 » : " in said
    assert "Rien n'a été importé." in said
    assert NAME not in said
    assert "P-0" not in said
    code, said = imported(opened, "--tenant", "05D", "--json", path)
    (fault,) = json.loads(said[said.index("{") :])["errors"]
    assert (code, fault["line"], fault["rule"]) == (2, 9, "minutes_exceed_session")
    assert left(opened) == before


@pytest.mark.parametrize(
    "words",
    [
        ("--tenant", "05D"),
        ("--tenant", "05D", "/pas/la.csv"),
        ("--tenant", "99X", __file__),
    ],
)
def test_what_is_asked_badly_is_said_in_a_sentence(opened: Stand, words: tuple[str, ...]) -> None:
    code, said = imported(opened, *words)
    assert code == 1
    assert "Traceback" not in said
    assert said.strip().endswith(".")


async def test_a_killed_import_leaves_nothing_and_may_be_done_again(
    opened: Stand, tmp_path: Path
) -> None:
    before = left(opened)
    path = file(tmp_path, rows(500))

    async def at_work() -> bool:
        return bool(opened.do(_AT_WORK))

    async def gone() -> bool:
        return not opened.do(_AT_WORK)

    with opened.jalon("import-csv", "--module", "ravie", "--tenant", "05D", path) as process:
        await eventually(at_work)
        os.kill(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
    await eventually(gone)
    assert left(opened) == before
    code, said = imported(opened, "--tenant", "05D", file(tmp_path, rows(3)))
    assert (code, "24 personnes nouvelles" in said) == (0, True), said


_AT_WORK = """select pid from pg_stat_activity
  where datname = current_database() and backend_xid is not null
    and clock_timestamp() - xact_start > interval '1 second'"""
