"""What a newcomer reads first: the README of a module, its words, its instruments."""

from pathlib import Path

from core.evaluation.reading import read_instruments
from server.glossary import glossary
from tests.module_contract.installed import Installed

GLOSSARY = Path(__file__).parents[2] / "docs" / "glossary.md"


def test_a_module_says_what_it_is_for_in_its_readme(one: Installed) -> None:
    if one.package.startswith(("core.", "projections.", "tenants")):
        return  # the core is told in docs/architecture.md
    readme = (one.folder / "README.md").read_text("utf-8")
    assert readme.startswith("# ")
    assert len(readme.split()) > 30


def test_a_module_has_its_row_in_the_glossary(one: Installed) -> None:
    assert one.module.name in {code for row in glossary(GLOSSARY) for code in row.codes}


def test_every_row_of_the_glossary_defines_its_term_and_says_where_from() -> None:
    rows = glossary(GLOSSARY)
    assert len(rows) > 20
    for row in rows:
        assert row.definition.endswith("."), row.term
        assert row.source, row.term
    assert len({row.term for row in rows}) == len(rows)


def test_the_glossary_is_in_alphabetical_order() -> None:
    terms = [row.sorted_by for row in glossary(GLOSSARY)]
    assert terms == sorted(terms)


def test_instruments_can_be_read_and_carry_the_modules_name(one: Installed) -> None:
    folder = one.folder / (one.module.instruments or "instruments")
    assert folder.is_dir() == (one.module.instruments is not None)
    for instrument in read_instruments(folder).all:
        assert instrument.id.startswith(f"{one.module.name}.")
