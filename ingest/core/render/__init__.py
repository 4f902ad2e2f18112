"""A story in the formats that other tools read; FORMATS names them."""

from collections.abc import Callable
from dataclasses import dataclass

from ingest.core.render.csv_row import COLUMNS, csv_line, csv_row
from ingest.core.render.story_json import story_line
from ingest.core.render.text_document import SEPARATOR, document_name, text_document
from ingest.model import Story


@dataclass(frozen=True)
class Format:
    """How stories are written one after the other: `header`, then each rendered story, `between` two of them."""

    render: Callable[[Story], str]
    header: str = ""
    between: str = ""
    file_name: Callable[[Story], str] | None = None
    """Names the file of a story, where each can have its own in a folder."""


FORMATS: dict[str, Format] = {
    "jsonl": Format(render=lambda story: story_line(story) + "\n"),
    "csv": Format(render=lambda story: csv_line(csv_row(story)), header=csv_line(COLUMNS)),
    "text": Format(render=text_document, between=SEPARATOR, file_name=document_name),
}
"""Name as in `ingest export --format` → format."""
