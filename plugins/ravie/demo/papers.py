"""What stands for a scanned sheet in the demonstration: a page of PDF, invented like the rest."""

from datetime import date


def scan_of(day: date) -> bytes:
    """A PDF of one page that says which day it is the sheet of; the same bytes for the same day."""
    drawn = f"BT /F1 14 Tf 72 760 Td (Feuille signee de la seance du {day:%d/%m/%Y}) Tj ET".encode()
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%b\nendstream" % (len(drawn), drawn),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    content, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(content)
    return b"%bxref\n0 6\n0000000000 65535 f \n%b%b" % (content, table, end)
