"""What may be asked of a link."""

from typing import ClassVar

from core.domain.command import Code, Command, PersonRef, SubjectId, Token


class LinkExternalId(Command, frozen=True, kw_only=True):
    """`external_id` is under the key of the person, or of the thing."""

    name: ClassVar[str] = "external_ids.link_external_id"

    link: SubjectId
    kind: Code
    source: Code
    external_id: Token
    person: PersonRef | None = None
    thing: SubjectId | None = None
