"""What is wrong with a file: told all at once, and without saying who anybody is."""

import re

import msgspec

FAULTS = 100
"""How many are told; the rest is counted."""

_HARMLESS = re.compile(r"[0-9][0-9 :/.,h-]{0,19}|-[0-9]{1,9}")


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """
    One thing to mend. `line` is that of the file, the first one being 1; `value` is told only when
    it can name nobody.
    """

    line: int
    column: str | None
    value: str | None
    rule: str
    message: str


class FileRefused(Exception):
    """Nothing of the file was taken. `others` is how many faults there are beside those told."""

    def __init__(self, faults: list[Fault], others: int = 0) -> None:
        super().__init__(f"{len(faults) + others} faults")
        self.faults = faults
        self.others = others


class Faults:
    """Those found so far."""

    def __init__(self) -> None:
        self.told: list[Fault] = []
        self.others = 0

    def __bool__(self) -> bool:
        return bool(self.told)

    def add(self, fault: Fault) -> None:
        if len(self.told) < FAULTS:
            self.told.append(fault)
        else:
            self.others += 1


def shown(text: str | None, *, personal: bool) -> str | None:
    """
    What may be repeated of a cell: figures and dates, of a column that is not personal.

    A line shifted by one column puts a name where a figure should be, so words are never repeated.
    """
    if text is None or personal:
        return None
    text = text.strip()
    return text if _HARMLESS.fullmatch(text) else None
