"""
The pure half of the engine: which rows a fact touches, and what they become.

A row is, by definition, the fold of the facts that stand and touch its key, in order of position,
up to the first of them that cannot be read or folded. Follower, rebuild and replay bring facts and
rows here in their own ways, and this is where they agree.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

import msgspec

from core.domain.correction import CORRECTION_NAMES
from core.domain.event import Fact, FactRegistry, Recorded
from core.projection import Key, Projection
from projections.columns import UnwritableRow, canonical
from projections.decoding import Unreadable, family, name_of, subjects_in

Code: TypeAlias = Literal[
    "undecodable",
    "keys_failed",
    "key_is_not_a_subject",
    "fold_failed",
    "row_is_unwritable",
    "row_has_another_key",
]

UNKNOWN: Key = ()
"""In place of a key: the fact's rows cannot be known."""


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """
    Why a row stopped, and at which fact. `error` is the type of the error, never its message.

    With the key `UNKNOWN`, the fact stops every row whose whole key is among `subjects`.
    """

    projection: str
    key: Key
    position: int
    fact: str
    name: str
    code: Code
    error: str
    subjects: tuple[str, ...] = ()


class PoisonFact(RuntimeError):
    """A fact cannot be folded where nothing may be set aside."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(
            f"{fault.projection} : le fait {fault.name} en position {fault.position} ne peut pas "
            f"être pris en compte ({fault.code}, {fault.error})"
        )
        self.fault = fault


class Touch(NamedTuple):
    """One fact for one row."""

    projection: Projection[Any]
    key: Key
    fact: Recorded[Any]


class KeyIsNotASubject(ValueError):
    """A read model is keyed by something under which its facts are not found again."""


class RowHasAnotherKey(ValueError):
    """A fold gave a row that belongs to another key."""


class Folding:
    """
    Some rows of some read models in memory, folded fact by fact.

    `rows` holds None for a row that is known not to exist. `strict` raises `PoisonFact` instead of
    setting aside.
    """

    def __init__(self, projections: Iterable[Projection[Any]], *, strict: bool = False) -> None:
        self.projections = tuple(projections)
        self.rows: dict[str, dict[Key, Any]] = {p.name: {} for p in self.projections}
        self.changed: dict[str, set[Key]] = {p.name: set() for p in self.projections}
        self.faults: dict[tuple[str, Key], Fault] = {}
        self.set_aside: dict[tuple[str, int], Fault] = {}
        self.skipped: dict[int, Recorded[Unreadable]] = {}
        """Facts that no installed module declares."""
        self._strict = strict
        self._asides: dict[tuple[str, str], list[Fault]] = {}
        self._folding: dict[type[Fact], list[Projection[Any]]] = {}
        self._families: dict[str, list[Projection[Any]]] = {}
        self._concerned: dict[str, bool] = {}
        for projection in self.projections:
            for fact in projection.facts:
                self._folding.setdefault(fact, []).append(projection)
            for kind in {family(fact.stored_name) for fact in projection.facts}:
                self._families.setdefault(kind, []).append(projection)
        for name in CORRECTION_NAMES:
            # What an unreadable correction is about could be anything.
            self._families[family(name)] = list(self.projections)

    def concerns(self, name: str, registry: FactRegistry) -> bool:
        """Whether a fact stored under this name may touch a row, or stop one unread."""
        known = self._concerned.get(name)
        if known is None:
            known = family(registry.current_name(name)) in self._families
            self._concerned[name] = known
        return known

    def touches(self, fact: Recorded[Any]) -> list[Touch]:
        """The rows a standing fact touches; where that cannot be known, the fact is set aside."""
        if isinstance(fact.fact, Unreadable):
            self._take_unreadable(fact, fact.fact)
            return []
        folding = self._folding.get(type(fact.fact))
        if folding is None:
            return []
        found: list[Touch] = []
        subjects = frozenset(subjects_in(fact))
        for projection in folding:
            width = len(projection.key)
            try:
                for key in dict.fromkeys(projection.keys(fact)):
                    if len(key) != width or not subjects.issuperset(key):
                        raise KeyIsNotASubject
                    found.append(Touch(projection, key, fact))
            except Exception as error:
                found = [touch for touch in found if touch.projection is not projection]
                misplaced = isinstance(error, KeyIsNotASubject)
                code: Code = "key_is_not_a_subject" if misplaced else "keys_failed"
                failed = _fault(projection, UNKNOWN, fact, code, _type(error))
                self.aside(msgspec.structs.replace(failed, subjects=tuple(sorted(subjects))))
        return found

    def fold(self, touch: Touch) -> None:
        """Folds one fact into one row, unless the row is stopped."""
        projection, key, fact = touch
        if (projection.name, key) in self.faults or self._stopped_by_unknown(touch):
            return
        rows = self.rows[projection.name]
        before = rows.get(key)
        try:
            row = projection.step(before, key, fact)
            if row is not None and row is not before:
                row = _checked(projection, key, row, before)
        except Exception as error:
            self.stop(_fault(projection, key, fact, _code(error), _type(error)))
            return
        if row is not before:
            rows[key] = row
            self.changed[projection.name].add(key)

    def stop(self, fault: Fault) -> None:
        """From this fault on its row stays as it is."""
        if self._strict:
            raise PoisonFact(fault)
        self.faults[fault.projection, fault.key] = fault

    def aside(self, fault: Fault) -> None:
        """Takes in a fact whose rows cannot be known."""
        if self._strict:
            raise PoisonFact(fault)
        if (fault.projection, fault.position) not in self.set_aside:
            self.set_aside[fault.projection, fault.position] = fault
            for subject in fault.subjects:
                self._asides.setdefault((fault.projection, subject), []).append(fault)

    def restart(self, wanted: Mapping[str, Iterable[Key]]) -> None:
        """Forgets these rows and their faults: they are about to be folded from their start."""
        for name, keys in wanted.items():
            for key in keys:
                self.rows[name][key] = None
                self.changed[name].add(key)
                self.faults.pop((name, key), None)

    def forget_rows(self) -> None:
        """Frees the memory of rows that were written; faults stay known."""
        for name in self.rows:
            self.rows[name] = {}
            self.changed[name] = set()

    def _take_unreadable(self, fact: Recorded[Any], unreadable: Unreadable) -> None:
        if not unreadable.family:
            self.skipped[fact.position] = fact
        subjects = tuple(dict.fromkeys(subjects_in(fact)))
        for projection in self._families.get(unreadable.family, ()):
            failed = _fault(projection, UNKNOWN, fact, "undecodable", unreadable.error)
            self.aside(msgspec.structs.replace(failed, subjects=subjects))

    def _stopped_by_unknown(self, touch: Touch) -> bool:
        if not self._asides:
            return False
        projection, key, fact = touch
        stopping = [
            aside
            for aside in self._asides.get((projection.name, key[0]), ())
            if aside.position < fact.position and set(key) <= set(aside.subjects)
        ]
        if not stopping:
            return False
        first = min(stopping, key=lambda aside: aside.position)
        self.stop(msgspec.structs.replace(first, key=key, subjects=()))
        return True


def _checked(projection: Projection[Any], key: Key, row: Any, before: Any) -> msgspec.Struct:
    if type(row) is not projection.row:
        raise UnwritableRow
    for name, part in zip(projection.key, key, strict=True):
        if getattr(row, name) != part:
            raise RowHasAnotherKey
    return canonical(row, before)


def _code(error: Exception) -> Code:
    match error:
        case UnwritableRow():
            return "row_is_unwritable"
        case RowHasAnotherKey():
            return "row_has_another_key"
    return "fold_failed"


def _type(error: Exception) -> str:
    return type(error).__name__


def _fault(
    projection: Projection[Any], key: Key, fact: Recorded[Any], code: Code, error: str
) -> Fault:
    return Fault(
        projection=projection.name,
        key=key,
        position=fact.position,
        fact=fact.id,
        name=name_of(fact.fact),
        code=code,
        error=error,
    )
