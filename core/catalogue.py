"""Everything the installed modules declare, looked up by what one has in hand."""

from collections.abc import Iterable, Mapping
from typing import Any

from core.domain.command import Command
from core.domain.correction import CORRECTIONS, AnnulFact, CorrectFact
from core.domain.decider import Aggregate, Choices, Decision
from core.domain.event import Fact, FactRegistry
from core.domain.refusal import CORE_REFUSALS, Refused, sentence_for
from core.indicator import Indicator
from core.module import Module, Permission, Role
from core.projection import Projection

CORRECT_FACTS = Permission("core.correct_facts", "Corriger ou annuler un fait enregistré.")
READ_FACTS = Permission("core.read_facts", "Lire les faits tels qu'ils sont enregistrés.")
READ_INDICATORS = Permission("core.read_indicators", "Lire les indicateurs de la collectivité.")
READ_DEADLINES = Permission("core.read_deadlines", "Lire les échéances de ce que l'on consulte.")
READ_TENANT = Permission("core.read_tenant", "Lire les réglages et les modules de la collectivité.")

CORE_PERMISSIONS = (CORRECT_FACTS, READ_DEADLINES, READ_FACTS, READ_INDICATORS, READ_TENANT)

CORE_ROLES = (
    Role(
        code="auditeur",
        title="Auditeur",
        grants=(READ_FACTS.code, READ_INDICATORS.code, READ_TENANT.code),
    ),
)


class Catalogue:
    """The modules of an installation. Raises `ValueError` when two of them claim the same name."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self.modules: tuple[Module, ...] = tuple(sorted(modules, key=lambda module: module.name))
        self._decisions: dict[type[Command], Decision[Any, Any]] = {}
        self._module_of: dict[type[Command], Module] = {}
        self._aggregate_of: dict[type[Fact], Aggregate[Any]] = {}
        self._sentences: dict[str, str] = dict(CORE_REFUSALS)
        self._indicators: dict[tuple[str, int], Indicator] = {}
        self.default_settings: dict[str, Any] = {}
        for module in self.modules:
            self._add(module)
        self.choices = Choices(
            modules=frozenset(module.name for module in self.modules if not module.always_on),
            settings={
                setting.code: setting.kind for module in self.modules for setting in module.settings
            },
        )
        self.registry = FactRegistry(
            (*CORRECTIONS, *(fact for module in self.modules for fact in module.facts)),
            (upcaster for module in self.modules for upcaster in module.upcasters),
        )

    def _add(self, module: Module) -> None:
        for decision in module.decisions:
            _claim(self._decisions, decision.command, decision, module)
            self._module_of[decision.command] = module
        for aggregate in module.aggregates:
            for fact in aggregate.facts:
                _claim(self._aggregate_of, fact, aggregate, module)
        for code, sentence in module.refusals.items():
            _claim(self._sentences, code, sentence, module)
        for setting in module.settings:
            _claim(self.default_settings, setting.code, setting.default, module)
        for indicator in module.indicators:
            _claim(self._indicators, (indicator.name, indicator.version), indicator, module)

    @property
    def projections(self) -> tuple[Projection[Any], ...]:
        return tuple(item for module in self.modules for item in module.projections)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """Each indicator in its newest version."""
        newest: dict[str, Indicator] = {}
        for name, version in sorted(self._indicators):
            newest[name] = self._indicators[name, version]
        declared = (item.name for module in self.modules for item in module.indicators)
        return tuple(newest[name] for name in dict.fromkeys(declared))

    def indicator(self, name: str, version: int | None = None) -> Indicator:
        """An indicator in one of its versions, by default the newest; raises `LookupError`."""
        if version is not None:
            return self._indicators[name, version]
        versions = self.indicator_versions(name)
        if not versions:
            raise LookupError(name)
        return self._indicators[name, versions[-1]]

    def indicator_versions(self, name: str) -> list[int]:
        """The versions of an indicator that its module still declares, the newest last."""
        return sorted(version for known, version in self._indicators if known == name)

    @property
    def transfers(self) -> tuple[type[Fact], ...]:
        """Facts by which something came from another tenant, or went there."""
        return tuple(fact for module in self.modules for fact in module.transfers)

    @property
    def permissions(self) -> Mapping[str, Permission]:
        declared = (*CORE_PERMISSIONS, *(p for module in self.modules for p in module.permissions))
        return {permission.code: permission for permission in declared}

    @property
    def roles(self) -> Mapping[str, frozenset[str]]:
        """
        What each role is granted, by role code.

        Two modules that name the same role add to it: it is the same job in the same territory.
        """
        grants: dict[str, frozenset[str]] = {}
        for role in (*CORE_ROLES, *(role for module in self.modules for role in module.roles)):
            grants[role.code] = grants.get(role.code, frozenset()) | frozenset(role.grants)
        return grants

    @property
    def commands(self) -> Mapping[str, type[Command]]:
        """Every command by its stable name."""
        declared: tuple[type[Command], ...] = (AnnulFact, CorrectFact, *self._decisions)
        return {command.name: command for command in declared}

    def module(self, name: str) -> Module:
        """Raises `LookupError` when no such module is installed."""
        for module in self.modules:
            if module.name == name:
                return module
        raise LookupError(name)

    def module_of_command(self, command: type[Command]) -> Module | None:
        """The module that decides a command; None for corrections, which belong to all."""
        return self._module_of.get(command)

    def decision_for(self, command: type[Command]) -> Decision[Any, Any]:
        return self._decisions[command]

    def aggregate_of(self, fact: type[Fact]) -> Aggregate[Any] | None:
        """The kind of stream a fact belongs to."""
        return self._aggregate_of.get(fact)

    def correction_permission(self, aggregate: Aggregate[Any]) -> str:
        """Who may correct a stream of this kind."""
        del aggregate
        return CORRECT_FACTS.code

    def permissions_on(self, aggregate: Aggregate[Any]) -> frozenset[str]:
        """What any command on a stream of this kind asks for."""
        return frozenset(
            decision.permission
            for decision in self._decisions.values()
            if decision.aggregate is aggregate
        )

    def allowed_when_suspended(self, command: type[Command]) -> bool:
        """A suspended tenant accepts only what its own administration decides."""
        module = self._module_of.get(command)
        return module is not None and module.name == "tenants"

    def sentence(self, refused: Refused) -> str:
        """The French sentence of a refusal."""
        return sentence_for(refused, self._sentences)


def _claim(claims: dict[Any, Any], key: Any, value: Any, module: Module) -> None:
    if claims.setdefault(key, value) is not value and claims[key] != value:
        message = f"module {module.name}: {key} is already declared"
        raise ValueError(message)
