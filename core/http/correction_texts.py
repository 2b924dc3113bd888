"""The free texts of a correction: plain in the request, tokens in the command."""

from typing import Any, Self

from core.domain.correction import FactCorrected
from core.domain.event import Fact, Recorded, person_of
from core.domain.sealed import Sealed, sealed_fields, tokens_of
from core.http.request import ApiRequest


class CorrectionTexts:
    """
    Seals the texts of one correction, under the key of the person its target is about, or of the
    stream. A field left as it was read holds a token, which is kept.
    """

    def __init__(
        self, request: ApiRequest, stream: str, target: Recorded[Any] | None, kept: set[Sealed]
    ) -> None:
        self._request = request
        self._target = target
        self._kept = kept
        person = None if target is None else person_of(target.fact)
        self._key_subject, self._about_person = person or stream, person is not None

    @classmethod
    async def of(cls, request: ApiRequest, stream: str, fact: str) -> Self:
        """For a fact of a stream; one that does not exist is for the command to refuse."""
        store = request.house.store
        history = (await store.load(request.tenant, [stream]))[stream]
        target = next((recorded for recorded in history if recorded.id == fact), None)
        kept = set[Sealed]()
        if target is not None:
            kept.update(tokens_of(target.fact))
        for recorded in history:
            if isinstance(recorded.fact, FactCorrected) and recorded.fact.fact == fact:
                corrected = store.registry.decode(
                    recorded.fact.corrected_name, recorded.fact.replacement
                )
                kept.update(tokens_of(corrected))
        return cls(request, stream, target, kept)

    async def note(self, text: str | None) -> Sealed | None:
        """The note's token."""
        if text is None or self._target is None:
            return None
        return await self._seal("note", text)

    async def replacement(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with its texts sealed; one of another shape is for the command to refuse."""
        if self._target is None:
            return body
        sealed = dict(body)
        fact: Fact = self._target.fact
        for field in sealed_fields(type(fact)):
            match body.get(field):
                case str(text):
                    sealed[field] = await self._seal(field, text)
                case [*texts] if all(isinstance(text, str) for text in texts):
                    sealed[field] = [await self._seal(field, text) for text in texts]
        return sealed

    async def _seal(self, field: str, text: str) -> Sealed:
        if text in self._kept:
            return Sealed(text)
        return await self._request.house.vault.seal(
            self._request.tenant, self._key_subject, field, text, person=self._about_person
        )
