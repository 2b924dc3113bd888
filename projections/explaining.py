"""What was found of a figure's changes, as it is told: plain numbers, labels, both ends."""

from collections.abc import Sequence

from core.indicator import Indicator, Kind
from core.tenancy import Tenant
from projections.causes import (
    CATEGORIES,
    LABELS,
    Amount,
    Category,
    Cause,
    Change,
    Difference,
    Explanation,
    Known,
    Part,
)
from projections.measures import Cell, Delta, Measures, cell_of, number
from projections.why import Answer, Named, Question


def explained(
    tenant: Tenant, question: Question, answer: Answer, territory_vintage: str
) -> Explanation:
    """The explanation of an answer; every category is in it, those without effect at 0."""
    names, before, after = question.dimensions, question.before, question.after
    cells = sorted(answer.first.keys() | answer.last.keys()) or ([] if names else [()])
    return Explanation(
        indicator=before.name,
        tenant=tenant.code,
        unit=after.unit,
        scale=after.scale,
        period=question.period,
        territory_vintage=territory_vintage,
        before=_known(before, question.start),
        after=_known(after, question.end),
        differences=[_difference(question, answer, cell) for cell in cells],
        parts=[_part(category, names, answer, cells, after.kind) for category in CATEGORIES],
    )


def _known(indicator: Indicator, position: int) -> Known:
    return Known(version=indicator.version, sentence=indicator.sentence, position=position)


def _difference(question: Question, answer: Answer, cell: Cell) -> Difference:
    before, after = question.before.kind, question.after.kind
    total: Delta = ()
    for changes in answer.changes.values():
        if (change := changes.get(cell)) is not None:
            # A rule that changes a ratio into something else has no sums to go with its value.
            total = tuple(a + b for a, b in zip(total, change, strict=False)) if total else change
    return Difference(
        dimensions=dict(zip(question.dimensions, cell, strict=True)),
        before=_amount(answer.first, cell, before),
        after=_amount(answer.last, cell, after),
        change=_change(total, (), (), after),
    )


def _part(
    category: Category, names: Sequence[str], answer: Answer, cells: Sequence[Cell], kind: Kind
) -> Part:
    changes = answer.changes[category]
    return Part(
        category=category,
        label=LABELS[category],
        # By dimension there may be many cells: those that the category leaves alone go without.
        changes=[
            _change(changes.get(cell, ()), cell, names, kind)
            for cell in cells
            if not names or cell in changes
        ],
        count=answer.counts[category],
        facts=[_cause(named, names, kind) for named in answer.named[category]],
    )


def _cause(named: Named, names: Sequence[str], kind: Kind) -> Cause:
    changes = None
    if named.changes is not None:
        changes = [_change(change, cell, names, kind) for cell, change in named.changes.items()]
    return Cause(fact=named.fact, corrects=named.corrects, changes=changes)


def _amount(measures: Measures, cell: Cell, kind: Kind) -> Amount:
    measured = cell_of(measures, cell, kind)
    value = measured.value(kind)
    ratio = kind == "ratio"
    return Amount(
        value=None if value is None else number(value),
        numerator=number(measured.parts[0]) if ratio else None,
        denominator=number(measured.parts[1]) if ratio else None,
    )


def _change(change: Delta, cell: Cell, names: Sequence[str], kind: Kind) -> Change:
    ratio = len(change) == 3 or (not change and kind == "ratio")
    value, numerator, denominator = (*(number(each) for each in change), 0, 0, 0)[:3]
    return Change(
        value=value,
        numerator=numerator if ratio else None,
        denominator=denominator if ratio else None,
        dimensions=dict(zip(names, cell, strict=True)),
    )
