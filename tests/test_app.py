"""What the settings choose."""

from pathlib import Path
from typing import get_args

import pytest

from ingest.app import open_ports
from ingest.cli.backfill import KINDS
from ingest.edge.archives import ARCHIVES
from ingest.model import ArchiveKind
from ingest.settings import load_settings


@pytest.mark.parametrize("asked", [False, True])
async def test_the_pipeline_is_told_whether_key_phrases_are_hashtags(tmp_path: Path, asked: bool) -> None:
    (tmp_path / "config").mkdir()
    settings = load_settings(tmp_path / "config", {"INGEST_HASHTAGS__BODY": str(asked).lower()})
    async with open_ports(settings, {}) as ports:
        assert ports.body_tags is asked


def test_the_command_line_names_the_archives_that_there_are() -> None:
    assert (tuple(ARCHIVES), get_args(ArchiveKind)) == (KINDS, KINDS)
