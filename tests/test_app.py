"""What the settings choose."""

from pathlib import Path

import pytest

from ingest.app import open_ports
from ingest.settings import load_settings


@pytest.mark.parametrize("asked", [False, True])
async def test_the_pipeline_is_told_whether_key_phrases_are_hashtags(tmp_path: Path, asked: bool) -> None:
    (tmp_path / "config").mkdir()
    settings = load_settings(tmp_path / "config", {"INGEST_HASHTAGS__BODY": str(asked).lower()})
    async with open_ports(settings, {}) as ports:
        assert ports.body_tags is asked
