import io
from datetime import date

from pypdf import PdfReader

from core.attachments.media import media_type_of
from plugins.ravie.demo.papers import scan_of


def test_what_stands_for_a_scan_is_a_pdf_of_one_page() -> None:
    content = scan_of(date(2026, 1, 8))
    assert media_type_of(content) == "application/pdf"
    (page,) = PdfReader(io.BytesIO(content), strict=True).pages
    assert page.extract_text() == "Feuille signee de la seance du 08/01/2026"
