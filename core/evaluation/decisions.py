"""
The rules of recording what was measured.

A module binds its own instruments: `partial(record_evaluation, instruments=INSTRUMENTS)`.

A corrected evaluation is recorded as a correction like any other (`core.domain.correction`), so
that every fold honours it; but its scores are computed again from the corrected answers, which is
why the correction is decided here and `core.correct_fact` refuses it.
"""

import msgspec

from core.domain.correction import annulment_of, correction_of
from core.domain.decider import At, Context, Decided
from core.domain.refusal import Refused
from core.evaluation.commands import AnnulEvaluation, CorrectEvaluation, RecordEvaluation
from core.evaluation.events import EvaluationRecorded
from core.evaluation.instrument import Instrument, Instruments
from core.evaluation.state import Evaluation
from core.evaluation.vocabulary import Answers


def record_evaluation(
    command: RecordEvaluation, _state: None, _context: Context, *, instruments: Instruments
) -> Decided:
    """What was answered, and the scores that follow from it."""
    instrument = instruments.find(command.instrument, command.instrument_version)
    if instrument is None:
        return _unknown(command.instrument, command.instrument_version)
    named = command.person if command.about == "person" else command.subject
    if named is None:
        return Refused("evaluation_names_no_subject", "subject")
    if refused := _unless_answerable(instrument, command.answers, command.sealed_answers):
        return refused
    return [
        EvaluationRecorded(
            instrument=instrument.id,
            instrument_version=instrument.version,
            about=command.about,
            person=command.person,
            subject=command.subject,
            series=command.series,
            occasion=command.occasion,
            assessor=command.assessor,
            answers=command.answers,
            unanswered=instrument.unanswered(command.answers),
            sealed_answers=command.sealed_answers,
            scores=instrument.scores(command.answers),
        )
    ]


def correct_evaluation(
    command: CorrectEvaluation, state: Evaluation, _context: Context, *, instruments: Instruments
) -> Decided:
    """Other answers to the same instrument, about the same subject, and their scores."""
    recorded = state.recorded
    fact = recorded.fact
    instrument = instruments.find(fact.instrument, fact.instrument_version)
    if instrument is None:
        return _unknown(fact.instrument, fact.instrument_version)
    if refused := _unless_answerable(instrument, command.answers, command.sealed_answers):
        return refused
    replacement = msgspec.structs.replace(
        fact,
        answers=command.answers,
        unanswered=instrument.unanswered(command.answers),
        sealed_answers=command.sealed_answers,
        scores=instrument.scores(command.answers),
    )
    if replacement == fact:
        return Refused("correction_changes_nothing", "answers")
    correction = correction_of(recorded, replacement, command.reason, command.note)
    return [At(fact=correction, occurred_at=recorded.occurred_at)]


def annul_evaluation(
    command: AnnulEvaluation, state: Evaluation, _context: Context, *, instruments: Instruments
) -> Decided:
    """The evaluation counts no more; what was recorded by mistake is recorded anew elsewhere."""
    recorded = state.recorded
    if instruments.find(recorded.fact.instrument, recorded.fact.instrument_version) is None:
        return _unknown(recorded.fact.instrument, recorded.fact.instrument_version)
    annulment = annulment_of(recorded, command.reason, command.note)
    return [At(fact=annulment, occurred_at=recorded.occurred_at)]


def _unknown(instrument: str, version: int) -> Refused:
    return Refused(
        "instrument_is_unknown", "instrument", {"instrument": instrument, "version": version}
    )


def _unless_answerable(
    instrument: Instrument, answers: Answers, sealed_answers: str | None
) -> Refused | None:
    for code, answer in answers.items():
        item = instrument.item(code)
        if item is None:
            return Refused("answer_to_unknown_item", "answers", {"item": code})
        if item.sealed:
            return Refused("answer_must_be_sealed", "answers", {"item": code})
        if item.choices:
            if answer not in item.choices:
                return Refused("answer_is_not_a_choice", "answers", {"item": code})
        elif isinstance(answer, str) or not (
            instrument.scale.lowest <= answer <= instrument.scale.highest
        ):
            limits = {"lowest": instrument.scale.lowest, "highest": instrument.scale.highest}
            return Refused("answer_is_off_scale", "answers", {"item": code, **limits})
    if sealed_answers is not None and not any(item.sealed for item in instrument.items):
        return Refused("instrument_has_no_sealed_item", "sealed_answers")
    if not answers and sealed_answers is None:
        return Refused("evaluation_has_no_answer", "answers")
    return None
