"""What is due says what there is to do, to whom it is shown, and reads what is declared."""

import re

from projections.figures import mentioned
from tests.module_contract.installed import Installed, catalogue_with

COLUMNS = ("subject", "person", "due_on", "done_on", "assigned", "structure")


def test_a_deadline_carries_the_modules_name_and_a_french_sentence(one: Installed) -> None:
    kinds = [deadline.kind for deadline in one.module.deadlines]
    assert len(set(kinds)) == len(kinds)
    for deadline in one.module.deadlines:
        assert re.fullmatch(rf"{one.module.name}\.[a-z0-9_]+", deadline.kind)
        assert deadline.sentence[0].isupper(), deadline.kind
        assert deadline.sentence.endswith("."), deadline.kind


def test_a_deadline_is_shown_under_a_declared_permission(one: Installed) -> None:
    declared = {permission.code for permission in one.module.permissions}
    for deadline in one.module.deadlines:
        assert deadline.permission in declared, deadline.kind


def test_a_deadline_reads_declared_read_models_and_gives_its_columns(one: Installed) -> None:
    declared = {projection.name for projection in catalogue_with(one.module).projections}
    for deadline in one.module.deadlines:
        assert mentioned(deadline.rows), deadline.kind
        assert set(mentioned(deadline.rows)) <= declared, deadline.kind
        for column in COLUMNS:
            assert re.search(rf"\b{column}\b", deadline.rows), f"{deadline.kind} : {column}"


def test_reminders_are_days_before_each_once(one: Installed) -> None:
    for deadline in one.module.deadlines:
        assert all(days >= 0 for days in deadline.reminders), deadline.kind
        assert len(set(deadline.reminders)) == len(deadline.reminders), deadline.kind
