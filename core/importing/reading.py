"""A CSV file as spreadsheets write it: its encoding and separator found, its lines one by one."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from core.directory.blind_index import normalised
from core.importable import Column
from core.importing.faults import Fault, FileRefused

_BLOCK = 1 << 20
_SEPARATORS = ";,\t"
_FIELD_LIMIT = 20_000
"""Letters of a cell; a quote that is never closed would take the rest of the file for one."""


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """How a file is written, and how many lines of text it has, the first one included."""

    encoding: str
    separator: str
    lines: int


def shape_of(path: Path) -> Shape:
    """Looks through a file once, a block at a time; raises `FileRefused` and `OSError`."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates = ["utf-16"]
    else:
        # cp1252 reads nearly anything: it comes second.
        candidates = ["utf-8-sig", "cp1252"]
    for encoding in candidates:
        lines = _lines(path, encoding)
        if lines is not None:
            return Shape(encoding=encoding, separator=_separator(path, encoding), lines=lines)
    raise FileRefused([_fault(1, "encoding", "Enregistrez le fichier en CSV UTF-8.")])


def rows_of(
    path: Path, shape: Shape, columns: Sequence[Column]
) -> Iterator[tuple[int, dict[str, str]]]:
    """
    Each line that is not empty: its number, and the text of its cells by the name of their column.

    Raises `FileRefused` for a first line without the columns there must be, or a quote that is
    never closed.
    """
    with path.open(encoding=shape.encoding, newline="") as file:
        csv.field_size_limit(_FIELD_LIMIT)
        reader = csv.reader(file, delimiter=shape.separator, strict=True)
        number = 0
        try:
            header = next(reader, [])
            names = _header(header, columns)
            for row in reader:
                number = reader.line_num
                if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
                    message = f"La ligne a {len(row)} cellules pour {len(names)} colonnes."
                    raise FileRefused([_fault(number, "too_many_cells", message)])
                written = zip(names, row, strict=False)
                cells = {name: text for name, cell in written if (text := cell.strip())}
                if cells:
                    yield number, cells
        except csv.Error:
            message = "Un guillemet n'est pas fermé, ou une cellule est trop longue."
            raise FileRefused([_fault(number + 1, "quotes", message)]) from None


def _header(header: Sequence[str], columns: Sequence[Column]) -> list[str]:
    """The name of each column of the file, however it is capitalised or accented."""
    known = {normalised(column.name): column for column in columns}
    names: list[str] = []
    faults = []
    for place, title in enumerate(header, start=1):
        column = known.get(normalised(title))
        if column is None:
            # Not repeated: a file without its first line has people there.
            message = f"La colonne n° {place} n'est pas connue : « --columns » les donne toutes."
            faults.append(_fault(1, "unknown_column", message))
        elif column.name in names:
            faults.append(_fault(1, "column_twice", "Cette colonne est là deux fois.", column.name))
        names.append("" if column is None else column.name)
    faults += [
        _fault(1, "missing_column", "Cette colonne doit être là.", column.name)
        for column in columns
        if column.required and column.name not in names
    ]
    if faults:
        raise FileRefused(faults)
    return names


def _lines(path: Path, encoding: str) -> int | None:
    """How many lines a file has, None when it is not in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines, last = 0, "\n"
    with path.open("rb") as file:
        try:
            while block := file.read(_BLOCK):
                text = decoder.decode(block)
                lines += text.count("\n")
                last = text[-1:] or last
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return None
    return lines + (last != "\n")


def _separator(path: Path, encoding: str) -> str:
    with path.open(encoding=encoding) as file:
        first = file.readline(_FIELD_LIMIT)
    return max(_SEPARATORS, key=first.count)


def _fault(line: int, rule: str, message: str, column: str | None = None) -> Fault:
    return Fault(line=line, column=column, value=None, rule=rule, message=message)
