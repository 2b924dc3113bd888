"""The glossary, `docs/glossary.md`: one table, a row per term, in alphabetical order."""

import unicodedata
from pathlib import Path

import msgspec


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A term, how it is written in the code (`codes`), what it means, and where that comes from."""

    term: str
    codes: tuple[str, ...]
    definition: str
    source: str

    @property
    def sorted_by(self) -> str:
        """The term without case, accents or ligatures."""
        plain = unicodedata.normalize("NFKD", self.term.casefold().replace("œ", "oe"))
        return "".join(letter for letter in plain if not unicodedata.combining(letter))

    @property
    def line(self) -> str:
        codes = ", ".join(f"`{code}`" for code in self.codes)
        return f"| {self.term} | {codes} | {self.definition} | {self.source} |"


def glossary(path: Path) -> list[Row]:
    """The rows of the glossary, in the order of the file; raises `ValueError` naming a bad line."""
    return [row for line in path.read_text("utf-8").splitlines() if (row := _row(line))]


def with_row(text: str, new: Row) -> str:
    """The text of the glossary with one more row, in its place."""
    lines = text.splitlines()
    rows = [(number, row) for number, line in enumerate(lines) if (row := _row(line))]
    after = [number for number, row in rows if row.sorted_by < new.sorted_by]
    lines.insert(after[-1] + 1 if after else rows[0][0], new.line)
    return "\n".join(lines) + "\n"


def _row(line: str) -> Row | None:
    """The row of a line; None for prose and for the head of the table."""
    if not line.startswith("| ") or line.startswith(("| Terme |", "| --- |")):
        return None
    cells = [cell.strip() for cell in line.strip("| ").split("|")]
    if len(cells) != 4:
        raise ValueError(line)
    term, codes, definition, source = cells
    written = tuple(code.strip(" `") for code in codes.split(",") if code.strip(" `"))
    return Row(term=term, codes=written, definition=definition, source=source)
