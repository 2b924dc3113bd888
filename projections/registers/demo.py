"""
What `make demo` plays of the registers: a partner's convention, a household, and in the
Hautes-Alpes the experimentation of the lieu ressources, after its source.
"""

from datetime import date, timedelta

from core.domain.command import PersonRef
from core.domain.days import day_of
from core.domain.event import Subject
from core.registers.conventions import commands as conventions
from core.registers.conventions.events import DeliverableAgreed
from core.registers.experimentations import commands as experimentations
from core.registers.experimentations.vocabulary import Criterion
from core.registers.households.commands import FormHousehold, Member
from core.registers.people.commands import AppointRepresentative, GiveNotice
from core.registers.structures.commands import RegisterStructure
from core.stage import Stage

HAUTES_ALPES = "05D"

INVENTED = ("jours de l'expérimentation", "critères retenus")
"""What the source does not give of it."""

CRITERIA = {
    "visites": "Combien de personnes viennent au lieu ressources, et de quels métiers.",
    "evenements": "Combien d'ateliers et de temps forts s'y tiennent.",
    "departs_ravie": "Combien de visiteurs rejoignent ensuite un cycle RAVie.",
    "departs_formation": "Combien de visiteurs partent ensuite en formation.",
}
"""Four of those that the groupe projet set itself (fiche Lieu Ressources), in our words."""


def play(stage: Stage) -> None:
    """Puts what the registers of a tenant keep on its stage."""
    story = _Registers(stage)
    stage.at(stage.start, story.begin)
    stage.at(stage.start + timedelta(days=355), story.deliver)
    if stage.tenant == HAUTES_ALPES:
        stage.at(stage.start, story.experiment)


class _Registers:
    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._keeper, self._files = stage.new_id(), stage.new_id()
        self._convention = stage.new_id()
        self._deliverable: Subject | None = None
        stage.cast(self._keeper, "registres.gestion")
        stage.cast(self._files, "tenue_des_dossiers")

    async def begin(self) -> None:
        """A partner lends a room for three years; a household is known, one of it has a curator."""
        stage, today = self._stage, day_of(self._stage.now)
        partner = await self._structure("Espace France services du territoire", "partenaire")
        sign = conventions.SignConvention(
            convention=self._convention,
            kind="lieu_partenaire",
            parties=(partner,),
            starts_on=today,
            ends_on=date(today.year + 3, today.month, 1),
        )
        lend = conventions.LendPremises(
            convention=self._convention, place=stage.new_id(), by=partner, weekly_minutes=240
        )
        agree = conventions.AgreeDeliverable(
            convention=self._convention, code="bilan_annuel", due_on=today + timedelta(days=365)
        )
        for command in (sign, lend):
            await stage.do(command, actor=self._keeper)
        (agreed,) = (await stage.do(agree, actor=self._keeper)).facts
        assert isinstance(agreed.fact, DeliverableAgreed)  # noqa: S101 - what is agreed
        self._deliverable = agreed.fact.deliverable
        await self._family(today, await self._structure("Service mandataire", "service"))

    async def deliver(self) -> None:
        """The yearly report is handed over in time."""
        if self._deliverable is not None:
            deliver = conventions.Deliver(
                convention=self._convention, deliverable=self._deliverable
            )
            await self._stage.do(deliver, actor=self._keeper)

    async def experiment(self) -> None:
        """Planned for 2019 and 2020, put off by a year; how it ended the source does not say."""
        stage = self._stage
        runs_it = await self._structure("Ergologic", "organisme_de_formation")
        experimentation = stage.new_id()
        opened = experimentations.OpenExperimentation(
            experimentation=experimentation,
            scheme="lieu_ressources",
            title=await stage.seal(experimentation, "title", "Lieu ressources de Gap"),
            structure=runs_it,
            territories=(HAUTES_ALPES,),
            starts_on=date(2019, 1, 1),
            ends_on=date(2020, 12, 31),
            review_due_on=date(2020, 10, 31),
            criteria=tuple(Criterion(code=code, figure=code) for code in CRITERIA),
            sentences=tuple(
                [await stage.seal(experimentation, "sentences", text) for text in CRITERIA.values()]
            ),
        )
        extended = experimentations.ExtendExperimentation(
            experimentation=experimentation, to_on=date(2021, 12, 31), reason="pandemie"
        )
        reviewed = [
            experimentations.ReviewCriterion(
                experimentation=experimentation,
                stage="interim",
                criterion=code,
                on=date(2020, 10, 31),
                assessment="not_assessed",
                reason="absent_de_la_source",
            )
            for code in CRITERIA
        ]
        for command in (opened, extended, *reviewed):
            await stage.do(command, actor=self._keeper)

    async def _family(self, today: date, helps: Subject) -> None:
        stage = self._stage
        helped, other = [PersonRef(await stage.register()) for _ in range(2)]
        household = FormHousehold(
            household=stage.new_id(),
            since=today,
            members=(Member(person=helped), Member(person=other)),
        )
        notice = GiveNotice(person=helped, version="information_1", on=today, means="paper")
        curator = AppointRepresentative(
            person=helped,
            representation=stage.new_id(),
            kind="curateur",
            representative=helps,
            representing="structure",
            since=today,
        )
        for command in (household, notice, curator):
            await stage.do(command, actor=self._files)

    async def _structure(self, called: str, kind: str) -> Subject:
        structure = self._stage.new_id()
        command = RegisterStructure(structure=structure, kinds=(kind,), called=called)
        await self._stage.do(command, actor=self._keeper)
        return structure
