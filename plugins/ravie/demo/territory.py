"""What a territory's cycles stand on: relais and their partners, a theme of its own, a model."""

import msgspec

from core.domain.event import PersonId, Subject
from core.registers.professionals.commands import RecordTraining, RegisterProfessional
from core.registers.structures.commands import RegisterStructure
from core.stage import Stage
from plugins.ravie.demo.words import OWN_THEMES, PARTNERS, RELAIS
from plugins.ravie.programme import commands as programme
from plugins.ravie.programme.events import Deviation
from plugins.ravie.relais import commands as relais

TRAINED = 0.8
"""How many animateurs followed the training when the play begins."""


class Team(msgspec.Struct):
    """Who animates and speaks in one territory, where, on what, and who has already come."""

    coordination: Subject
    animateurs: list[Subject]
    experts: list[Subject]
    places: list[Subject]
    relais: list[Subject]
    themes: list[str]
    known: list[PersonId]


class TerritoryStory:
    """The first day of a territory: everything that its cycles will name."""

    def __init__(self, stage: Stage, team: Team) -> None:
        self._stage = stage
        self._team = team
        self._chance = stage.chance
        self._coordination = team.coordination
        self._registers = stage.new_id()
        stage.cast(self._registers, "registres.gestion")

    async def begin(self) -> None:
        partners = [await self._structure(name, kind) for name, kind, _ in PARTNERS]
        runs_it = await self._structure("Organisme de formation du territoire", "training_body")
        for number, relais_id in enumerate(self._team.relais):
            await self._open(relais_id, RELAIS[number], runs_it)
            for structure, (_, _, role) in zip(partners, PARTNERS, strict=True):
                if self._chance.random() < 0.6:
                    attach = relais.AttachPartner(relais=relais_id, structure=structure, role=role)
                    await self._stage.do(attach, actor=self._coordination)
        await self._declare()
        await self._adopt()
        for animateur in self._team.animateurs:
            await self._train(animateur, runs_it)

    async def _structure(self, name: str, kind: str) -> Subject:
        structure = self._stage.new_id()
        command = RegisterStructure(structure=structure, kinds=(kind,), called=name)
        await self._stage.do(command, actor=self._registers)
        return structure

    async def _open(self, relais_id: Subject, name: str, runs_it: Subject) -> None:
        place = self._chance.choice(self._team.places)
        command = relais.OpenRelais(relais=relais_id, title=name, structure=runs_it, place=place)
        await self._stage.do(command, actor=self._coordination)

    async def _declare(self) -> None:
        """One theme that the territory adds to those on offer."""
        code, title, competences = self._chance.choice(OWN_THEMES)
        command = programme.DeclareTheme(
            theme=code,
            title=title,
            referentiel="assistants-de-vie",
            referentiel_version=1,
            competences=competences,
        )
        await self._stage.do(command, actor=self._coordination)
        self._team.themes.append(code)

    async def _adopt(self) -> None:
        """Most follow the national model, some with larger groups; a few go their own way."""
        fate = self._chance.random()
        if fate > 0.8:
            return
        larger = Deviation(setting="capacity_max", value=10, reason="waiting_lists")
        command = programme.AdoptModel(
            model="national-5x3", version=1, deviations=(larger,) if fate < 0.25 else ()
        )
        await self._stage.do(command, actor=self._coordination)

    async def _train(self, animateur: Subject, by: Subject) -> None:
        """An animateur is a professional of the register; most of them were trained."""
        person = await self._stage.register()
        register = RegisterProfessional(
            professional=animateur, person=person, structure=by, function="animateur"
        )
        await self._stage.do(register, actor=self._registers)
        if self._chance.random() < TRAINED:
            followed = RecordTraining(professional=animateur, training="animation_ravie")
            await self._stage.do(followed, actor=self._registers)
