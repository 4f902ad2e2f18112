"""What all nouns have in common."""

from pydantic import ConfigDict
from sqlmodel import SQLModel


class Noun(SQLModel):
    """Base of all nouns: frozen, and strict about the names of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")  # type: ignore[assignment]  # SQLModel's own type is wider
