"""Papers, read back from their PDF."""

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from core.documents.documents import NotRendered, render

MADE_AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
LETTER = """
#set document(title: "Lettre", date: datetime(year: 2026, month: 3, day: 1))
#set text(lang: "fr", region: "FR")
#let data = json(bytes(sys.inputs.data))
= Lettre
Bonjour #data.name.
"""


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    path = tmp_path / "letter.typ"
    path.write_text(LETTER)
    return path


def rewritten(path: Path, text: str) -> None:
    path.write_text(text)


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


async def test_a_template_and_its_data_give_a_pdf(letter: Path) -> None:
    document = await render(letter, {"name": "Zoé Lefèvre-d’Été"}, made_at=MADE_AT)
    assert document.startswith(b"%PDF-")
    assert "Bonjour Zoé Lefèvre-d’Été." in text_of(document)


async def test_the_same_input_gives_the_same_bytes(letter: Path) -> None:
    first = await render(letter, {"name": "Zoé"}, made_at=MADE_AT)
    assert await render(letter, {"name": "Zoé"}, made_at=MADE_AT) == first
    assert await render(letter, {"name": "Léo"}, made_at=MADE_AT) != first


async def test_data_are_printed_and_never_run(letter: Path) -> None:
    said = '#panic("x") *gras* $x$ "]'
    assert said in text_of(await render(letter, {"name": said}, made_at=MADE_AT))


async def test_a_document_is_tagged_in_french_with_its_title(letter: Path) -> None:
    reader = PdfReader(io.BytesIO(await render(letter, {"name": "Zoé"}, made_at=MADE_AT)))
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "fr-FR"
    assert root["/MarkInfo"]["/Marked"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Lettre"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


async def test_no_font_but_its_own_is_used(letter: Path) -> None:
    reader = PdfReader(io.BytesIO(await render(letter, {"name": "Zoé"}, made_at=MADE_AT)))
    fonts = reader.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert {str(font.get_object()["/BaseFont"]).partition("+")[2] for font in fonts} == {
        "LibertinusSerif-Regular-Identity-H",
        "LibertinusSerif-Bold-Identity-H",
    }


async def test_a_template_that_fails_tells_where_and_nobody_s_name(letter: Path) -> None:
    rewritten(letter, LETTER + "#data.missing")
    with pytest.raises(NotRendered) as failed:
        await render(letter, {"name": "Zoé"}, made_at=MADE_AT)
    assert "letter.typ" in str(failed.value)
    assert "Zoé" not in str(failed.value)


async def test_a_template_that_never_ends_is_stopped(letter: Path) -> None:
    rewritten(letter, LETTER + "#for a in range(100000) { for b in range(100000) { let c = a } }")
    with pytest.raises(NotRendered, match="not done"):
        await render(letter, {"name": "Zoé"}, made_at=MADE_AT, limit=0.5)


async def test_a_template_reads_nothing_above_its_folder(letter: Path) -> None:
    rewritten(letter.parent.parent / "secret.txt", "secret")
    rewritten(letter, LETTER + '#read("../secret.txt")')
    with pytest.raises(NotRendered):
        await render(letter, {"name": "Zoé"}, made_at=MADE_AT)


def test_no_template_of_the_house_imports_a_package() -> None:
    root = Path(__file__).parents[3]
    templates = [path for folder in ("core", "plugins") for path in (root / folder).rglob("*.typ")]
    assert [path.name for path in templates if '"@' in path.read_text("utf-8")] == []
