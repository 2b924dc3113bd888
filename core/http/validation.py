"""
What is wrong with a request, said in French, field by field, without quoting it.

Bodies are decoded strictly into the Struct of their route. When that fails each field is tried
apart, so that a form shows all its errors at once. msgspec's own sentences are never passed on:
some of them quote the value, and an unknown field's name is the sender's own words.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec

from core.http.problem import FieldError, Malformed

_PATH = re.compile(r"^(?P<sentence>.*?)(?: - at `(?P<path>[^`]*)`)?$", re.DOTALL)

_RULES: tuple[tuple[str, str, str], ...] = (
    (r"unknown field", "unknown_field", "Champ inconnu."),
    (r"missing required field `(\w+)`", "required", "Champ obligatoire."),
    (r"matching regex", "pattern", "N'a pas l'écriture attendue."),
    (r"`(?:str|bytes)` of length >= (\d+)", "too_short", "Trop court : au moins {0} caractères."),
    (r"`(?:str|bytes)` of length <= (\d+)", "too_long", "Trop long : au plus {0} caractères."),
    (r"`array` of length >= (\d+)", "too_few", "Au moins {0} éléments."),
    (r"`array` of length <= (\d+)", "too_many", "Au plus {0} éléments."),
    (r"`(?:int|float)` >= (-?[\d.]+)", "too_low", "Au moins {0}."),
    (r"`(?:int|float)` <= (-?[\d.]+)", "too_high", "Au plus {0}."),
    (r"`(?:int|float)` > (-?[\d.]+)", "too_low", "Plus que {0}."),
    (r"`(?:int|float)` < (-?[\d.]+)", "too_high", "Moins que {0}."),
    (r"multiple of (-?[\d.]+)", "multiple", "Un multiple de {0}."),
    (r"timezone component", "timezone", "Date et heure avec fuseau (2026-01-15T14:00:00+01:00)."),
    (r"Invalid RFC3339 encoded date\b", "date", "Date attendue (2026-01-15)."),
    (r"Invalid RFC3339", "datetime", "Date et heure attendues (2026-01-15T14:00:00+01:00)."),
    (r"Invalid (?:enum )?value", "choice", "Valeur hors de la liste admise."),
    (r"Invalid UUID", "pattern", "Identifiant (UUID) attendu."),
    (r"got `null`", "required", "Ne peut pas être vide."),
    (r"Expected `([\w| ]+?)(?: \| null)?`, got", "type", "Type attendu : {0}."),
    (r"out of range", "range", "Hors limites."),
)
_TYPES = {
    "str": "texte",
    "int": "nombre entier",
    "float": "nombre",
    "bool": "vrai ou faux",
    "array": "liste",
    "object": "objet",
    "datetime": "date et heure",
    "date": "date",
}


_UNREADABLE = FieldError("json", "Le corps n'est pas du JSON lisible.")


def decode_body(body: bytes, struct: Any) -> Any:
    """The body as the type its route declares; raises `Malformed`."""
    if b"\\u0000" in body:
        # PostgreSQL has no place for it in a text.
        raise Malformed([FieldError("nul", "Le caractère NUL n'est pas admis.")])
    try:
        return _decoder(struct).decode(body)
    except msgspec.ValidationError as error:
        try:
            # What is of the wrong type at once need not be JSON to its end.
            raise Malformed(_every_error(body, struct, error)) from None
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Malformed([_UNREADABLE]) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Malformed([_UNREADABLE]) from None


@cache
def _decoder(struct: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(struct)


def _every_error(
    body: bytes, struct: type[Any], first: msgspec.ValidationError
) -> Sequence[FieldError]:
    """The errors of all fields, when the body is an object for a Struct; else the first one."""
    content = msgspec.json.decode(body)
    if not (isinstance(content, dict) and issubclass(struct, msgspec.Struct)):
        return [explain(str(first))]
    errors = []
    declared = msgspec.structs.fields(struct)
    for field in declared:
        if field.encode_name not in content:
            if field.required:
                errors.append(FieldError("required", "Champ obligatoire.", field.encode_name))
            continue
        try:
            msgspec.json.decode(msgspec.json.encode(content[field.encode_name]), type=field.type)
        except msgspec.ValidationError as error:
            errors.append(explain(str(error), within=field.encode_name))
    names = [field.encode_name for field in declared]
    if struct.__struct_config__.forbid_unknown_fields and not content.keys() <= set(names):
        errors.append(
            FieldError("unknown_field", f"Champ inconnu ; champs admis : {', '.join(names)}.")
        )
    return errors or [explain(str(first))]


def explain(message: str, within: str | None = None) -> FieldError:
    """One of msgspec's sentences as a rule, a French sentence and the way to the field."""
    parts = _PATH.match(message)
    sentence, path = (parts["sentence"], parts["path"]) if parts else (message, None)
    field = f"{within or '$'}{(path or '$').removeprefix('$')}".removeprefix("$").removeprefix(".")
    for pattern, rule, french in _RULES:
        if found := re.search(pattern, sentence):
            values = [_TYPES.get(value, value) for value in found.groups()]
            if rule == "required" and values:
                field = f"{field}.{values[0]}" if field else values[0]
            return FieldError(rule, french.format(*values), field or None)
    return FieldError("invalid", "Valeur non admise.", field or None)
