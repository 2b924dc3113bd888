from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.domain.command import Command, SubjectId
from core.domain.event import Fact, Subject
from core.registers.structures.events import StructureClosed, StructureRegistered
from core.session.module import MODULE as SESSIONS
from core.testing.scenario import Scenario, an_id
from plugins.ravie.cycle.commands import OpenCycle
from plugins.ravie.cycle.events import CycleOpened
from plugins.ravie.module import MODULE as RAVIE
from plugins.ravie.relais.commands import (
    AttachPartner,
    CloseRelais,
    DetachPartner,
    OpenRelais,
    ResumeRelais,
    SuspendRelais,
)
from plugins.ravie.relais.events import (
    PartnerAttached,
    PartnerLeft,
    RelaisClosed,
    RelaisOpened,
    RelaisResumed,
    RelaisSuspended,
)
from plugins.ravie.tests.stories import AUTUMN, CYCLE_ID, a_story
from projections.registers.module import MODULE as REGISTERS

GAP = Subject(an_id(0x51))
RUNS, HOSTS, PLACE = Subject(an_id(0x52)), Subject(an_id(0x53)), Subject(an_id(0x54))
OPENED = RelaisOpened(name="Relais de Gap", structure=RUNS, place=PLACE, commune="05061")
HOST = PartnerAttached(structure=HOSTS, role="host", convention=None)
SPRING = datetime(2026, 4, 1, tzinfo=UTC)


def a_territory() -> Scenario:
    """A tenant whose register has two structures."""
    told = Scenario(SESSIONS, REGISTERS, RAVIE, now=AUTUMN)
    for structure, name in ((RUNS, "Organisme de formation"), (HOSTS, "Ville de Gap")):
        registered = StructureRegistered(kinds=("partner",), name=name)
        told.given(registered, stream=structure, occurred_at=SPRING)
    return told


def a_relais(*facts: Fact) -> Scenario:
    return a_territory().given(OPENED, *facts, stream=GAP, occurred_at=SPRING)


def attach(**changes: Any) -> AttachPartner:
    return AttachPartner(**{"relais": GAP, "structure": HOSTS, "role": "host", **changes})


def detach(**changes: Any) -> DetachPartner:
    usual: dict[str, Any] = {"relais": GAP, "structure": HOSTS, "role": "host", "reason": "moved"}
    return DetachPartner(**{**usual, **changes})


def open_here(**changes: Any) -> OpenCycle:
    return OpenCycle(**{"cycle": CYCLE_ID, "theme": "fin_de_vie", "relais": GAP, **changes})


def test_a_relais_is_opened_with_its_name_place_and_who_runs_it() -> None:
    command = OpenRelais(
        relais=GAP,
        title="Relais de Gap",
        structure=SubjectId(RUNS),
        place=SubjectId(PLACE),
        commune="05061",
    )
    a_territory().when(command).then(OPENED)
    a_relais().when(command).then_refused("already_exists")


def test_a_structure_takes_a_part_in_a_relais_under_a_convention() -> None:
    convention = Subject(an_id(0x55))
    a_relais().when(attach(convention=convention)).then(
        PartnerAttached(structure=HOSTS, role="host", convention=convention)
    )


def test_a_structure_has_each_role_once() -> None:
    a_relais(HOST).when(attach()).then_refused("partner_already_attached")
    assert a_relais(HOST).when(attach(role="funder")).written


def test_a_structure_that_takes_part_is_in_the_register_and_open() -> None:
    unknown = SubjectId(an_id(0x99))
    a_relais().when(attach(structure=unknown)).then_refused("structure_not_found")
    opening = OpenRelais(relais=GAP, title="Relais de Gap", structure=unknown)
    a_territory().when(opening).then_refused("structure_not_found")
    gone = a_relais().given(StructureClosed(reason="merged"), stream=HOSTS, occurred_at=SPRING)
    gone.when(attach()).then_refused("structure_is_closed")
    told_late = attach(occurred_at=SPRING - timedelta(days=1))
    assert gone.when(told_late).written


def test_a_partner_leaves_the_part_it_has_and_may_come_back() -> None:
    left = PartnerLeft(structure=HOSTS, role="host", reason="moved")
    a_relais(HOST).when(detach()).then(left)
    a_relais(HOST).when(detach(role="funder")).then_refused("partner_not_attached")
    assert a_relais(HOST, left).when(attach()).written


def test_a_relais_is_suspended_then_resumed() -> None:
    suspended = RelaisSuspended(reason="works")
    a_relais().when(SuspendRelais(relais=GAP, reason="works")).then(suspended)
    a_relais(suspended).when(SuspendRelais(relais=GAP, reason="works")).then_refused(
        "relais_is_suspended"
    )
    a_relais(suspended).when(ResumeRelais(relais=GAP)).then(RelaisResumed())
    a_relais().when(ResumeRelais(relais=GAP)).then_refused("relais_is_open")


@pytest.mark.parametrize(
    "command",
    [
        attach(),
        detach(),
        SuspendRelais(relais=GAP, reason="works"),
        ResumeRelais(relais=GAP),
        CloseRelais(relais=GAP, reason="again"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_closed_relais_receives_nothing_more(command: Command) -> None:
    closed = RelaisClosed(reason="funding_ended")
    a_relais().when(CloseRelais(relais=GAP, reason="funding_ended")).then(closed)
    a_relais(HOST, closed).when(command).then_refused("relais_is_closed")


def test_no_cycle_is_opened_in_a_closed_or_suspended_relais() -> None:
    a_relais(RelaisClosed(reason="moved")).when(open_here()).then_refused("relais_is_closed")
    a_relais(RelaisSuspended(reason="works")).when(open_here()).then_refused("relais_is_suspended")
    suspended = a_relais(RelaisSuspended(reason="works"), RelaisResumed())
    assert suspended.when(open_here()).written


def test_a_cycle_opened_before_the_relais_closed_may_be_told_after() -> None:
    before = open_here(occurred_at=SPRING - timedelta(days=1))
    assert a_relais(RelaisClosed(reason="moved")).when(before).written


def test_a_cycle_is_of_a_relais_that_exists() -> None:
    a_story().when(open_here()).then_refused("relais_not_found")


def test_a_cycle_is_run_by_whom_and_where_its_relais_is_unless_said_otherwise() -> None:
    (fact,) = a_relais().when(open_here()).written
    assert isinstance(fact, CycleOpened)
    assert (fact.relais, fact.structure, fact.place) == (GAP, RUNS, PLACE)
    (fact,) = a_relais().when(open_here(structure=HOSTS)).written
    assert isinstance(fact, CycleOpened)
    assert fact.structure == HOSTS


def test_a_history_in_which_a_partner_leaves_without_having_come_is_incoherent() -> None:
    left = PartnerLeft(structure=HOSTS, role="host", reason="moved")
    for wrong in ((left,), (RelaisResumed(),), (HOST, HOST), (RelaisClosed(reason="x"), HOST)):
        with pytest.raises(ValueError, match="relais"):
            a_relais(*wrong).when(attach())
