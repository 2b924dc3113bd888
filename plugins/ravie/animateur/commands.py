"""What may be asked about who conducts a cycle."""

from typing import ClassVar

from core.domain.command import Code, Command, SubjectId


class DesignateAnimateur(Command, frozen=True, kw_only=True):
    """Takes the place of whoever conducted the cycle, for `reason` (`replaced` by default)."""

    name: ClassVar[str] = "ravie.designate_animateur"

    cycle: SubjectId
    animateur: SubjectId
    reason: Code = "replaced"


class EndAnimateur(Command, frozen=True, kw_only=True):
    """Nobody conducts the cycle until somebody else is designated."""

    name: ClassVar[str] = "ravie.end_animateur"

    cycle: SubjectId
    reason: Code
