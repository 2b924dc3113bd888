"""
What runs apart, in a process that ends with its document: data in, PDF out.

    python -I -m core.documents.typesetting template.typ seconds-since-1970 < data.json > out.pdf

Apart, because a typesetter that runs on is only stopped by stopping its process, and because what
it keeps from one document to the next goes with it. It knows its own fonts only, reads nothing but
the folder of the template, and never the network: no package folder is given, and no template
imports one (see the tests).
"""

import sys
from pathlib import Path
from typing import Final

import typst

PDF_STANDARD: Final = "ua-1"
"""PDF/UA-1 (ISO 14289-1): tagged, with its language and its title, for screen readers."""


def typeset(template: Path, data: str, made_at: int) -> bytes:
    """The PDF of a template; `data` is JSON, never part of the template's source."""
    document = typst.compile(
        template,
        root=template.parent,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=[PDF_STANDARD],
        timestamp=made_at,
    )
    assert isinstance(document, bytes)  # noqa: S101 - one file, when no output is named
    return document


def main() -> None:
    """Typesets standard input; an error of the template ends the process with its message."""
    template, made_at = Path(sys.argv[1]), int(sys.argv[2])
    data = sys.stdin.buffer.read().decode()
    try:
        document = typeset(template, data, made_at)
    except typst.TypstError as error:
        # The place in the template, never the data: nobody's name goes to the logs.
        sys.exit(f"{template.name}: {error.message}")
    sys.stdout.buffer.write(document)


if __name__ == "__main__":
    main()
