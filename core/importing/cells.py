"""The cells of a line as values: French dates and ISO ones, hours, numbers, words for codes."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from core.directory.blind_index import normalised
from core.importable import BadCell, Column

_FRENCH = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_HOUR = re.compile(r"([0-9]{1,2}) ?(?:[h:] ?([0-9]{2})?(?::00)?)")
_NUMBER = re.compile(r"-?[0-9]{1,9}")


def read(
    texts: Mapping[str, str], columns: Sequence[Column]
) -> tuple[dict[str, Any], list[BadCell]]:
    """The cells of a line, typed, and all that is wrong with them."""
    cells: dict[str, Any] = {}
    wrong = []
    for column in columns:
        text = texts.get(column.name)
        if text is None:
            if column.required:
                wrong.append(BadCell(column.name, "required", "À remplir dans toutes les lignes."))
            continue
        try:
            cells[column.name] = _value(column, text)
        except BadCell as error:
            wrong.append(error)
    return cells, wrong


def _value(column: Column, text: str) -> Any:
    match column.kind:
        case "text":
            if len(text) > column.letters:
                raise BadCell(column.name, "too_long", f"{column.letters} caractères au plus.")
            if any(letter < " " for letter in text if letter not in "\r\n\t"):
                raise BadCell(column.name, "control", "Un caractère invisible est à retirer.")
            return text
        case "code":
            code = normalised(text).replace(" ", "_")
            if not re.fullmatch(r"[a-z0-9][a-z0-9_]{0,63}", code):
                raise BadCell(column.name, "code", "Des lettres et des chiffres, 64 au plus.")
            return code
        case "day":
            return _day(column, text)
        case "hour":
            return _hour(column, text)
        case "number":
            return _number(column, text)
        case "choice":
            return _choice(column, text)


def _day(column: Column, text: str) -> date:
    try:
        if french := _FRENCH.fullmatch(text):
            day, month, year = (int(part) for part in french.groups())
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError:
        message = "Date attendue : 15/01/2026, ou 2026-01-15."
        raise BadCell(column.name, "date", message) from None


def _hour(column: Column, text: str) -> time:
    found = _HOUR.fullmatch(text.lower())
    if found is not None:
        hour, minute = int(found[1]), int(found[2] or 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise BadCell(column.name, "hour", "Heure attendue : 14:00, ou 14h30.")


def _number(column: Column, text: str) -> int:
    whole = text.removesuffix(",0").removesuffix(".0").replace(" ", "")
    if not _NUMBER.fullmatch(whole):
        raise BadCell(column.name, "number", "Nombre entier attendu.")
    number = int(whole)
    if not column.least <= number <= column.most:
        raise BadCell(column.name, "range", f"De {column.least} à {column.most}.")
    return number


def _choice(column: Column, text: str) -> str:
    wanted = normalised(text)
    for word, code in column.choices.items():
        if wanted in (normalised(word), normalised(code)):
            return code
    raise BadCell(column.name, "choice", f"Au choix : {', '.join(column.choices)}.")
