"""The closed lists of a follow-up wave."""

from typing import Literal, TypeAlias

Channel: TypeAlias = Literal["phone", "email", "sms", "post", "in_person"]

NoAnswer: TypeAlias = Literal["declined", "unreachable"]
"""Declined: they were reached and would rather not; unreachable: nobody answered."""
