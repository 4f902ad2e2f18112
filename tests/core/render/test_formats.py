"""A story in each format, byte for byte."""

from pathlib import Path

import pytest

from ingest.core.render import FORMATS
from ingest.model import Story

DOCUMENTS = {"jsonl": "story.jsonl", "csv": "story.csv", "text": "story.txt"}


@pytest.mark.parametrize(("name", "file"), DOCUMENTS.items())
def test_a_story_equals_its_golden_document(name: str, file: str, story: Story, golden: Path) -> None:
    written = FORMATS[name].header + FORMATS[name].render(story)
    assert written.encode() == (golden / file).read_bytes()


def test_every_format_has_its_golden_document() -> None:
    assert set(FORMATS) == set(DOCUMENTS)


def test_documents_in_one_stream_are_parted_by_a_line_with_a_form_feed(story: Story) -> None:
    stream = FORMATS["text"].between.join([FORMATS["text"].render(story)] * 2)
    assert stream.split("\n").count("\f") == 1


def test_only_documents_have_files_of_their_own(story: Story) -> None:
    named = {name for name, each in FORMATS.items() if each.file_name}
    assert named == {"text"}
