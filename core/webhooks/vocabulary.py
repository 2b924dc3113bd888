"""The closed lists of webhooks."""

from typing import Annotated, Literal

import msgspec

Status = Literal["active", "paused", "removed"]

FactNames = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z0-9_]{1,40}\.(\*|[a-z0-9_]{1,80}\.v[0-9]{1,3})$",
        description="Nom d'un fait, ou tous ceux d'un module (« ravie.* »).",
        examples=["ravie.*"],
    ),
]
"""A stored name, or those that begin with the name of a module."""


def module_of(names: str) -> str | None:
    """The module all of whose facts are meant, None when it is one fact."""
    return names.removesuffix(".*") if names.endswith(".*") else None
