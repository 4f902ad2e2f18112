"""The story that is rendered, and what should become of it."""

from pathlib import Path

import pytest

from ingest.model import Story

GOLDEN = Path(__file__).parents[2] / "golden" / "render"


@pytest.fixture
def story() -> Story:
    """A story with all fields in use."""
    return Story.model_validate_json((GOLDEN / "story.json").read_bytes())


@pytest.fixture
def golden() -> Path:
    """The folder of documents that the story should give."""
    return GOLDEN
