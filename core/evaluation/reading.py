"""Reads a module's folder of instruments, `<name>.v<version>.toml`, and checks each of them."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from core.evaluation.instrument import TOTAL, Instrument, Instruments


class InvalidInstrument(ValueError):
    """An instrument that cannot be used: its message names the file, the place and the rule."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path.name} : {problem}")


def read_instruments(folder: Path) -> Instruments:
    """Every instrument of a folder, by id and version; raises `InvalidInstrument`."""
    found: dict[tuple[str, int], Instrument] = {}
    for path in sorted(folder.glob("*.toml")):
        instrument = read_instrument(path)
        key = (instrument.id, instrument.version)
        if key in found:
            raise InvalidInstrument(
                path, f"l'instrument « {instrument.id} » version {instrument.version} existe déjà."
            )
        found[key] = instrument
    return Instruments(tuple(found[key] for key in sorted(found)))


def read_instrument(path: Path) -> Instrument:
    """One instrument, decoded and checked; raises `InvalidInstrument`."""
    try:
        instrument = msgspec.convert(tomllib.loads(path.read_text("utf-8")), Instrument)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InvalidInstrument(path, f"ce n'est pas du TOML valide ({error}).") from error
    except msgspec.ValidationError as error:
        raise InvalidInstrument(path, f"la forme n'est pas celle attendue ({error}).") from error
    for problem in _problems(path, instrument):
        raise InvalidInstrument(path, problem)
    return instrument


def _problems(path: Path, instrument: Instrument) -> Iterator[str]:
    expected = f"{instrument.id.rpartition('.')[2]}.v{instrument.version}.toml"
    if path.name != expected:
        yield f"le fichier doit s'appeler {expected}, d'après son id et sa version."
    yield from _problems_of_scale(instrument)
    yield from _problems_of_items(instrument)
    yield from _problems_of_scoring(instrument)
    yield from _problems_of_subscales(instrument)


def _problems_of_scale(instrument: Instrument) -> Iterator[str]:
    scale = instrument.scale
    if scale.lowest >= scale.highest:
        yield (
            f"échelle : le plus bas ({scale.lowest}) n'est pas au-dessous du plus haut "
            f"({scale.highest})."
        )
    points = {str(point) for point in range(scale.lowest, scale.highest + 1)}
    for label in scale.labels:
        if label not in points:
            yield f"échelle : l'intitulé « {label} » n'est pas un point de l'échelle."


def _problems_of_items(instrument: Instrument) -> Iterator[str]:
    for code in _repeated(item.code for item in instrument.items):
        yield f"item « {code} » : son code est employé deux fois."
    for item in instrument.items:
        if len(item.choices) == 1:
            yield f"item « {item.code} » : un choix unique n'en est pas un."
        if item.reversed and not item.scored:
            yield f"item « {item.code} » : seul un item noté peut être inversé."


def _problems_of_scoring(instrument: Instrument) -> Iterator[str]:
    scored = sum(item.scored for item in instrument.items)
    if scored == 0:
        yield "cotation : aucun item n'est noté."
    yield from _problems_of_minimum(
        "cotation", instrument, instrument.scoring.minimum_answered, scored
    )


def _problems_of_subscales(instrument: Instrument) -> Iterator[str]:
    for code in _repeated([TOTAL, *(subscale.code for subscale in instrument.subscales)]):
        yield f"sous-échelle « {code} » : son code est déjà pris."
    for subscale in instrument.subscales:
        place = f"sous-échelle « {subscale.code} »"
        for code in _repeated(subscale.items):
            yield f"{place} : l'item « {code} » y est deux fois."
        for code in subscale.items:
            item = instrument.item(code)
            if item is None:
                yield f"{place} : l'item « {code} » n'existe pas."
            elif not item.scored:
                yield f"{place} : l'item « {code} » n'est pas noté."
        yield from _problems_of_minimum(
            place, instrument, subscale.minimum_answered, len(subscale.items)
        )


def _problems_of_minimum(
    place: str, instrument: Instrument, minimum: int, items: int
) -> Iterator[str]:
    if minimum > items:
        yield f"{place} : le minimum de réponses ({minimum}) dépasse le nombre d'items ({items})."
    elif instrument.scoring.rule == "sum" and minimum != items:
        # Sums over different numbers of items do not compare.
        yield f"{place} : une somme demande toutes les réponses ({items}), pas {minimum}."


def _repeated(codes: Iterable[str]) -> list[str]:
    return [code for code, count in Counter(codes).items() if count > 1]
